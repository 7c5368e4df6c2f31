package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.RetryOptions;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that waits are drawn from zero up to a bound that doubles until its maximum. */
class BackoffTest {
  private static final RetryOptions OPTIONS =
      new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null);

  @ParameterizedTest
  @CsvSource({
    "1, 500",
    "2, 1000",
    "3, 2000",
    "7, 32000",
    "8, 60000",
    "9, 60000",
    "31, 60000",
    "1000000, 60000",
    "2147483647, 60000"
  })
  void drawsUpToABoundThatDoublesUntilItsMaximum(int failures, long bound) {
    Backoff longest = new Backoff(OPTIONS, new MostRandom());

    assertThat(longest.delay(failures)).isEqualTo(Duration.ofMillis(bound));
  }

  @RepeatedTest(20)
  void staysWithinTheBoundsWhateverIsDrawn(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    Backoff backoff = new Backoff(OPTIONS, new SplittableRandom(seed));
    for (int failures = 1; failures <= 100; failures++) {
      long bound = failures > 7 ? 60_000 : 500L << (failures - 1);
      assertThat(backoff.delay(failures))
          .as("seed %d, failure %d", seed, failures)
          .isBetween(Duration.ZERO, Duration.ofMillis(bound));
    }
  }

  @Test
  void drawsFromTheWholeRangeAndNotAroundItsEnd() {
    Backoff backoff = new Backoff(OPTIONS, new SplittableRandom(42));
    int[] quarters = new int[4];

    for (int i = 0; i < 4_000; i++) {
      quarters[(int) Math.min(3, backoff.delay(8).toMillis() / 15_000)]++;
    }

    for (int count : quarters) {
      assertThat(count).isBetween(850, 1_150);
    }
  }

  @Test
  void canWaitNotAtAll() {
    assertThat(new Backoff(OPTIONS, () -> 0L).delay(5)).isEqualTo(Duration.ZERO);
  }
}
