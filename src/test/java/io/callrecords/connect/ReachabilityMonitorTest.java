package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.ReachabilityMonitor.ReachabilityTimes;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Proves what is reported of an API that cannot be reached, and when. */
class ReachabilityMonitorTest {
  private static final Duration INTERVAL = Duration.ofMillis(1);

  private final AtomicInteger attempts = new AtomicInteger();
  private final Queue<String> reports = new ConcurrentLinkedQueue<>();
  private volatile @Nullable String problem = "api.url: no connection";

  private ReachabilityMonitor start(int limit) {
    return new ReachabilityMonitor(
        "calls",
        new ReachabilityTimes(INTERVAL, INTERVAL.multipliedBy(limit)),
        () -> {
          attempts.incrementAndGet();
          return problem;
        },
        reports::add);
  }

  @Test
  void reportsOnceWhatLasts() {
    try (ReachabilityMonitor monitor = start(20)) {
      assertThat(monitor).isNotNull();
      await().atMost(TimeLimits.LONG).until(() -> attempts.get() > 60);

      assertThat(reports).containsExactly("api.url: no connection");
    }
  }

  @Test
  void reportsNothingOfAShortOutage() {
    try (ReachabilityMonitor monitor = start(1_000_000)) {
      assertThat(monitor).isNotNull();
      await().atMost(TimeLimits.LONG).until(() -> attempts.get() > 10);
      problem = null;
      await().atMost(TimeLimits.LONG).until(() -> threads() == 0);

      assertThat(reports).isEmpty();
    }
  }

  @Test
  void saysWhenTheApiCanBeReachedAfterAll() {
    try (LogCapture log = new LogCapture(ReachabilityMonitor.class);
        ReachabilityMonitor monitor = start(0)) {
      assertThat(monitor).isNotNull();
      await().atMost(TimeLimits.LONG).until(() -> !reports.isEmpty());
      problem = null;
      await().atMost(TimeLimits.LONG).until(() -> !log.lines().isEmpty());

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("INFO calls: the API can be reached now.");
    }
  }

  @Test
  void leavesNoThread() {
    start(10).close();

    await().atMost(TimeLimits.LONG).until(() -> threads() == 0);
  }

  private static long threads() {
    return threads("calls");
  }

  /** How many threads try to reach the API of a connector. */
  static long threads(String connector) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("call-records-reachability-" + connector))
        .count();
  }
}
