package io.callrecords.connect.split;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that windows are bounded, and that cutting them ends whatever the API reports. */
class WindowSizeTest {
  @Test
  void allowsTwentyPagesAWindowAndThreeWindowsHeld() {
    assertThat(new WindowSize(100).max()).isEqualTo(2_000);
    assertThat(new WindowSize(100).maxHeld()).isEqualTo(6_000);
    assertThat(new WindowSize(7).max()).isEqualTo(140);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "99, 1", "100, 1", "101, 2", "2000, 20", "40000, 400", "40001, 401"})
  void countsThePagesOfAnAnswer(long total, int pages) {
    assertThat(new WindowSize(100).pages(total)).isEqualTo(pages);
  }

  @Test
  void refusesATotalThatHasMorePagesThanCanBeCounted() {
    assertThatThrownBy(() -> new WindowSize(1).pages(Long.MAX_VALUE))
        .isInstanceOf(ArithmeticException.class);
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
    assertThat(new WindowSize(100).pieces(total)).isEqualTo(pieces);
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
    assertThat(new WindowSize(100).unsteadyPieces(total)).isEqualTo(pieces);
  }

  @RepeatedTest(50)
  void cutsIntoAtLeastTwoPiecesAndNotIntoHundreds() {
    long seed = new Random().nextLong();
    RandomGenerator random = new SplittableRandom(seed);
    WindowSize size = new WindowSize(random.nextInt(1, 101));
    long total = random.nextLong(size.max() + 1, 1_000_000);

    int pieces = size.pieces(total);

    assertThat(pieces).as("seed %d", seed).isBetween(2, 16);
    assertThat(size.unsteadyPieces(total)).as("seed %d", seed).isBetween(2, 80);
    if (pieces < 16) {
      assertThat(total / pieces).as("seed %d: even pieces fit", seed).isLessThan(size.max());
    }
  }
}
