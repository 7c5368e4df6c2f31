package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.process.TopicReader.Repetition;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two workers that share a connector are killed again and again while it reads a backlog and
 * follows live calls without transactions. The names of the connectors, with which every message
 * begins, hold the seed.
 */
@Tag("slow")
class AtLeastOnceCrashIT {
  private static final Duration FLUSH_INTERVAL = Duration.ofSeconds(2);

  /** After so long a flush is given up. */
  private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);

  /** Records leave one by one, so that a flush may come in the middle of a window. */
  private static final Map<String, String> ONE_BY_ONE =
      Map.of(
          "page.size",
          "20",
          "producer.override.batch.size",
          "0",
          "producer.override.max.in.flight.requests.per.connection",
          "1");

  @Test
  void withoutExactlyOnceOnlyWhatWasNotFlushedComesAgain() {
    int calls = 20_000;
    Map<String, String> settings =
        Map.of(
            "exactly.once.source.support",
            "disabled",
            "offset.flush.interval.ms",
            Long.toString(FLUSH_INTERVAL.toMillis()),
            "offset.flush.timeout.ms",
            Long.toString(FLUSH_TIMEOUT.toMillis()));
    try (CrashBacklog backlog = new CrashBacklog(calls);
        LocalCluster cluster = CrashBacklog.cluster("at-least-once", settings)) {
      backlog.keepBackTheLast(2);
      Instant end = CrashBacklog.endIn(Duration.ofSeconds(60));
      try (ConnectorRun run = backlog.start(cluster, end, ONE_BY_ONE);
          AuditTrail audits = backlog.audits(cluster, run, end)) {
        Crashes crashes = new Crashes(cluster, run, backlog.seed());
        crashes.strike(4);
        backlog.keepBackTheLast(1);
        run.awaitRunning();
        int enough = run.topic().count() + 1_000;
        run.await("more calls have come since", () -> run.topic().count() >= enough);
        cluster.stopWorkers();
        run.topic().read();
        assertThat(run.topic().count()).as("calls in mid-backlog of %s", run).isLessThan(calls);
        backlog.showAll();
        cluster.startWorkersAgain();

        run.await("all of the range is settled", audits::coversAll);
        // Without a transaction, the audit of a window may be there before its calls.
        run.await(
            "the calls are there", () -> run.topic().distinct().containsAll(backlog.ids(end)));
        run.stop();

        assertThat(run.topic().distinct()).as("ids in %s", run).isEqualTo(backlog.ids(end));
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
}
