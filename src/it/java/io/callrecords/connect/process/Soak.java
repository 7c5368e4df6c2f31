package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.SoakSample.Level;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A small worker reads a large backlog and follows live calls, while a quarter of all answers go
 * wrong and the worker is restarted now and then. What it holds is measured all the time and has to
 * stay level, and in the end the topic has each call once, by what the account has as by what the
 * command {@code reconcile} says. The name of the connector, with which every message begins, holds
 * the seed.
 *
 * <p>It takes a quarter of an hour, so {@code mvn verify} leaves it out: {@code mvn -Psoak verify}.
 */
class Soak {
  private static final int CALLS = Integer.getInteger("soak.calls", 500_000);
  private static final int MEGABYTES = 256;
  private static final double FAULTS = .25;
  private static final int REQUESTS_PER_SECOND = 12;
  private static final int LIVE_PER_MINUTE = 120;

  /** What so many requests a second bring in the end, with all that go wrong. */
  private static final int CALLS_PER_SECOND = 750;

  /** The worker is restarted whenever so many calls more are there, until half of them are. */
  private static final int CALLS_PER_LIFE = CALLS / 10;

  private static final int RESTARTS = 5;

  /** Towards the end of the backlog some of the tasks have nothing left to read. */
  private static final int CALLS_UNTIL_TASKS_REST = CALLS / 10 * 9;

  private static final Duration HISTORY = Duration.ofDays(50);

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration LONGEST_CALL = Duration.ofHours(4);

  /** A live call takes ten seconds at most, and appears at most so long after its end. */
  private static final Duration LONGEST_LAG = Duration.ofSeconds(10);

  private static final Duration LATE_ARRIVAL = Duration.ofSeconds(30);
  private static final Duration BETWEEN_SAMPLES = Duration.ofSeconds(5);

  private final long seed = Long.getLong("soak.seed", new Random().nextInt(Integer.MAX_VALUE));
  private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Instant start = begin.minus(HISTORY);
  private final Instant end = begin.plusSeconds(60 + CALLS / CALLS_PER_SECOND);
  private final List<SoakSample> samples = new ArrayList<>();
  private final Simulator simulator =
      Simulator.builder()
          .seed(seed)
          .quirks(Quirks.newBuilder().lag(Duration.ZERO, LONGEST_LAG).build())
          .start();

  private int restarts;
  private Instant servesSince = begin;
  private Instant nextSample = begin;

  @AfterEach
  void closeAccount() {
    simulator.close();
  }

  @Test
  @Timeout(value = 45, unit = TimeUnit.MINUTES)
  void staysLevelAndBringsEachCallOnce() {
    Instant historyEnd = begin.minus(LONGEST_CALL);
    simulator.store().addAll(simulator.generator().realistic(CALLS, start, historyEnd));
    goWrong();
    try (LocalCluster cluster = LocalCluster.start("soak", 1, MEGABYTES, workerSettings());
        ConnectorRun run = start(cluster);
        AuditTrail audits =
            new AuditTrail(cluster.broker().bootstrapServers(), run + "-audit", start, end)) {
      run.expectCrashes();
      servesSince = Instant.now();
      for (restarts = 0; restarts < RESTARTS; restarts++) {
        int enough = (restarts + 1) * CALLS_PER_LIFE;
        watch(run, cluster.worker(), () -> run.topic().count() >= enough);
        restart(cluster.worker());
      }
      watch(run, cluster.worker(), audits::coversAll);
      String printed = cluster.worker().printed();
      run.stop();
      run.await("the audit topic is read to its end", audits::readToEnd);

      // Before the comparison, whose requests are not the worker's.
      SoakReport report = report();
      expectAllOnce(cluster, run, audits);
      assertThat(printed).doesNotContain("OutOfMemoryError");
      report.write();
      report.levels().forEach(Soak::expectLevel);
      report.publish();
    }
  }

  /** Arms all that the simulator knows to pass by itself. */
  private void goWrong() {
    simulator.faults().share(FAULTS);
  }

  private static Map<String, String> workerSettings() {
    return Map.of(
        "session.timeout.ms", "6000",
        "heartbeat.interval.ms", "1000",
        // Half a million values would mostly be schemas.
        "value.converter.schemas.enable", "false");
  }

  private ConnectorRun start(LocalCluster cluster) {
    simulator.live(LIVE_PER_MINUTE);
    String topic = "soak-seed-" + seed;
    Map<String, String> settings =
        Map.of(
            "tasks.max",
            "3",
            "start.time",
            start.toString(),
            "end.time",
            end.toString(),
            "late.arrival.ms",
            Long.toString(LATE_ARRIVAL.toMillis()),
            "poll.interval.ms",
            "2000",
            "requests.per.second",
            Integer.toString(REQUESTS_PER_SECOND),
            "audit.topic",
            topic + "-audit",
            // What a crash leaves open stands in the way until then.
            "producer.override.transaction.timeout.ms",
            "10000");
    return ConnectorRun.start(cluster, topic, simulator, settings);
  }

  /** Takes samples until something holds, which is looked at after each of them. */
  private void watch(ConnectorRun run, WorkerProcess worker, BooleanSupplier over) {
    do {
      run.await("a sample is due", () -> !Instant.now().isBefore(nextSample));
      sample(run, worker);
    } while (!over.getAsBoolean());
  }

  private void sample(ConnectorRun run, WorkerProcess worker) {
    Instant now = Instant.now();
    nextSample = now.plus(BETWEEN_SAMPLES);
    int calls = run.topic().count();
    SoakSample sample =
        new SoakSample(
            Duration.between(begin, now),
            restarts,
            Duration.between(servesSince, now),
            calls < CALLS_UNTIL_TASKS_REST,
            calls,
            Gauge.read(worker.id()));
    samples.add(sample);
    System.out.println(SoakReport.row(sample));
  }

  /** By a signal that it cannot see, or as an operator does, in turn. */
  private void restart(WorkerProcess worker) {
    if (restarts % 2 == 0) {
      worker.kill();
    } else {
      worker.askToEnd();
      worker.awaitEnd();
    }
    worker.startAgain();
    servesSince = Instant.now();
  }

  private SoakReport report() {
    return new SoakReport(
        samples,
        CALLS,
        simulator.store().visibleIds(simulator.now(), start, end).size(),
        MEGABYTES,
        simulator.journal().count(),
        simulator.journal().faults());
  }

  private static void expectLevel(SoakReport.Course course) {
    Level level = course.level();
    assertThat(course.last())
        .as("%s at last, after %s at first", level.title(), level.show(course.first()))
        .isLessThanOrEqualTo(course.first() + level.tolerance());
  }

  private void expectAllOnce(LocalCluster cluster, ConnectorRun run, AuditTrail audits) {
    Set<String> ids = simulator.store().visibleIds(simulator.now(), start, end);
    assertThat(ids).as("ids of %s", run).hasSizeGreaterThan(CALLS);
    assertThat(run.topic().distinct().equals(ids)).as("%s has the ids of the API", run).isTrue();
    assertThat(run.topic().repeated()).as("ids that came twice to %s", run).isEmpty();
    audits.expectNoGapsAndNoOverlaps();
    assertThat(audits.emitted()).as("calls that %s vouches for", run).isEqualTo(ids.size());
    assertThat(audits.late()).as("calls that came late to %s", run).isPositive();
    // What the topic holds is compared here, and not once more how an API that fails is read.
    simulator.faults().share(0);
    ReconcileOracle.expectAllWell(cluster, run.toString(), start, end, ids.size());
  }
}
