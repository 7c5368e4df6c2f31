package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.Seeds;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that windows are bounded, and that cutting them ends whatever the API reports. */
class WindowLimitsTest {
  @Test
  void allowsTwentyPagesAWindow() {
    assertThat(new WindowLimits(100).maxRecords()).isEqualTo(2_000);
    assertThat(new WindowLimits(7).maxRecords()).isEqualTo(140);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "99, 1", "100, 1", "101, 2", "2000, 20", "40000, 400", "40001, 401"})
  void countsThePagesOfAnAnswer(long total, int pages) {
    assertThat(WindowLimits.pages(total, 100)).isEqualTo(pages);
  }

  @ParameterizedTest
  @CsvSource({"100, 86400, 10800", "1000, 86400, 1080", "80000, 86400, 13", "9999999, 86400, 1"})
  void beginsWithAPieceThatIsLikelyToBeOnePage(long total, long seconds, long expected) {
    Instant from = Instant.parse("2026-11-01T00:00:00Z");
    TimeRange range = new TimeRange(from, from.plusSeconds(seconds));

    assertThat(new WindowLimits(100).secondsOfAFew(range, total)).isEqualTo(expected);
    assertThat(new WindowLimits(1).secondsOfAFew(range, total)).isBetween(1L, seconds - 1);
  }

  @Test
  void refusesATotalThatHasMorePagesThanCanBeCounted() {
    assertThatThrownBy(() -> WindowLimits.pages(Long.MAX_VALUE, 1))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void asksForALittleFewerRecordsAPageInEachFurtherPass() {
    WindowLimits limits = new WindowLimits(100);

    assertThat(
            List.of(
                limits.pageSize(0),
                limits.pageSize(1),
                limits.pageSize(2),
                limits.pageSize(49),
                limits.pageSize(50)))
        .containsExactly(100, 99, 98, 51, 100);
  }

  @Test
  void neverAsksForLessThanHalfAPageNorForNothing() {
    for (int page = 1; page <= 100; page++) {
      for (int pass = 0; pass < 200; pass++) {
        assertThat(new WindowLimits(page).pageSize(pass))
            .as("page %d, pass %d", page, pass)
            .isBetween((page + 1) / 2, page);
      }
    }
  }

  /** The same page again would tell nothing new. */
  @Test
  void asksForAnotherSizeThanBefore() {
    for (int page = 2; page <= 100; page++) {
      WindowLimits limits = new WindowLimits(page);
      for (int pass = 1; pass < 200; pass++) {
        assertThat(limits.pageSize(pass)).isNotEqualTo(limits.pageSize(pass - 1));
      }
    }
  }

  @Test
  void callsAWindowSmallThatIsHalfAPageAtMost() {
    assertThat(new WindowLimits(100).isSmall(50)).isTrue();
    assertThat(new WindowLimits(100).isSmall(51)).isFalse();
  }

  @Test
  void letsWindowsGrowToAnHour() {
    Instant noon = Instant.parse("2026-11-01T12:00:00Z");
    WindowLimits limits = new WindowLimits(100);

    assertThat(limits.mayGrowTo(new TimeRange(noon, noon.plusSeconds(3_600)))).isTrue();
    assertThat(limits.mayGrowTo(new TimeRange(noon, noon.plusSeconds(3_601)))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "2001, 2",
    "2999, 2",
    "3000, 3",
    "4500, 4",
    "15000, 11",
    "22500, 16",
    "40000, 16",
    "9223372036854775807, 16"
  })
  void cutsALargeWindowIntoPiecesThatAreThreeQuartersFull(long total, int pieces) {
    assertThat(new WindowLimits(100).pieces(total)).isEqualTo(pieces);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2",
    "50, 2",
    "100, 3",
    "101, 3",
    "1000, 21",
    "2000, 41",
    "4000, 80",
    "4000000, 80"
  })
  void cutsAnUnsteadyWindowIntoPiecesOfAboutHalfAPage(long total, int pieces) {
    assertThat(new WindowLimits(100).unsteadyPieces(total)).isEqualTo(pieces);
  }

  @RepeatedTest(50)
  void cutsIntoAtLeastTwoPiecesAndNotIntoHundreds(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    WindowLimits limits = new WindowLimits(random.nextInt(1, 101));
    long total = random.nextLong(limits.maxRecords() + 1, 1_000_000);

    int pieces = limits.pieces(total);

    assertThat(pieces).as("seed %d", seed).isBetween(2, 16);
    assertThat(limits.unsteadyPieces(total)).as("seed %d", seed).isBetween(2, 80);
    if (pieces < 16) {
      assertThat(total / pieces)
          .as("seed %d: even pieces fit", seed)
          .isLessThan(limits.maxRecords());
    }
  }

  @Test
  void holdsFewerHeavyRecordsButAPageInAnyCase() {
    WindowLimits limits = new WindowLimits(100);

    assertThat(limits.atMost(5_000)).isSameAs(limits);
    assertThat(limits.atMost(700)).isEqualTo(new WindowLimits(100, 700));
    assertThat(limits.atMost(3).maxRecords()).isEqualTo(100);
    assertThat(limits.atMost(700).pieces(2_100)).isEqualTo(5);
    assertThat(new WindowLimits(1, 1).pieces(3)).isEqualTo(4);
  }
}
