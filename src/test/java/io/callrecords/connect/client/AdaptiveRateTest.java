package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** How the rate falls, what it remembers, and how it finds out that the API bears more. */
class AdaptiveRateTest {
  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-01T00:00:00Z"));
  private final AdaptiveRate rate = new AdaptiveRate();

  private boolean refuse() {
    loop.runFor(Duration.ofMillis(100));
    return rate.refuse(loop.uptime(), loop.uptime());
  }

  private void accept(int pages) {
    for (int i = 0; i < pages; i++) {
      loop.runFor(Duration.ofMillis(100));
      rate.accept(loop.uptime());
    }
  }

  /** It is refused on its way up. */
  private void learn() {
    refuse();
    accept(30);
    refuse();
  }

  @Test
  void halvesAtFirstAndComesBackToTheFullRate() {
    refuse();
    assertThat(rate.factor()).isEqualTo(.5);
    accept(50);

    assertThat(rate.factor()).isCloseTo(1, within(1e-9));
    assertThat(rate.isLearned()).isFalse();
  }

  @Test
  void staysJustBelowTheRateAtWhichItIsRefusedAgain() {
    learn();
    accept(100);

    assertThat(rate.isLearned()).isTrue();
    assertThat(rate.factor()).isCloseTo(.8 * .99, within(.011));
  }

  @Test
  void fallsFasterWhileItGoesOnToBeRefused() {
    learn();
    double before = rate.factor();
    for (int i = 0; i < 8; i++) {
      refuse();
    }

    assertThat(rate.factor()).isBetween(before * .3, before * .6);
  }

  @Test
  void takesALateRequestForNoSign() {
    learn();
    accept(50);
    double before = rate.factor();

    assertThat(refuse()).isFalse();
    assertThat(rate.factor()).isEqualTo(before);
    assertThat(refuse()).isTrue();
  }

  @Test
  void findsOutThatTheApiBearsMore() {
    learn();
    accept(Math.toIntExact(Duration.ofMinutes(3).toSeconds() * 10));

    assertThat(rate.factor()).isEqualTo(1);
  }

  @Test
  void waitsLongerForItsNextProbeWhereTheLastOneWasRefused() {
    learn();
    double learned = rate.factor();
    accept(Math.toIntExact(Duration.ofSeconds(61).toSeconds() * 10));
    assertThat(rate.factor()).isGreaterThan(learned);
    refuse();
    double again = rate.factor();
    accept(Math.toIntExact(Duration.ofSeconds(110).toSeconds() * 10));

    assertThat(rate.factor()).isEqualTo(again);
  }

  @Test
  void forgetsWhenItHasLongBeenAtTheFullRate() {
    learn();
    accept(Math.toIntExact(Duration.ofMinutes(10).toSeconds() * 10));
    assertThat(rate.isLearned()).isFalse();
    refuse();

    assertThat(rate.factor()).isEqualTo(.5);
  }

  @Test
  void ignoresARefusalOfARequestSentBefore() {
    refuse();
    assertThat(rate.refuse(loop.uptime(), loop.uptime().minusMillis(1))).isFalse();
    assertThat(rate.factor()).isEqualTo(.5);
  }

  @Test
  void neverStopsAltogether() {
    for (int i = 0; i < 100; i++) {
      refuse();
    }

    assertThat(rate.factor()).isEqualTo(1.0 / 64);
  }
}
