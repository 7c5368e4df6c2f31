package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/**
 * Proves that checks follow one another whatever becomes of them, and end when they are told to.
 */
// A monitor works until it is closed; nothing is said to it.
@SuppressWarnings("try")
class ReassignmentMonitorTest {
  private static final Duration SOON = Duration.ofMillis(1);
  private static final String NAME = "call-records-monitored-plan";

  private final AtomicInteger checks = new AtomicInteger();

  @Test
  void checksAgainAndAgainOnAThreadOfItsOwn() {
    List<String> threads = new CopyOnWriteArrayList<>();
    try (ReassignmentMonitor monitor =
        new ReassignmentMonitor(NAME, SOON, () -> threads.add(Thread.currentThread().getName()))) {
      await().atMost(TimeLimits.LONG).until(() -> threads.size() > 3);
    }

    assertThat(threads).containsOnly(NAME);
  }

  @Test
  void aCheckThatFailsIsLoggedAndTheNextOneFollows() {
    try (LogCapture log = new LogCapture(ReassignmentMonitor.class);
        ReassignmentMonitor monitor =
            new ReassignmentMonitor(
                NAME,
                SOON,
                () -> {
                  if (checks.incrementAndGet() < 3) {
                    throw new IllegalStateException("Kafka is away");
                  }
                })) {
      await().atMost(TimeLimits.LONG).until(() -> checks.get() > 5);

      assertThat(log.lines())
          .hasSize(2)
          .allMatch(line -> line.startsWith("WARN The stored offsets could not be read"))
          .allMatch(line -> line.contains("Kafka is away"));
    }
  }

  @Test
  void endsItsThreadWhenItIsClosed() {
    ReassignmentMonitor monitor = new ReassignmentMonitor(NAME, SOON, checks::incrementAndGet);
    await().atMost(TimeLimits.LONG).until(() -> checks.get() > 0);

    monitor.close();

    await().atMost(TimeLimits.LONG).until(() -> !isRunning());
    int last = checks.get();
    assertThat(checks).hasValue(last);
  }

  /** A standalone worker stops the connector on the thread of the check that asked for it. */
  @Test
  void canBeClosedByACheckWhichIsNotDisturbed() throws InterruptedException {
    CountDownLatch closed = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    AtomicReference<ReassignmentMonitor> monitor = new AtomicReference<>();
    CountDownLatch ready = new CountDownLatch(1);
    try (LogCapture log = new LogCapture(ReassignmentMonitor.class)) {
      monitor.set(
          new ReassignmentMonitor(
              NAME,
              SOON,
              () -> {
                awaitQuietly(ready);
                checks.incrementAndGet();
                monitor.get().close();
                interrupted.set(Thread.currentThread().isInterrupted());
                closed.countDown();
                // A worker that shuts down makes what follows fail, which is of no interest.
                throw new IllegalStateException("The worker is closed");
              }));
      ready.countDown();
      closed.await();

      await().atMost(TimeLimits.LONG).until(() -> !isRunning());
      assertThat(checks).hasValue(1);
      assertThat(interrupted).isFalse();
      assertThat(log.lines()).isEmpty();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isRunning() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals(NAME));
  }
}
