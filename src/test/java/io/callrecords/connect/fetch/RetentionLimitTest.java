package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** What has expired, what is old, and what a refusal says. */
class RetentionLimitTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private Instant now = NOW;
  private final RetentionLimit limit = new RetentionLimit(() -> now, DAY.multipliedBy(60));

  private static TimeRange days(int from, int to) {
    return new TimeRange(NOW.minus(DAY.multipliedBy(from)), NOW.minus(DAY.multipliedBy(to)));
  }

  /** What is nearly expired would be gone before the response. */
  @Test
  void leavesOutWhatIsOlderThanTheSettingButForTwoMinutes() {
    Instant oldest = NOW.minus(DAY.multipliedBy(60)).plusSeconds(120);

    assertThat(limit.clip(days(59, 58))).isEqualTo(days(59, 58));
    assertThat(limit.clip(days(61, 59))).isEqualTo(new TimeRange(oldest, days(61, 59).to()));
    assertThat(limit.clip(days(63, 61)).isEmpty()).isTrue();
    assertThat(limit.clip(days(63, 61)).to()).isEqualTo(days(63, 61).to());
  }

  @Test
  void goesOnWithTheTime() {
    now = NOW.plus(DAY);

    assertThat(limit.clip(days(60, 58)).from())
        .isEqualTo(NOW.minus(DAY.multipliedBy(59)).plusSeconds(120));
  }

  @Test
  void isOldBeyondHalfOfTheSetting() {
    assertThat(limit.isOld(days(30, 0).from())).isFalse();
    assertThat(limit.isOld(days(30, 0).from().minusSeconds(1))).isTrue();
  }

  @Test
  void shrinksToWhatTheApiKeepsAndNeverGrows() {
    assertThat(limit.isShrunk()).isFalse();
    limit.shrinkTo(days(40, 0).from());
    assertThat(limit.isShrunk()).isTrue();
    assertThat(limit.clip(days(60, 30))).isEqualTo(days(40, 30));

    limit.shrinkTo(days(50, 0).from());
    assertThat(limit.clip(days(60, 30))).isEqualTo(days(40, 30));
    limit.shrinkTo(days(35, 0).from());
    assertThat(limit.clip(days(60, 30))).isEqualTo(days(35, 30));
    assertThat(limit.isOld(days(31, 0).from())).isTrue();
  }

  @Test
  void remembersForAnHourWhatWasReturned() {
    assertThat(limit.hasReturnedOlder(days(40, 0).from())).isFalse();
    limit.returned(days(50, 49));
    limit.returned(days(3, 2));

    assertThat(limit.hasReturnedOlder(days(49, 0).from())).isTrue();
    assertThat(limit.hasReturnedOlder(days(50, 0).from())).isFalse();
    assertThat(limit.hasReturnedOlder(days(51, 0).from())).isFalse();
    now = NOW.plus(Duration.ofHours(1));
    assertThat(limit.hasReturnedOlder(days(49, 0).from())).isTrue();
    now = now.plusSeconds(1);
    assertThat(limit.hasReturnedOlder(days(49, 0).from())).isFalse();
  }

  /** After an hour, something younger is the oldest that is known to be returned. */
  @Test
  void forgetsTheOldestForSomethingYounger() {
    limit.returned(days(50, 49));
    now = NOW.plus(Duration.ofHours(2));
    limit.returned(days(20, 19));

    assertThat(limit.hasReturnedOlder(days(19, 0).from())).isTrue();
    assertThat(limit.hasReturnedOlder(days(49, 0).from())).isFalse();
  }

  /** The clock may have been corrected a little between the two. */
  @Test
  void takesNearlyTheSameMomentForTheSame() {
    limit.returned(days(50, 49));

    assertThat(limit.hasReturnedOlder(days(50, 0).from().plusSeconds(5))).isFalse();
    assertThat(limit.hasReturnedOlder(days(50, 0).from().plusSeconds(6))).isTrue();
  }

  @Test
  void tellsRefusalsOfARangeFromOthers() {
    FetchFixture fixture = FetchFixture.create();
    Throwable outOfRange = fixture.refusal(-25);
    Throwable parameter = fixture.refusal(-22);
    Throwable signature = fixture.refusal(-1);

    assertThat(RetentionLimit.isRefusal(outOfRange)).isTrue();
    assertThat(RetentionLimit.isRefusal(new CompletionException(parameter))).isTrue();
    assertThat(RetentionLimit.isRefusal(signature)).isFalse();
    assertThat(RetentionLimit.isRefusal(new IllegalStateException())).isFalse();
    assertThat(RetentionLimit.isRefusal(null)).isFalse();
  }

  /** Of a young range, a refused parameter says nothing of its age. */
  @Test
  void takesARefusedParameterOfAnOldRangeOnlyForItsAge() {
    FetchFixture fixture = FetchFixture.create();
    Throwable outOfRange = fixture.refusal(-25);
    Throwable parameter = new CompletionException(fixture.refusal(-22));

    assertThat(limit.isOutOfRange(days(2, 1), outOfRange)).isTrue();
    assertThat(limit.isOutOfRange(days(2, 1), parameter)).isFalse();
    assertThat(limit.isOutOfRange(days(42, 41), outOfRange)).isTrue();
    assertThat(limit.isOutOfRange(days(42, 41), parameter)).isTrue();
    assertThat(limit.isOutOfRange(days(42, 11), parameter)).isTrue();
    assertThat(limit.isOutOfRange(days(42, 41), fixture.refusal(-1))).isFalse();
  }
}
