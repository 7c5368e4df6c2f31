package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.range;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The windows that may still gain records, over all open days. */
class UnsettledWindowsTest {
  private static final Instant NOW = at(6, 12);

  private final DayFixture fixture =
      new DayFixture(DayFixture.options().lateArrival(Duration.ofDays(2)), 1, 4, 5).restored(NOW);

  private static List<TimeRange> ranges(List<Window> windows) {
    return windows.stream().map(Window::range).toList();
  }

  private void read(TimeRange range) {
    fixture.splits.openFor(range);
    fixture.splits.apply(snapshot(range, NOW));
  }

  @Test
  void areInOrderOverDaysAndDoNotHoldWhatIsSettled() {
    assertThat(fixture.splits.unsettled().youngest()).isNull();
    read(range(6, 3, 4));
    read(range(5, 3, 4));
    read(range(1, 3, 4));

    assertThat(ranges(fixture.splits.unsettled().all()))
        .containsExactly(range(5, 3, 4), range(6, 3, 4));
    assertThat(fixture.splits.unsettled().youngest().range()).isEqualTo(range(6, 3, 4));
  }

  @Test
  void thoseOfARangeLieInItWhole() {
    read(range(5, 3, 4));
    read(range(5, 22, 24));
    read(range(6, 0, 2));
    read(range(6, 3, 4));

    assertThat(ranges(fixture.splits.unsettled().in(new TimeRange(at(5, 22), at(6, 3)))))
        .containsExactly(range(5, 22, 24), range(6, 0, 2));
    assertThat(fixture.splits.unsettled().in(range(5, 23, 24))).isEmpty();
  }
}
