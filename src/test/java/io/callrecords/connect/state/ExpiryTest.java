package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpiryTest {
  private static final Instant KEPT = Instant.parse("2026-11-01T15:00:00Z");

  @Test
  void whatHadExpiredBeforeTheStartIsInDoubt() {
    assertThat(Expiry.of(List.of(endingAfter(Duration.ofHours(-5))), KEPT))
        .isEqualTo(Expiry.UNCONFIRMED);
    assertThat(Expiry.of(List.of(endingAfter(Duration.ofMinutes(2))), KEPT))
        .isEqualTo(Expiry.UNCONFIRMED);
  }

  @Test
  void whatExpiresLaterIsLost() {
    assertThat(
            Expiry.of(
                List.of(endingAfter(Duration.ofHours(-5)), endingAfter(Duration.ofHours(1))), KEPT))
        .isEqualTo(Expiry.LOST);
  }

  @Test
  void whatWasReadIsNeither() {
    assertThat(Expiry.of(List.of(), KEPT)).isEqualTo(Expiry.READ);
  }

  /** {@link TaskSplits#expire} tells the worst of several days. */
  @Test
  void aLossIsWorseThanADoubt() {
    assertThat(Expiry.values()).containsExactly(Expiry.READ, Expiry.UNCONFIRMED, Expiry.LOST);
  }

  private static TimeRange endingAfter(Duration duration) {
    Instant to = KEPT.plus(duration);
    return new TimeRange(to.minusSeconds(600), to);
  }
}
