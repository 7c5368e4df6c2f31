package io.callrecords.connect.demo;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.LiveCalls;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The simulated API: two days of calls, and from some moment on a new one every two seconds. */
final class DemoApi implements AutoCloseable {
  private static final Duration HISTORY = Duration.ofDays(2);

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration SINCE_HISTORY = Duration.ofHours(4);

  private static final Duration LATE_ARRIVAL = Duration.ofHours(1);
  private static final int LIVE_CALLS_PER_MINUTE = 30;

  /** So many requests a second that the backlog takes long enough to be seen, and not longer. */
  private static final int BACKLOG_SECONDS = 12;

  private static final int PAGE_SIZE = 100;
  private static final int LIVE_REQUESTS = 4;

  private final Simulator simulator;
  private final Instant start;
  private final int calls;
  private @Nullable LiveCalls live;

  private DemoApi(Simulator simulator, Instant start, int calls) {
    this.simulator = simulator;
    this.start = start;
    this.calls = calls;
  }

  /**
   * Starts it.
   *
   * @param calls how many calls the two days have
   * @param seed decides all that is made up
   */
  static DemoApi start(int calls, long seed) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant start = now.minus(HISTORY);
    Simulator simulator =
        Simulator.builder()
            .seed(seed)
            .credentials("demo-key", "demo-secret")
            .calls(calls, start, now.minus(SINCE_HISTORY))
            .journal(Journal.countersOnly())
            .start();
    return new DemoApi(simulator, start, calls);
  }

  /** The base address. */
  String url() {
    return simulator.url();
  }

  /** The settings of a connector that reads it at a pace that people can watch. */
  Map<String, String> settings(String topic) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    settings.put("tasks.max", "2");
    settings.put("api.url", simulator.url());
    settings.put("api.key", simulator.key());
    settings.put("api.secret", simulator.secret());
    settings.put("topic", topic);
    settings.put("start.time", start.toString());
    settings.put("poll.interval.ms", "1000");
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL.toMillis()));
    settings.put(
        "requests.per.second",
        Integer.toString(LIVE_REQUESTS + calls / PAGE_SIZE / BACKLOG_SECONDS));
    return settings;
  }

  /** The ids of all calls that it shows now. */
  Set<String> visible() {
    return simulator.ids();
  }

  void beginLiveCalls() {
    live = simulator.live(LIVE_CALLS_PER_MINUTE);
  }

  /** Lets no further call start; one that goes on still appears when it ends. */
  void endLiveCalls() {
    LiveCalls calls = live;
    if (calls != null) {
      calls.close();
    }
  }

  @Override
  public void close() {
    simulator.close();
  }
}
