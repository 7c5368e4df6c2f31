package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Proves that what is emitted later has a later time, whichever task emits it. */
class VersionClockTest {
  private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

  @Test
  void isTheApisTimeOnceATaskHasRunForSeconds() {
    VersionClock clock = new VersionClock();

    assertThat(clock.next(NOON.plusNanos(1_999_999))).isEqualTo(NOON.plusMillis(5_001));
    assertThat(clock.next(NOON.plusSeconds(1))).isEqualTo(NOON.plusMillis(5_002));
    assertThat(clock.next(NOON.plusSeconds(60))).isEqualTo(NOON.plusSeconds(60));
    assertThat(clock.next(NOON.minusSeconds(60))).isEqualTo(NOON.plusMillis(60_001));
  }

  /** Each task knows the API's clock to two seconds, and requests take up to ten. */
  @RepeatedTest(100)
  void neverFallsFromTaskToTask(RepetitionInfo repetition) {
    Random random = new Random(Seeds.of(repetition));
    Instant last = Instant.MIN;
    Instant now = NOON;
    for (int task = 0; task < 20; task++) {
      long error = random.nextInt(-2_000, 2_001);
      VersionClock clock = new VersionClock();
      // Its first window is requested after it has started; later ones may have waited.
      Instant started = now;
      for (int batch = 0; batch < 50; batch++) {
        now = now.plusMillis(random.nextInt(200));
        Instant requested = now.minusMillis(random.nextInt(10_000));
        Instant asked = requested.isBefore(started) ? started : requested;

        Instant next = clock.next(asked.plusMillis(error));

        assertThat(next).isAfter(last);
        last = next;
      }
      now = now.plusSeconds(1);
    }
  }
}
