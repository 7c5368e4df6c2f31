package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.callrecords.connect.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that ranges of seconds meet without gap and overlap, however they are cut. */
class TimeRangeTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @Test
  void refusesFractionsOfASecondAndAnEndBeforeTheBeginning() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeRange(NOON.plusNanos(1), NOON.plusSeconds(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeRange(NOON, NOON.plusMillis(1_500)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimeRange(NOON, NOON.minusSeconds(1)))
        .withMessageContaining("2026-11-01T12:00:00Z/2026-11-01T11:59:59Z");
  }

  @Test
  void holdsItsFirstSecondAndNotTheOneAfterItsLast() {
    TimeRange range = range(10, 20);

    assertThat(List.of(10L, 15L, 19L)).allMatch(s -> range.contains(second(s)));
    assertThat(List.of(9L, 20L, 21L)).noneMatch(s -> range.contains(second(s)));
    assertThat(range.seconds()).isEqualTo(10);
    assertThat(range.length()).isEqualTo(Duration.ofSeconds(10));
    assertThat(range.isEmpty()).isFalse();
    assertThat(range(10, 10).isEmpty()).isTrue();
    assertThat(range(10, 10).contains(second(10))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "10, 20, 10, 20, true, true, 10, 20",
    "10, 20, 12, 18, true, true, 12, 18",
    "10, 20,  5, 15, false, true, 10, 15",
    "10, 20, 15, 25, false, true, 15, 20",
    "10, 20,  5, 25, false, true, 10, 20",
    "10, 20, 20, 30, false, false, 20, 20",
    "10, 20,  0, 10, false, false, 10, 10",
    "10, 20, 40, 50, false, false, 40, 40",
    "10, 20,  0,  5, false, false, 10, 10"
  })
  void knowsWhatItHasInCommonWithAnother(
      int from,
      int to,
      int otherFrom,
      int otherTo,
      boolean contains,
      boolean overlaps,
      int commonFrom,
      int commonTo) {
    TimeRange range = range(from, to);
    TimeRange other = range(otherFrom, otherTo);

    assertThat(range.contains(other)).isEqualTo(contains);
    assertThat(range.overlaps(other)).isEqualTo(overlaps);
    assertThat(other.overlaps(range)).isEqualTo(overlaps);
    assertThat(range.intersection(other)).isEqualTo(range(commonFrom, commonTo));
    assertThat(other.intersection(range)).isEqualTo(range(commonFrom, commonTo));
  }

  @RepeatedTest(50)
  void isCutIntoPiecesThatCoverItWithoutGapAndOverlap(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int length = random.nextInt(1, random.nextBoolean() ? 100 : 90_000);
    TimeRange range = range(random.nextInt(100_000), 100_000 + length).intersection(whole(random));
    int pieces = random.nextInt(1, 200);

    List<TimeRange> cut = range.cut(pieces);

    long expected = Math.max(1, Math.min(pieces, range.seconds()));
    assertThat(cut).as("seed %d", seed).hasSize((int) expected);
    assertThat(cut.get(0).from()).as("seed %d: beginning", seed).isEqualTo(range.from());
    assertThat(cut.get(cut.size() - 1).to()).as("seed %d: end", seed).isEqualTo(range.to());
    for (int i = 1; i < cut.size(); i++) {
      assertThat(cut.get(i).from()).as("seed %d: piece %d", seed, i).isEqualTo(cut.get(i - 1).to());
    }
    long shortest = cut.stream().mapToLong(TimeRange::seconds).min().orElseThrow();
    long longest = cut.stream().mapToLong(TimeRange::seconds).max().orElseThrow();
    assertThat(longest - shortest).as("seed %d: evenness", seed).isLessThanOrEqualTo(1);
    assertThat(shortest).as("seed %d: no empty piece", seed).isPositive();
  }

  @Test
  void isNotCutBelowASecond() {
    assertThat(range(10, 11).cut(16)).containsExactly(range(10, 11));
    assertThat(range(10, 12).cut(16)).containsExactly(range(10, 11), range(11, 12));
    assertThat(range(10, 20).cut(1)).containsExactly(range(10, 20));
  }

  @Test
  void showsItselfAsAnIntervalOfIso8601() {
    assertThat(range(0, 60)).hasToString("2026-11-01T12:00:00Z/2026-11-01T12:01:00Z");
  }

  private static TimeRange whole(RandomGenerator random) {
    return range(0, 100_000 + random.nextInt(1, 90_000));
  }

  private static long second(long offset) {
    return NOON.getEpochSecond() + offset;
  }

  private static TimeRange range(long from, long to) {
    return new TimeRange(NOON.plusSeconds(from), NOON.plusSeconds(to));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0-10 | | 0-10",
        "0-10 | 20-30 | 0-10",
        "0-10 | 10-20 | 0-10",
        "0-10 | 0-10 | ",
        "0-10 | 0-20 | ",
        "5-10 | 0-7 | 7-10",
        "0-10 | 5-20 | 0-5",
        "0-10 | 3-4 | 0-3,4-10",
        "0-10 | 3-4,6-8 | 0-3,4-6,8-10",
        "0-10 | 6-8,3-7 | 0-3,8-10"
      })
  void leavesWhatNoOtherRangeHolds(String range, String others, String rest) {
    assertThat(parse(range).get(0).minus(parse(others))).isEqualTo(parse(rest));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        " | ",
        "0-10 | 0-10",
        "20-30,0-10 | 0-10,20-30",
        "0-10,10-20 | 0-20",
        "5-7,0-10 | 0-10",
        "0-6,20-25,5-10 | 0-10,20-25"
      })
  void joinsWhatTouches(String ranges, String union) {
    assertThat(TimeRange.union(parse(ranges))).isEqualTo(parse(union));
  }

  private static List<TimeRange> parse(String ranges) {
    return ranges == null
        ? List.of()
        : Stream.of(ranges.split(","))
            .map(text -> text.split("-"))
            .map(
                ends ->
                    new TimeRange(
                        Instant.ofEpochSecond(Long.parseLong(ends[0])),
                        Instant.ofEpochSecond(Long.parseLong(ends[1]))))
            .toList();
  }
}
