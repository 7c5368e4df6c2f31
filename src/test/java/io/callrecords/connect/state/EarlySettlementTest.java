package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An offset keeps its size: the oldest windows make room, and one line says so. */
class EarlySettlementTest {
  private static final int IDS = 1_000;
  private static final int ID_LENGTH = 40;

  private final DayFixture fixture =
      new DayFixture(DayFixture.options().lateArrival(Duration.ofDays(1)), 1, 6, 0)
          .restored(at(6, 12));
  private final SplittableRandom random = new SplittableRandom(7);

  @Test
  void theOldestWindowsMakeRoomOnceADaysIdsAreTooMany() {
    try (LogCapture log = new LogCapture(EarlySettlement.class)) {
      for (int minute = 0; minute < 20; minute++) {
        apply(minute);
      }

      long early = fixture.counts.settledEarly();
      assertThat(early).isBetween(5L, 18L);
      assertThat(fixture.splits.unsettled().all()).hasSize((int) (20 - early));
      assertThat(fixture.splits.unsettled().all().get(0).range().from())
          .isEqualTo(minute((int) early).from());
      assertThat(log.lines()).hasSize(1);
    }
  }

  @Test
  void nothingIsSettledEarlyWhileThereIsRoom() {
    for (int minute = 0; minute < 5; minute++) {
      apply(minute);
    }

    assertThat(fixture.counts.settledEarly()).isZero();
  }

  private void apply(int minute) {
    String[] ids =
        IntStream.range(0, IDS)
            .mapToObj(
                i ->
                    random
                        .ints(ID_LENGTH, 'a', 'z')
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, (a, b) -> {})
                        .toString())
            .toArray(String[]::new);
    fixture.splits.apply(snapshot(minute(minute), minute(minute).to(), ids));
  }

  private static TimeRange minute(int minute) {
    Instant from = at(6, 10).plusSeconds(60L * minute);
    return new TimeRange(from, from.plusSeconds(60));
  }
}
