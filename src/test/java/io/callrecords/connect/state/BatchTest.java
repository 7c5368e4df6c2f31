package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.state.Batch.VersionedRow;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves the order in which a batch is emitted. */
class BatchTest {
  @Test
  void handsOutItsRowsBetweenTheAudits() {
    Batch batch =
        new Batch(
            1,
            DAY,
            List.of(audit(WindowOutcome.EXPIRED), audit(WindowOutcome.SETTLED_EARLY)),
            List.of(
                new VersionedRow(record("b", at("08:00")), RowVersion.FIRST),
                new VersionedRow(record("a", at("08:01")), RowVersion.LATE)),
            at("09:00"),
            List.of(audit(WindowOutcome.SETTLED)),
            index ->
                new RecordOffset.OfDay(
                    DAY, () -> new SplitOffset(at("00:00"), at("00:00"), List.of())));

    assertThat(SplitFixture.items(batch))
        .containsExactly("expired", "settled-early", "b", "a", "settled");
    assertThat(batch.size()).isEqualTo(5);
  }

  private static WindowAudit audit(WindowOutcome outcome) {
    return WindowAudit.of(
        range("07:00", "08:00"), outcome, IdSet.EMPTY, LateCounts.NONE, 0, null, at("09:00"));
  }
}
