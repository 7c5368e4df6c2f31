package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An offset leaves unread what is settled and not confirmed, and nothing else. */
class ConfirmedWindowsTest {
  private static final List<Window> WINDOWS =
      List.of(
          Window.settled(range("12:00", "14:00")),
          Window.partial(range("14:00", "15:00"), IdSet.of(List.of("a"))));

  private static ConfirmedWindows of(TimeRange... unconfirmed) {
    return ConfirmedWindows.of(WHOLE_DAY, at("10:00"), WINDOWS, List.of(unconfirmed));
  }

  private static List<TimeRange> ranges(ConfirmedWindows windows) {
    return windows.windows().stream().map(WindowOffset::range).toList();
  }

  @Test
  void whereAllIsConfirmedAllIsSaid() {
    assertThat(of().settledTo()).isEqualTo(at("10:00"));
    assertThat(ranges(of())).containsExactly(range("12:00", "14:00"), range("14:00", "15:00"));
  }

  @Test
  void whatIsNotConfirmedIsAGap() {
    ConfirmedWindows windows = of(range("08:00", "09:00"), range("13:00", "14:00"));

    assertThat(windows.settledTo()).isEqualTo(at("08:00"));
    assertThat(ranges(windows))
        .containsExactly(range("09:00", "10:00"), range("12:00", "13:00"), range("14:00", "15:00"));
  }

  @Test
  void nothingIsSettledWhereTheDayBeginsUnconfirmed() {
    ConfirmedWindows windows = of(range("00:00", "03:00"));

    assertThat(windows.settledTo()).isEqualTo(at("00:00"));
    assertThat(ranges(windows)).startsWith(range("03:00", "10:00"));
  }

  /** An offset has its limits. */
  @Test
  void theLongestAreLeftUnreadWhereThereAreTooMany() {
    List<TimeRange> unconfirmed = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Instant from = WHOLE_DAY.from().plusSeconds(i * 300L);
      unconfirmed.add(new TimeRange(from, from.plusSeconds(i < 36 ? 10 : 60)));
    }

    ConfirmedWindows windows = ConfirmedWindows.of(WHOLE_DAY, at("10:00"), List.of(), unconfirmed);

    assertThat(windows.settledTo()).isEqualTo(WHOLE_DAY.from().plusSeconds(36 * 300L));
    assertThat(windows.windows()).hasSize(64);
  }
}
