package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.START;
import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.days;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.ZoneTransitions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A day has a state while something of it is read or may change, and again when it is reopened. */
class OpenDaysTest {
  private final ReadOptions options = DayFixture.options().audits().build();
  private final FinishedDays finished = new FinishedDays(options, new UnconfirmedRanges());
  private final OpenDays open =
      new OpenDays(
          options,
          new AssignedDays(options, new Assignment(days(1, 5), null)),
          new RecheckPolicy(Duration.ofSeconds(30), Duration.ofHours(1), ZoneTransitions.NONE),
          finished,
          new ReadCounts(),
          OffsetJournal.disabled(),
          Invariants.strict());

  private SplitState read(int number, String... ids) {
    open.open(day(number), null, START);
    SplitState state = open.states().get(day(number));
    state.apply(snapshot(day(number).range(), at(6, 12), ids), new TaskCounts());
    open.afterChange(state);
    return state;
  }

  @Test
  void aDayIsRetiredOnceAllOfItIsSettled() {
    read(1, "a");

    assertThat(open.get(day(1))).isNull();
    assertThat(finished.seconds()).isEqualTo(86_400);
  }

  @Test
  void aRetiredDayIsOpenedAgainAsSettledAndRetiredAgain() {
    read(1, "a");

    SplitState state = open.reopen(day(1), START);

    assertThat(state).isNotNull();
    assertThat(state.isDone()).isTrue();
    assertThat(finished.seconds()).isZero();
    assertThat(open.reopen(day(1), START)).isSameAs(state);
    open.afterChange(state);
    assertThat(open.states()).isEmpty();
    assertThat(finished.seconds()).isEqualTo(86_400);
  }

  @Test
  void aDayThatWasNeverOpenedIsNotReopened() {
    assertThat(open.reopen(day(2), START)).isNull();
  }

  /** An audit that is pending keeps its day open, whose offset it goes with. */
  @Test
  void aPendingAuditKeepsItsDayOpenUntilItIsTaken() {
    read(1, "a");
    SplitState state = open.reopen(day(1), START);
    assertThat(state).isNotNull();
    state.drifted(new WindowDrift(day(1).range(), 1, 2), at(6, 12));
    open.afterChange(state);
    assertThat(open.states()).hasSize(1);

    Batch batch = open.pendingAudits();

    assertThat(batch).isNotNull();
    assertThat(SplitFixture.items(batch)).containsExactly("drifted");
    assertThat(DayOffsets.at(batch, 0).settled()).isEqualTo(day(1).range().to());
    assertThat(open.states()).isEmpty();
    assertThat(open.pendingAudits()).isNull();
  }
}
