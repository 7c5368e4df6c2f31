package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.ZoneTransitions.RepeatedTimes;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that no piece of a range holds a time twice, however the clocks of a zone are set. */
class ZoneTransitionsTest {
  private static final ZoneTransitions BERLIN = ZoneTransitions.of(ZoneId.of("Europe/Berlin"));
  private static final Instant WINTER = Instant.parse("2026-10-25T01:00:00Z");
  private static final Instant SUMMER = Instant.parse("2026-03-29T01:00:00Z");

  private static TimeRange around(Instant moment, long seconds) {
    return new TimeRange(moment.minusSeconds(seconds), moment.plusSeconds(seconds));
  }

  @Test
  void cutsWhereClocksAreSetBackAndWithinBothOccurrences() {
    assertThat(BERLIN.cut(around(WINTER, 7_200)))
        .containsExactly(
            new TimeRange(WINTER.minusSeconds(7_200), WINTER.minusSeconds(1_800)),
            new TimeRange(WINTER.minusSeconds(1_800), WINTER),
            new TimeRange(WINTER, WINTER.plusSeconds(1_800)),
            new TimeRange(WINTER.plusSeconds(1_800), WINTER.plusSeconds(7_200)));
  }

  @Test
  void cutsWhereClocksAreSetForward() {
    assertThat(BERLIN.cut(around(SUMMER, 60)))
        .containsExactly(
            new TimeRange(SUMMER.minusSeconds(60), SUMMER),
            new TimeRange(SUMMER, SUMMER.plusSeconds(60)));
  }

  @Test
  void leavesARangeAloneThatOnlyTouchesABorder() {
    List<TimeRange> ranges =
        List.of(
            new TimeRange(WINTER, WINTER.plusSeconds(1_800)),
            new TimeRange(WINTER.plusSeconds(1_800), WINTER.plusSeconds(86_400)),
            new TimeRange(WINTER, WINTER));

    assertThat(ranges).allSatisfy(range -> assertThat(BERLIN.cut(range)).containsExactly(range));
  }

  @ParameterizedTest
  @ValueSource(strings = {"+08:00", "UTC", "Asia/Shanghai"})
  void cutsNothingWhereClocksAreNotSet(String zone) {
    TimeRange range = around(WINTER, 86_400 * 30);

    assertThat(ZoneTransitions.of(ZoneId.of(zone)).cut(range)).containsExactly(range);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Europe/Berlin",
        "America/New_York",
        "America/St_Johns",
        "Australia/Lord_Howe",
        "Africa/Casablanca",
        "Antarctica/Troll",
        "Pacific/Apia",
        "Asia/Tehran"
      })
  void noQueryForAPieceHoldsATimeTwice(String name) {
    ZoneId zone = ZoneId.of(name);
    ZoneTransitions transitions = ZoneTransitions.of(zone);
    SplittableRandom random = new SplittableRandom(7);
    Instant at = Instant.parse("2005-01-01T00:00:00Z");
    for (int i = 0; i < 12; i++) {
      at = Objects.requireNonNull(zone.getRules().nextTransition(at)).getInstant();
      TimeRange range =
          new TimeRange(
              at.minusSeconds(random.nextLong(1, 20_000)), at.plusSeconds(random.nextLong(20_000)));
      List<TimeRange> pieces = transitions.cut(range);

      assertThat(pieces.get(0).from()).isEqualTo(range.from());
      assertThat(pieces.get(pieces.size() - 1).to()).isEqualTo(range.to());
      for (TimeRange piece : pieces) {
        Set<LocalDateTime> times = new HashSet<>();
        for (long second = piece.from().getEpochSecond() - 1;
            second <= piece.to().getEpochSecond();
            second++) {
          assertThat(times.add(LocalDateTime.ofInstant(Instant.ofEpochSecond(second), zone)))
              .as("%s of %s at %s", piece, range, zone)
              .isTrue();
        }
      }
      for (int n = 1; n < pieces.size(); n++) {
        assertThat(pieces.get(n).from()).isEqualTo(pieces.get(n - 1).to());
        assertThat(transitions.isBorder(pieces.get(n).from())).isTrue();
      }
    }
  }

  @Test
  void bordersAreWhereRangesAreCut() {
    assertThat(BERLIN.isBorder(WINTER)).isTrue();
    assertThat(BERLIN.isBorder(WINTER.minusSeconds(1_800))).isTrue();
    assertThat(BERLIN.isBorder(WINTER.minusSeconds(3_600))).isFalse();
    assertThat(BERLIN.isBorder(SUMMER)).isTrue();
    assertThat(ZoneTransitions.NONE.isBorder(WINTER)).isFalse();
  }

  @Test
  void findsTheTimesThatComeAgainInARange() {
    RepeatedTimes times = Objects.requireNonNull(BERLIN.repeatedIn(around(WINTER, 1)));

    assertThat(times.first()).isEqualTo(new TimeRange(WINTER.minusSeconds(3_600), WINTER));
    assertThat(times.second()).isEqualTo(new TimeRange(WINTER, WINTER.plusSeconds(3_600)));
    assertThat(times.seconds()).isEqualTo(3_600);
    assertThat(BERLIN.repeatedIn(times.first())).isNull();
    assertThat(BERLIN.repeatedIn(around(SUMMER, 7_200))).isNull();
  }

  @ParameterizedTest
  @CsvSource({"-3601, -3601", "-3600, -3600", "-3599, 1", "-1, 3599", "0, 3600", "1, 1"})
  void aTimeIsOverWhenItHasComeForTheLastTime(long end, long last) {
    assertThat(BERLIN.lastOccurrence(WINTER.plusSeconds(end))).isEqualTo(WINTER.plusSeconds(last));
  }

  @Test
  void aRangeThatEndsAmongRepeatedTimesHasNoTotalOfItsOwn() {
    Instant later = WINTER.plus(Duration.ofHours(9));

    assertThat(BERLIN.hasOneTotal(new TimeRange(WINTER.minusSeconds(3_600), later))).isTrue();
    assertThat(BERLIN.hasOneTotal(new TimeRange(WINTER.minusSeconds(3_599), later))).isFalse();
    assertThat(BERLIN.hasOneTotal(around(WINTER, 60))).isFalse();
    assertThat(BERLIN.hasOneTotal(new TimeRange(WINTER, WINTER.plusSeconds(60)))).isTrue();
    assertThat(BERLIN.hasOneTotal(around(SUMMER, 60))).isTrue();
  }
}
