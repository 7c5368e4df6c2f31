package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.ReadCount;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run of ranges is held to one total, and the seconds beside it are no difference. */
class ComparedRunTest {
  private static final List<ReadCount> STRETCH =
      List.of(
          count(today("08:00", "09:00"), 4, 1, 2, 0),
          count(today("09:00", "10:00"), 3, 1, 1, 1),
          count(today("10:00", "11:00"), 0, 0, 0, 1),
          count(today("11:00", "12:00"), 5, 2, 1, 3));

  private static ReadCount count(TimeRange range, long rows, long first, long last, long outside) {
    return new ReadCount(range, rows, rows, first, last, outside);
  }

  @Test
  void rowsOfTheNeighboursSecondsMayOrMayNotCount() {
    ComparedRun middle = new ComparedRun(STRETCH, 1, 3);

    assertThat(middle.range()).isEqualTo(today("09:00", "11:00"));
    assertThat(middle.expected()).isEqualTo(3);
    // Two in the last second before it, two in the first one after it.
    assertThat(List.of(2L, 3L, 5L, 7L, 8L))
        .map(middle::accepts)
        .containsExactly(false, true, true, true, false);
  }

  /** Nothing is known of what lies beside a stretch but what its own windows have returned. */
  @Test
  void besideAStretchItsOwnWindowsTell() {
    ComparedRun all = new ComparedRun(STRETCH, 0, 4);

    assertThat(List.of(11L, 12L, 15L, 16L))
        .map(all::accepts)
        .containsExactly(false, true, true, false);
  }

  @Test
  void isHalvedDownToSingleRanges() {
    List<ComparedRun> halves = new ComparedRun(STRETCH, 0, 3).halves();

    assertThat(halves)
        .extracting(ComparedRun::range)
        .containsExactly(today("08:00", "09:00"), today("09:00", "11:00"));
    assertThat(halves).extracting(ComparedRun::isSingle).containsExactly(true, false);
    assertThat(halves.get(1).halves()).allMatch(ComparedRun::isSingle);
  }

  @Test
  void aStretchIsCutIntoRunsOfALength() {
    assertThat(ComparedRun.of(STRETCH, 2 * 3600))
        .extracting(ComparedRun::range)
        .containsExactly(today("08:00", "10:00"), today("10:00", "12:00"));
    assertThat(ComparedRun.of(STRETCH, 4 * 3600)).hasSize(1);
    assertThat(ComparedRun.of(STRETCH, 1)).hasSize(4);
  }
}
