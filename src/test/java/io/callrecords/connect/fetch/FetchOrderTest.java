package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is wanted of a range decides what its total means. */
class FetchOrderTest {
  private static final TimeRange HOUR =
      new TimeRange(Instant.parse("2026-11-01T08:00:00Z"), Instant.parse("2026-11-01T09:00:00Z"));

  @Test
  void onlyTheExpectedTotalSaysThatNothingHasChanged() {
    assertThat(FetchOrder.readingUnless(HOUR, 5).isUnchangedAt(5)).isTrue();
    assertThat(FetchOrder.comparing(HOUR, 5).isUnchangedAt(5)).isTrue();
    assertThat(FetchOrder.readingUnless(HOUR, 5).isUnchangedAt(6)).isFalse();
    assertThat(FetchOrder.reading(HOUR).isUnchangedAt(0)).isFalse();
    assertThat(FetchOrder.incomparable(HOUR).isUnchangedAt(0)).isFalse();
  }

  @Test
  void recordsAreWantedOfWhatIsRead() {
    assertThat(FetchOrder.reading(HOUR).reads()).isTrue();
    assertThat(FetchOrder.readingUnless(HOUR, 5).reads()).isTrue();
    assertThat(FetchOrder.comparing(HOUR, 5).reads()).isFalse();
    assertThat(FetchOrder.incomparable(HOUR))
        .matches(order -> !order.reads() && !order.isComparable());
  }
}
