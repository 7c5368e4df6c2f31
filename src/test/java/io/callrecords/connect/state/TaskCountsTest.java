package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.malformed;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.split.TimeRange;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves where each row is counted. */
class TaskCountsTest {
  private static final TimeRange HOUR = range("08:00", "09:00");

  private final SplitFixture fixture = new SplitFixture().emitsUpdates();

  @Test
  void countsNewLateAndChangedRecords() {
    SplitState state = fixture.open();
    state.apply(
        snapshot(HOUR, at("09:00"), record("a", at("08:00")), record("b", at("08:00"))),
        fixture.counts);
    assertCounts(2, 0, 0, 0);

    state.apply(
        snapshot(
            HOUR,
            at("10:00"),
            record("a", at("08:00"), "changed"),
            record("b", at("08:00")),
            record("c", at("08:00"))),
        fixture.counts);

    assertCounts(4, 1, 1, 0);
  }

  @Test
  void countsMalformedRowsBesideTheRecordsAndOnce() {
    for (MalformedPolicy policy :
        new MalformedPolicy[] {MalformedPolicy.SKIP, MalformedPolicy.TOPIC}) {
      SplitFixture each = new SplitFixture().malformed(policy);
      SplitState state = each.open();
      WindowSnapshot snapshot =
          snapshot(HOUR, at("09:00"), record("a", at("08:00")), malformed("b", at("08:00")));

      state.apply(snapshot, each.counts);
      state.apply(snapshot, each.counts);

      assertThat(each.counts.records()).isEqualTo(1);
      assertThat(each.counts.malformed()).isEqualTo(1);
      assertThat(each.counts.late()).isZero();
    }
  }

  /** Rechecks find the same contradiction again, and count it once all the same. */
  @Test
  void countsContradictionsWhenTheirWindowIsSettled() {
    SplitState state = fixture.open();
    state.apply(conflicting("09:00"), fixture.counts);
    state.apply(conflicting("10:00"), fixture.counts);
    assertThat(fixture.counts.conflicting()).isZero();

    WindowSnapshot last = conflicting("10:00");
    state.apply(
        new WindowSnapshot(
            last.range(),
            last.records(),
            at("09:00").plus(fixture.options().lateArrival()).plusSeconds(60),
            last.reconciliation()),
        fixture.counts);

    assertThat(fixture.counts.conflicting()).isEqualTo(2);
  }

  private static WindowSnapshot conflicting(String requestedAt) {
    return new WindowSnapshot(
        HOUR,
        List.of(record("a", at("08:00"))),
        at(requestedAt),
        new WindowAudit.Reconciliation(3, 0, 2, 1, true, true, 2));
  }

  private void assertCounts(long records, long late, long updated, long malformed) {
    assertThat(fixture.counts.records()).isEqualTo(records);
    assertThat(fixture.counts.late()).isEqualTo(late);
    assertThat(fixture.counts.updated()).isEqualTo(updated);
    assertThat(fixture.counts.malformed()).isEqualTo(malformed);
  }
}
