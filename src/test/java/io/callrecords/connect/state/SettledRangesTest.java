package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.START;
import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.range;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What was settled as empty is read again, and what has drifted is reported, by its own offset. */
class SettledRangesTest {
  private static final Instant NOW = at(6, 12);

  private final DayFixture fixture = new DayFixture(DayFixture.options().audits(), 1, 5, 6);
  private final TaskSplits splits = fixture.splits;
  private final OffsetCodec codec = new OffsetCodec("call-center");

  private Batch read(TimeRange range, String... ids) {
    splits.openFor(range);
    Batch batch = splits.apply(snapshot(range, NOW, ids));
    assertThat(batch).isNotNull();
    return batch;
  }

  /** Reads what is empty, and is confirmed to be so. */
  private void readEmpty(TimeRange range) {
    read(range);
    splits.settled().confirm(range);
  }

  private Batch readAgain(TimeRange range, String... ids) {
    Batch batch = splits.applyToEmpty(snapshot(range, NOW, ids));
    assertThat(batch).isNotNull();
    return batch;
  }

  @Test
  void aFinishedDayIsReadAgainAndFinishedAgain() {
    fixture.restored(NOW);
    readEmpty(day(1).range());
    assertThat(splits.settled().isSettled(range(1, 0, 24))).isTrue();
    int open = splits.openDays();

    Batch batch = readAgain(range(1, 8, 12), "a", "b");

    assertThat(SplitFixture.items(batch)).containsExactly("a", "b", "settled");
    assertThat(DayOffsets.at(batch, 2).settled()).isEqualTo(day(1).range().to());
    assertThat(splits.openDays()).isEqualTo(open);
    assertThat(fixture.counts.records()).isEqualTo(2);
  }

  /** A crash between two records of it: what was sent stays known, and the rest is unread. */
  @Test
  void anOffsetInTheMiddleSaysWhatIsUnreadAndWhatWasSent() {
    fixture.restored(NOW);
    readEmpty(day(1).range());

    SplitOffset offset = DayOffsets.at(readAgain(range(1, 8, 12), "a", "b"), 0);

    assertThat(offset.settled()).isEqualTo(at(1, 8));
    assertThat(offset.windows())
        .extracting(w -> w.state())
        .containsExactly(State.PARTIAL, State.SETTLED);
    assertThat(offset.windows().get(0).ids().ids()).containsExactly("a");
    assertThat(codec.decode(day(1), codec.encode(offset))).isEqualTo(offset);
    DayFixture restarted = new DayFixture(DayFixture.options(), 1, 5, 6);
    restarted.stored.put(day(1), offset);
    restarted.restored(NOW);
    assertThat(restarted.gaps(day(2).range().from())).containsExactly(range(1, 8, 12));
    Batch again = restarted.splits.apply(snapshot(range(1, 8, 12), NOW, "a", "b"));
    assertThat(again).isNotNull();
    assertThat(SplitFixture.items(again)).containsExactly("b");
  }

  @Test
  void partsOfADayThatIsStillOpenAreReadAgain() {
    fixture.restored(NOW);
    readEmpty(range(1, 0, 6));
    readEmpty(range(1, 12, 18));

    SplitOffset before = DayOffsets.at(readAgain(range(1, 2, 4), "a"), 1);
    SplitOffset behind = DayOffsets.at(readAgain(range(1, 14, 16), "b"), 1);

    assertThat(before.settled()).isEqualTo(at(1, 6));
    assertThat(behind.windows()).extracting(w -> w.range()).containsExactly(range(1, 12, 18));
    assertThat(fixture.gaps(day(2).range().from()))
        .containsExactly(range(1, 6, 12), range(1, 18, 24));
  }

  /** Offsets of other days said that the day has none. */
  @Test
  void whatOtherDaysReportOfADayIsWithdrawnOnceItsOwnOffsetSaysMore() {
    fixture.restored(NOW);
    read(day(1).range(), "x");
    splits.openFor(day(2).range());
    TaskSplits plain = DayFixture.ofFiveDays().restored(NOW).splits;
    plain.openFor(day(1).range());
    plain.apply(snapshot(day(1).range(), NOW));
    plain.settled().confirm(day(1).range());
    assertThat(reported(plain, 11)).containsKey(day(1));

    assertThat(plain.applyToEmpty(snapshot(range(1, 8, 9), NOW, "a"))).isNotNull();

    assertThat(reported(plain, 12)).doesNotContainKey(day(1));
  }

  private static Map<Split, String> reported(TaskSplits of, int hour) {
    of.mergeSmallWindows(NOW, List.of());
    Batch batch = of.apply(snapshot(range(6, hour - 1, hour), NOW, "at " + hour));
    assertThat(batch).isNotNull();
    return DayOffsets.at(batch, 0).settledDays().digests();
  }

  /** An outage may look like that, and the run may end before a total shows it. */
  @Test
  void whatSeemedEmptyOnceIsReadAgainByTheNextRun() {
    fixture.restored(NOW);
    read(range(1, 0, 6));
    SplitOffset stored = DayOffsets.at(read(range(1, 6, 12), "a"), 1);
    assertThat(fixture.gaps(day(2).range().from())).containsExactly(range(1, 12, 24));

    DayFixture restarted = new DayFixture(DayFixture.options(), 1, 5, 6);
    restarted.stored.put(day(1), codec.decode(day(1), codec.encode(stored)));
    restarted.restored(NOW);

    assertThat(restarted.gaps(day(2).range().from()))
        .containsExactly(range(1, 0, 6), range(1, 12, 24));
  }

  @Test
  void aSecondReadingAtAnotherMomentConfirmsThatThereIsNothing() {
    fixture.restored(NOW);
    splits.apply(snapshot(range(6, 0, 6), at(6, 6)));
    read(range(6, 0, 6));

    SplitOffset stored = DayOffsets.at(read(range(6, 6, 7), "a"), 0);

    assertThat(stored.settled()).isEqualTo(at(6, 6));
  }

  /** Its time was corrected after its window was settled. */
  @Test
  void aCallThatHasMovedWhereNothingWasIsNotEmittedAgain() {
    fixture.restored(NOW);
    read(range(1, 0, 6), "a");
    read(range(1, 6, 24));

    WindowSnapshot moved = snapshot(range(1, 8, 9), NOW, "a");
    assertThat(splits.settled().emittedBefore(moved)).isOne();
    splits.settled().moved(moved);

    assertThat(splits.settled().counts().stretches(range(1, 8, 9)).get(0).get(0).rows()).isOne();
  }

  @Test
  void aDriftIsCountedAndAuditedByItsOwnDay() {
    fixture.restored(NOW);
    read(day(1).range(), "a");

    splits.settled().drifted(new WindowDrift(range(1, 8, 9), 1, 2), NOW);

    assertThat(fixture.counts.drifted()).isOne();
    Batch batch = splits.pendingAudits();
    assertThat(batch).isNotNull();
    assertThat(batch.split()).isEqualTo(day(1));
    assertThat(SplitFixture.items(batch)).containsExactly("drifted");
  }

  /** A day that an earlier run has settled: its offset is not this task's to write. */
  @Test
  void aDriftOfAnotherRunsDayGoesWithADayOfTheTask() {
    fixture.restored(NOW);
    TimeRange before = new TimeRange(START.minusSeconds(7200), START.minusSeconds(3600));

    splits.settled().drifted(new WindowDrift(before, 1, 2), NOW);

    Batch batch = splits.pendingAudits();
    assertThat(batch).isNotNull();
    assertThat(batch.split()).isEqualTo(day(6));
  }

  @Test
  void whatIsUnreadUnsettledOrCountedIsNotUncounted() {
    fixture.stored.put(day(1), new SplitOffset(START, day(1).range().to(), List.of()));
    fixture.stored.put(day(2), new SplitOffset(START, at(2, 6), List.of()));
    fixture.restored(NOW);
    read(range(2, 12, 18), "a");

    assertThat(splits.settled().uncounted(new TimeRange(START.minusSeconds(3600), at(3, 0))))
        .containsExactly(new TimeRange(START.minusSeconds(3600), at(2, 6)));
    assertThat(splits.settled().isSettled(range(2, 5, 7))).isFalse();
    assertThat(splits.settled().isSettled(range(3, 5, 7))).isFalse();
  }

  /** Its call has moved: it was emitted at its old time, and vanished from there. */
  @Test
  void anIdThatHasVanishedElsewhereIsNotEmittedAgain() {
    fixture.stored.put(
        day(1),
        new SplitOffset(
            START,
            START,
            List.of(SplitFixture.windowOffset(State.READ, range(1, 0, 6), "a", "b"))));
    fixture.restored(NOW);
    read(range(1, 0, 6), "b");
    read(range(1, 6, 24));

    Batch batch = readAgain(range(1, 8, 9), "a", "c");

    assertThat(SplitFixture.items(batch)).containsExactly("c", "settled");
    assertThat(splits.settled().vanishedAmong(snapshot(range(1, 8, 9), NOW, "a", "c"))).isOne();
  }
}
