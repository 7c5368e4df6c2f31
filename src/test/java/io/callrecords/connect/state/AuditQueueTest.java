package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves that each end of a window is audited once, and logged whether it is audited or not. */
class AuditQueueTest {
  private static final TimeRange HOUR = range("08:00", "09:00");

  @Test
  void keepsTheAuditsOfWhatHasEndedUntilTheyAreTaken() {
    AuditQueue audits = new AuditQueue(true, new ReadCounts());
    assertThat(audits.isEmpty()).isTrue();

    end(audits);

    assertThat(audits.isEmpty()).isFalse();
    assertThat(audits.takeAll())
        .extracting(WindowAudit::outcome, WindowAudit::emitted, WindowAudit::distinct)
        .containsExactly(
            tuple(WindowOutcome.SETTLED, 3L, 2L),
            tuple(WindowOutcome.SETTLED_EARLY, 1L, 1L),
            tuple(WindowOutcome.EXPIRED, 1L, 1L),
            tuple(WindowOutcome.EXPIRED, 1L, 1L),
            tuple(WindowOutcome.UNCONFIRMED, 1L, 1L));
    assertThat(audits.isEmpty()).isTrue();
    assertThat(audits.takeAll()).isEmpty();
  }

  @Test
  void logsTheEndOfAWindowButNoneOfItsIds() {
    AuditQueue audits = new AuditQueue(false, new ReadCounts());
    try (LogCapture log = new LogCapture(AuditQueue.class)) {
      end(audits);

      assertThat(log.lines())
          .containsExactly(
              "DEBUG Window " + HOUR + " is settled with 2 rows.",
              "DEBUG Window " + HOUR + " is settled early with 1 rows.",
              "DEBUG Window " + HOUR + " has expired with 1 rows.",
              "DEBUG Window " + HOUR + " has expired with 1 rows.",
              "DEBUG Window " + HOUR + " has expired with 1 rows.");
    }
    assertThat(audits.isEmpty()).isTrue();
  }

  private static void end(AuditQueue audits) {
    RangeHistory history =
        new RangeHistory(IdSet.of(List.of("id-0")), LateCounts.NONE, List.of(HOUR));
    WindowSnapshot snapshot = snapshot(HOUR, "id-1", "id-2");
    WindowDelta delta =
        WindowDelta.of(
            snapshot,
            history,
            new EmittedIdIndex(),
            new SplitFixture().options(),
            true,
            Invariants.strict());
    audits.settled(snapshot, delta);
    audits.settledEarly(HOUR, history, at("12:00"));
    audits.expired(HOUR, Expiry.READ, history, at("12:00"));
    audits.expired(HOUR, Expiry.LOST, history, at("12:00"));
    audits.expired(HOUR, Expiry.UNCONFIRMED, history, at("12:00"));
  }
}
