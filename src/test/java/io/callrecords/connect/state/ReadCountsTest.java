package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was settled is known range by range, exactly where it was empty, and within limits. */
class ReadCountsTest {
  private final ReadCounts counts = new ReadCounts();

  private static ReadCount count(TimeRange range, long rows) {
    return new ReadCount(range, rows, rows, 0, 0, 0);
  }

  private static WindowDelta delta(WindowSnapshot window, String... emitted) {
    RangeHistory history =
        emitted.length == 0
            ? RangeHistory.NONE
            : new RangeHistory(IdSet.of(List.of(emitted)), LateCounts.NONE, List.of());
    return WindowDelta.of(
        window,
        history,
        new EmittedIdIndex(),
        new SplitFixture().options(),
        true,
        Invariants.strict());
  }

  @Test
  void whatWasEmptyIsOneRangeWithItsExactBounds() {
    counts.add(count(range("08:00", "09:00"), 0));
    counts.add(count(range("10:00", "11:30"), 0));
    counts.add(count(range("09:00", "10:00"), 0));
    counts.add(count(range("11:30", "12:00"), 1));

    assertThat(counts.ranges()).containsExactly(range("08:00", "11:30"), range("11:30", "12:00"));
  }

  @Test
  void whatIsReadInTheMiddleOfAnEmptyRangeLeavesTheRestEmpty() {
    counts.add(count(range("08:00", "12:00"), 0));
    counts.add(count(range("09:00", "10:00"), 7));

    assertThat(counts.ranges())
        .containsExactly(range("08:00", "09:00"), range("09:00", "10:00"), range("10:00", "12:00"));
    assertThat(counts.stretches(WHOLE_DAY).get(0))
        .extracting(ReadCount::rows)
        .containsExactly(0L, 7L, 0L);
  }

  /** The API did not return them any more when the window was settled; it did before. */
  @Test
  void rowsThatWereReturnedOnceCountAndTheirIdsHaveVanished() {
    WindowSnapshot window = snapshot(range("08:00", "09:00"), "a");

    counts.settled(window, delta(window, "a", "b"));

    assertThat(counts.stretches(WHOLE_DAY).get(0).get(0).rows()).isEqualTo(2);
    assertThat(counts.stretches(WHOLE_DAY).get(0).get(0).total()).isOne();
    assertThat(counts.vanished().among(Set.of("a", "b", "c"))).containsExactly("b");
  }

  @Test
  void aWindowOfWhichAllHasVanishedIsNotEmpty() {
    WindowSnapshot window = snapshot(range("08:00", "09:00"));

    counts.settled(window, delta(window, "a"));

    assertThat(counts.stretches(WHOLE_DAY).get(0).get(0).isEmpty()).isFalse();
  }

  @Test
  void aGapAndWhatAnEarlierRunHasReadPartStretches() {
    counts.add(count(range("08:00", "09:00"), 1));
    counts.add(count(range("10:00", "11:00"), 1));
    counts.add(ReadCount.measured(range("11:00", "12:00"), 5));

    assertThat(counts.stretches(WHOLE_DAY)).hasSize(3).allMatch(stretch -> stretch.size() == 1);
    assertThat(counts.stretches(range("10:30", "12:00"))).hasSize(1);
  }

  @Test
  void whatTheApiNoLongerReturnsIsForgotten() {
    counts.add(count(range("07:00", "08:00"), 3));
    counts.add(count(range("08:00", "12:00"), 0));
    counts.add(count(range("12:00", "13:00"), 3));

    counts.forgetBefore(at("07:30"));
    assertThat(counts.ranges()).startsWith(range("08:00", "12:00"));
    counts.forgetBefore(at("09:00"));
    assertThat(counts.ranges()).containsExactly(range("09:00", "12:00"), range("12:00", "13:00"));
  }

  /** Every second of the empty ranges is empty, and the totals add up, however little is kept. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void numbersAddUpWhateverTheLimit(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ReadCounts limited = new ReadCounts(60);
    List<ReadCount> all = new ArrayList<>();
    Instant at = WHOLE_DAY.from();
    for (int i = 0; i < 400; i++) {
      Instant end = at.plusSeconds(random.nextInt(1, 1800));
      all.add(count(new TimeRange(at, end), random.nextInt(4) > 0 ? random.nextInt(1, 50) : 0));
      at = end;
    }
    while (!all.isEmpty()) {
      limited.add(all.remove(all.size() - 1));
    }

    assertThat(limited.ranges()).hasSizeLessThanOrEqualTo(60);
    TimeRange kept = new TimeRange(limited.ranges().get(0).from(), at);
    assertThat(limited.stretches(kept)).hasSize(1);
    assertThat(kept.length()).isPositive();
  }

  @Test
  void aMonthOfHoursIsKeptByTheHour() {
    for (int hour = 0; hour < 30 * 24; hour++) {
      Instant from = WHOLE_DAY.from().plus(Duration.ofHours(hour));
      counts.add(count(new TimeRange(from, from.plusSeconds(1200)), 2));
      counts.add(count(new TimeRange(from.plusSeconds(1200), from.plusSeconds(3600)), 2));
    }

    assertThat(counts.ranges()).hasSize(30 * 24);
    long total =
        counts
            .stretches(new TimeRange(WHOLE_DAY.from(), WHOLE_DAY.from().plus(Duration.ofDays(30))))
            .get(0)
            .stream()
            .mapToLong(ReadCount::total)
            .sum();
    assertThat(total).isEqualTo(4 * 30 * 24);
  }
}
