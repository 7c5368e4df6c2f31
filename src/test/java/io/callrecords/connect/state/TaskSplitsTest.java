package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.days;
import static io.callrecords.connect.state.DayFixture.range;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The days of a task: which have a state, what of them is unread, and when they are finished. */
class TaskSplitsTest {
  private static final Instant NOW = at(6, 12);

  private final DayFixture fixture = DayFixture.ofFiveDays();
  private final TaskSplits splits = fixture.splits;

  @Test
  void onlyDaysThatAreReadHaveAState() {
    fixture.stored.put(day(3), new SplitOffset(DayFixture.START, at(3, 8), List.of()));
    fixture.restored(NOW);

    // The one that was begun, and the last one.
    assertThat(splits.openDays()).isEqualTo(2);
    splits.openFor(new TimeRange(at(1, 23), at(2, 1)));
    splits.openFor(range(2, 3, 4));

    assertThat(splits.openDays()).isEqualTo(4);
    assertThat(fixture.gaps(NOW))
        .containsExactly(
            day(1).range(),
            day(2).range(),
            new TimeRange(at(3, 8), at(4, 0)),
            day(4).range(),
            day(5).range(),
            range(6, 0, 12));
  }

  @Test
  void aDayIsFinishedOnceAllOfItIsSettledAndWhatComesLateIsDropped() {
    fixture.restored(NOW);
    splits.openFor(day(1).range());
    int before = splits.openDays();
    Batch batch = splits.apply(snapshot(day(1).range(), NOW, "a", "b"));

    assertThat(batch).isNotNull();
    assertThat(splits.openDays()).isEqualTo(before - 1);
    assertThat(splits.apply(snapshot(range(1, 3, 4), NOW, "c"))).isNull();
    assertThat(splits.expire(range(1, 3, 4), NOW)).isEqualTo(Expiry.READ);
    assertThat(fixture.counts.records()).isEqualTo(2);
    assertThat(fixture.invariants.violations()).isZero();
  }

  @Test
  void aDayThatIsStoredAsSettledIsNeverOpened() {
    fixture.stored.put(day(3), new SplitOffset(DayFixture.START, at(4, 0), List.of()));
    fixture.restored(NOW);

    assertThat(splits.openDays()).isOne();
    assertThat(splits.wantedSeconds(NOW)).isEqualTo(5 * 86_400L + 12 * 3_600);
    assertThat(fixture.gaps(NOW)).hasSize(5).doesNotContain(day(3).range());
  }

  @Test
  void whatIsReadOfADayThatWasNotOpenedIsABug() {
    fixture.restored(NOW);

    for (Split other : List.of(day(2), day(7), day(1).next().next())) {
      assertThatThrownBy(() -> splits.apply(snapshot(other.range(), NOW, "a")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("not opened");
    }
    assertThat(fixture.invariants.violations()).isEqualTo(3);
  }

  @Test
  void newDaysOfTheOpenEndAreOpenedAsTheyBegin() {
    fixture.restored(NOW);
    Instant later = at(8, 1);
    assertThat(splits.newDays(NOW)).isEmpty();
    assertThat(splits.newDays(later)).isEqualTo(days(7, 8));
    assertThat(splits.openedUpTo()).isEqualTo(at(7, 0));

    SplitOffset stored = new SplitOffset(DayFixture.START, at(7, 5), List.of());
    splits.openNewDays(days(7, 7), Map.of(day(7), stored), later);

    assertThat(splits.newDays(later)).isEqualTo(days(8, 8));
    assertThat(splits.openedUpTo()).isEqualTo(at(8, 0));
    assertThat(fixture.gaps(later)).last().isEqualTo(new TimeRange(at(7, 5), at(8, 0)));
    assertThat(splits.readTo()).isEqualTo(at(7, 5));
  }

  @Test
  void theOldestUnsettledMomentIsThatOfTheFirstDayThatIsNotFinished() {
    fixture.restored(NOW);
    assertThat(splits.age(NOW)).isEqualTo(Duration.between(DayFixture.START, NOW));
    splits.openFor(day(1).range());
    splits.apply(snapshot(day(1).range(), NOW));

    assertThat(splits.age(NOW)).isEqualTo(Duration.between(at(2, 0), NOW));
    for (int number = 2; number <= 5; number++) {
      splits.openFor(day(number).range());
      splits.apply(snapshot(day(number).range(), NOW));
    }
    splits.apply(snapshot(range(6, 0, 12), NOW));
    assertThat(splits.age(NOW)).isEqualTo(Duration.ofHours(12));
  }

  @Test
  void aClockThatIsSetBackMakesTheWindowsAfterItUnread() {
    fixture.restored(NOW);
    splits.apply(snapshot(range(6, 0, 11), at(6, 11), "a"));
    splits.apply(snapshot(range(6, 11, 12), NOW, "b"));
    splits.reopenAfter(at(6, 11));

    assertThat(fixture.gaps(NOW)).last().isEqualTo(range(6, 11, 12));
    assertThat(splits.apply(snapshot(range(6, 11, 12), NOW, "b"))).isNull();
  }

  @Test
  void whatExpiresUnreadIsLostAndItsDayCountedOnce() {
    fixture.restored(NOW);
    splits.openFor(new TimeRange(at(1, 0), at(3, 0)));

    assertThat(splits.expire(new TimeRange(at(1, 0), at(2, 6)), NOW)).isEqualTo(Expiry.LOST);
    assertThat(splits.expire(range(2, 6, 7), NOW)).isEqualTo(Expiry.LOST);
    assertThat(splits.expire(range(2, 6, 7), NOW)).isEqualTo(Expiry.READ);
    assertThat(fixture.counts.expiredDays()).isEqualTo(2);
  }

  @Test
  void windowsThatEndUnreadComeAsABatchOfTheirOwnOnce() {
    DayFixture audited = new DayFixture(DayFixture.options().audits(), 1, 5, 6).restored(NOW);
    assertThat(audited.splits.pendingAudits()).isNull();
    audited.splits.openFor(new TimeRange(at(1, 0), at(3, 0)));
    audited.splits.expire(new TimeRange(at(1, 0), at(3, 0)), NOW);

    Batch first = audited.splits.pendingAudits();
    Batch second = audited.splits.pendingAudits();

    assertThat(first).isNotNull();
    assertThat(second).isNotNull();
    assertThat(List.of(first.split(), second.split())).isEqualTo(days(1, 2));
    assertThat(audited.splits.pendingAudits()).isNull();
    assertThat(audited.splits.openDays()).isOne();
  }

  /** The sums that are kept say what counting each second would say. */
  @Test
  void whatIsUnreadAddsUpInAnyOrderOfReading() {
    for (int seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      DayFixture drawn = DayFixture.ofFiveDays().restored(NOW);
      BitSet read = new BitSet();
      for (int step = 0; step < 12; step++) {
        int number = random.nextInt(1, 7);
        int from = random.nextInt(number == 6 ? 11 : 23);
        TimeRange range = range(number, from, random.nextInt(from + 1, number == 6 ? 12 : 24));
        drawn.splits.openFor(range);
        drawn.splits.apply(snapshot(range, NOW));
        read.set(hours(range.from()), hours(range.to()));
        if (random.nextInt(3) == 0) {
          drawn.splits.mergeSmallWindows(NOW, List.of());
        }
        int until = random.nextInt(5 * 24 + 12 + 1);
        Instant moment = DayFixture.START.plus(Duration.ofHours(until));

        long unread = drawn.splits.unread().seconds(moment, TimeRange::seconds);
        assertThat(unread / 3_600)
            .as("seed %d", seed)
            .isEqualTo(until - read.get(0, until).cardinality());
        assertThat(drawn.gaps(moment).stream().mapToLong(TimeRange::seconds).sum())
            .isEqualTo(unread);
      }
      assertThat(hours(drawn.splits.readTo())).isEqualTo(Math.max(5 * 24, read.length()));
    }
  }

  private static int hours(Instant moment) {
    return (int) Duration.between(DayFixture.START, moment).toHours();
  }
}
