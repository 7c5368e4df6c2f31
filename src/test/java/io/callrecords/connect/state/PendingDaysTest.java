package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Days of which nothing is known are one gap each, and add up. */
class PendingDaysTest {
  private final PendingDays pending = new PendingDays();

  @BeforeEach
  void addDays() {
    pending.add(day(2), day(2).range());
    pending.add(day(1), range(1, 6, 24));
    pending.add(day(4), range(4, 0, 12));
  }

  @Test
  void theyAreInOrder() {
    assertThat(pending.first()).isEqualTo(day(1));
    assertThat(pending.after(day(2))).isEqualTo(day(4));
    assertThat(pending.after(day(4))).isNull();
    assertThat(pending.firstStart()).isEqualTo(at(1, 6));
    assertThat(pending.lastStart()).isEqualTo(at(4, 0));
  }

  @Test
  void theSumOfASpanIsThatOfItsGaps() {
    for (int hour = 0; hour < 5 * 24; hour++) {
      Instant until = at(1, hour);
      long sum = 0;
      for (int number = 1; number <= 5; number++) {
        sum += pending.gaps(day(number), until).stream().mapToLong(TimeRange::seconds).sum();
      }
      assertThat(pending.seconds(until)).as("%d hours", hour).isEqualTo(sum);
    }
    assertThat(pending.seconds(at(5, 0))).isEqualTo((18 + 24 + 12) * 3_600);
  }

  @Test
  void aDayThatIsTakenOutIsGone() {
    assertThat(pending.remove(day(2))).isTrue();
    assertThat(pending.remove(day(2))).isFalse();
    assertThat(pending.contains(day(2))).isFalse();
    assertThat(pending.gaps(day(2), at(5, 0))).isEmpty();
    assertThat(pending.seconds(at(5, 0))).isEqualTo((18 + 12) * 3_600);
    assertThat(pending.isEmpty()).isFalse();
    pending.remove(day(1));
    pending.remove(day(4));
    assertThat(pending.isEmpty()).isTrue();
    assertThat(pending.first()).isNull();
  }
}
