package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.TopicReader.Repetition;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two workers that share a connector are killed again and again while it reads a backlog and
 * follows live calls. The names of the connectors, with which every message begins, hold the seed.
 */
class CrashIT {
  private static final Duration HISTORY = Duration.ofDays(5);
  private static final int LIVE_PER_MINUTE = 120;

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration LONGEST_CALL = Duration.ofHours(4);

  /** A live call takes ten seconds at most, and appears at most so long after its end. */
  private static final Duration LONGEST_LAG = Duration.ofSeconds(10);

  private static final Duration LATE_ARRIVAL = Duration.ofSeconds(30);

  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(2);

  /** After so long a flush is given up. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

  /** Small windows; and what a crash leaves open stands in the way until then. */
  private static final Map<String, String> EXACTLY_ONCE =
      Map.of("page.size", "10", "producer.override.transaction.timeout.ms", "10000");

  /** Records leave one by one, so that a flush may come in the middle of a window. */
  private static final Map<String, String> ONE_BY_ONE =
      Map.of(
          "page.size",
          "20",
          "producer.override.batch.size",
          "0",
          "producer.override.max.in.flight.requests.per.connection",
          "1");

  private final long seed = Long.getLong("crash.seed", new Random().nextInt(Integer.MAX_VALUE));
  private final Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(HISTORY);
  private final Simulator simulator =
      Simulator.builder()
          .seed(seed)
          .quirks(Quirks.newBuilder().lag(Duration.ZERO, LONGEST_LAG).build())
          .start();

  @AfterEach
  void closeAccount() {
    simulator.close();
  }

  @Test
  void workersThatAreKilledLoseAndRepeatNothing() {
    int calls = 8_000;
    addHistory(calls);
    keepBackTheLastTwoDays();
    try (LocalCluster cluster = cluster("exactly-once", Map.of())) {
      Instant end = endIn(Duration.ofSeconds(90));
      try (ConnectorRun run = start(cluster, end, EXACTLY_ONCE);
          AuditTrail audits = audits(cluster, run, end)) {
        Crashes crashes = new Crashes(cluster, run, seed);
        run.expectCrashes();
        crashes.strike(10);
        assertThat(run.topic().count()).as("calls in mid-backlog of %s", run).isLessThan(calls);
        simulator.faults().clear();

        run.await("all of the range is settled", audits::coversAll);
        run.stop();
        run.await("the audit topic is read to its end", audits::readToEnd);

        Set<String> ids = ids(end);
        assertThat(ids).as("ids of %s", run).hasSizeGreaterThan(calls);
        assertThat(run.topic().distinct()).as("ids in %s", run).isEqualTo(ids);
        assertThat(run.topic().repeated()).as("ids that came twice to %s", run).isEmpty();
        audits.expectNoGapsAndNoOverlaps();
        assertThat(audits.emitted()).as("calls that %s vouches for", run).isEqualTo(ids.size());
        assertThat(audits.late()).as("calls that came late to %s", run).isPositive();
      }
    }
  }

  @Test
  @Tag("slow")
  void withoutExactlyOnceOnlyWhatWasNotFlushedComesAgain() {
    int calls = 20_000;
    addHistory(calls);
    Map<String, String> settings =
        Map.of(
            "exactly.once.source.support",
            "disabled",
            "offset.flush.interval.ms",
            Long.toString(FLUSH_INTERVAL.toMillis()),
            "offset.flush.timeout.ms",
            Long.toString(FLUSH_TIMEOUT.toMillis()));
    try (LocalCluster cluster = cluster("at-least-once", settings)) {
      Instant end = endIn(Duration.ofSeconds(60));
      try (ConnectorRun run = start(cluster, end, ONE_BY_ONE);
          AuditTrail audits = audits(cluster, run, end)) {
        Crashes crashes = new Crashes(cluster, run, seed);
        crashes.strike(4);
        run.awaitRunning();
        int enough = run.topic().count() + 1_000;
        run.await("more calls have come since", () -> run.topic().count() >= enough);
        cluster.stopWorkers();
        run.topic().read();
        assertThat(run.topic().count()).as("calls in mid-backlog of %s", run).isLessThan(calls);
        cluster.startWorkersAgain();

        run.await("all of the range is settled", audits::coversAll);
        run.stop();

        assertThat(run.topic().distinct()).as("ids in %s", run).isEqualTo(ids(end));
        assertThat(run.topic().repetitions())
            .as("records that came twice to %s", run)
            .allMatch(Repetition::same, "with the same value")
            .allMatch(
                again -> crashes.cameWithin(FLUSH_INTERVAL.plus(FLUSH_TIMEOUT), again.sentAt()),
                "sent since the last flush before a crash")
            .noneMatch(again -> again.sentAt().isAfter(crashes.last()), "stopped gracefully");
      }
    }
  }

  private void addHistory(int calls) {
    Instant end = start.plus(HISTORY).minus(LONGEST_CALL);
    simulator.store().addAll(simulator.generator().realistic(calls, start, end));
  }

  /** So there is a middle of the backlog to crash in, however slow the machine is. */
  private void keepBackTheLastTwoDays() {
    Instant end = start.plus(HISTORY).minus(LONGEST_CALL);
    Instant shown = end.minus(Duration.ofDays(2));
    simulator
        .faults()
        .when(
            request ->
                request.from() != null
                    && request.from().isBefore(end)
                    && request.to() != null
                    && request.to().isAfter(shown),
            Fault.http(500));
  }

  private static LocalCluster cluster(String name, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    // The group learns soon that a worker is gone.
    all.put("session.timeout.ms", "4000");
    all.put("heartbeat.interval.ms", "500");
    return LocalCluster.start("crash-" + name, 2, all);
  }

  private static Instant endIn(Duration length) {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(length);
  }

  /** Starts a connector for the range until some moment that is yet to come, and live calls. */
  private ConnectorRun start(LocalCluster cluster, Instant end, Map<String, String> others) {
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

  private AuditTrail audits(LocalCluster cluster, ConnectorRun run, Instant end) {
    return new AuditTrail(cluster.broker().bootstrapServers(), run + "-audit", start, end);
  }

  /** The ids of the calls that the range should have brought. */
  private Set<String> ids(Instant end) {
    return simulator.store().visibleIds(simulator.now(), start, end);
  }
}
