package io.callrecords.connect.process;

import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** A backlog and live calls for two workers that share a connector and are killed. */
final class CrashBacklog implements AutoCloseable {
  private static final Duration HISTORY = Duration.ofDays(5);
  private static final int LIVE_PER_MINUTE = 120;

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration LONGEST_CALL = Duration.ofHours(4);

  /** A live call takes ten seconds at most, and appears at most so long after its end. */
  private static final Duration LONGEST_LAG = Duration.ofSeconds(10);

  private static final Duration LATE_ARRIVAL = Duration.ofSeconds(30);

  private final long seed = Long.getLong("crash.seed", new Random().nextInt(Integer.MAX_VALUE));
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(HISTORY);
  private final Simulator simulator =
      Simulator.builder()
          .seed(seed)
          .quirks(Quirks.newBuilder().lag(Duration.ZERO, LONGEST_LAG).build())
          .start();

  CrashBacklog(int calls) {
    simulator.store().addAll(simulator.generator().realistic(calls, start, historyEnd()));
  }

  /** What the workers, and the order of the crashes, are drawn from. */
  long seed() {
    return seed;
  }

  /** Where the range begins. */
  Instant start() {
    return start;
  }

  private Instant historyEnd() {
    return start.plus(HISTORY).minus(LONGEST_CALL);
  }

  /**
   * So there is a middle of the backlog to crash in, however slow the machine is.
   *
   * @param days how many days the API does not return, in the place of those before
   */
  void keepBackTheLast(int days) {
    Instant end = historyEnd();
    Instant shown = end.minus(Duration.ofDays(days));
    simulator
        .faults()
        .clear()
        .when(
            request ->
                request.from() != null
                    && request.from().isBefore(end)
                    && request.to() != null
                    && request.to().isAfter(shown),
            Fault.http(500));
  }

  /** Has the API return what was kept back. */
  void showAll() {
    simulator.faults().clear();
  }

  /** Starts two workers that soon learn that the other is gone. */
  static LocalCluster cluster(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("session.timeout.ms", "4000");
    all.put("heartbeat.interval.ms", "500");
    return LocalCluster.start("crash-" + name, 2, all);
  }

  /** The end of a range that lasts into the future. */
  static Instant endIn(Duration length) {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(length);
  }

  /** Starts a connector for the range until some moment that is yet to come, and live calls. */
  ConnectorRun start(LocalCluster cluster, Instant end, Map<String, String> others) {
    simulator.live(LIVE_PER_MINUTE);
    String topic = "crash-seed-" + seed;
    Map<String, String> settings = new HashMap<>(others);
    settings.put("tasks.max", "3");
    settings.put("start.time", start.toString());
    settings.put("end.time", end.toString());
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL.toMillis()));
    settings.put("poll.interval.ms", "2000");
    settings.put("requests.per.second", "20");
    settings.put("audit.topic", topic + "-audit");
    return ConnectorRun.start(cluster, topic, simulator, settings);
  }

  /** The audit records of the range. */
  AuditTrail audits(LocalCluster cluster, ConnectorRun run, Instant end) {
    return new AuditTrail(cluster.broker().bootstrapServers(), run + "-audit", start, end);
  }

  /** The ids of the calls that the range should have brought. */
  Set<String> ids(Instant end) {
    return simulator.store().visibleIds(simulator.now(), start, end);
  }

  @Override
  public void close() {
    simulator.close();
  }
}
