package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two workers that share a connector are killed again and again while it reads a backlog and
 * follows live calls, with exactly-once delivery. The names of the connectors, with which every
 * message begins, hold the seed.
 */
@Tag("slow")
class CrashIT {
  /** Small windows; and what a crash leaves open stands in the way until then. */
  private static final Map<String, String> EXACTLY_ONCE =
      Map.of("page.size", "10", "producer.override.transaction.timeout.ms", "10000");

  @Test
  void workersThatAreKilledLoseAndRepeatNothing() {
    int calls = 8_000;
    try (CrashBacklog backlog = new CrashBacklog(calls);
        LocalCluster cluster = CrashBacklog.cluster("exactly-once", Map.of())) {
      backlog.keepBackTheLast(2);
      Instant end = CrashBacklog.endIn(Duration.ofSeconds(90));
      try (ConnectorRun run = backlog.start(cluster, end, EXACTLY_ONCE);
          AuditTrail audits = backlog.audits(cluster, run, end)) {
        Crashes crashes = new Crashes(cluster, run, backlog.seed());
        run.expectCrashes();
        crashes.strike(10);
        assertThat(run.topic().count()).as("calls in mid-backlog of %s", run).isLessThan(calls);
        backlog.showAll();

        run.await("all of the range is settled", audits::coversAll);
        run.stop();
        run.await("the audit topic is read to its end", audits::readToEnd);

        Set<String> ids = backlog.ids(end);
        assertThat(ids).as("ids of %s", run).hasSizeGreaterThan(calls);
        assertThat(run.topic().distinct()).as("ids in %s", run).isEqualTo(ids);
        assertThat(run.topic().repeated()).as("ids that came twice to %s", run).isEmpty();
        audits.expectNoGapsAndNoOverlaps();
        assertThat(audits.emitted()).as("calls that %s vouches for", run).isEqualTo(ids.size());
        assertThat(audits.late()).as("calls that came late to %s", run).isPositive();
        ReconcileOracle.expectAllWell(cluster, run.toString(), backlog.start(), end, ids.size());
      }
    }
  }
}
