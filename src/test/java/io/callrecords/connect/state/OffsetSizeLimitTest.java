package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.window;
import static io.callrecords.connect.state.SplitFixture.windowOffset;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves what has to go from an offset that is too long, and that it is no more than that. */
class OffsetSizeLimitTest {
  private final Window first = window(State.READ, range("08:00", "09:00"), "a", "b");
  private final Window settled = window(State.SETTLED, range("09:00", "10:00"));
  private final Window second = window(State.READ, range("10:00", "11:00"), "c");
  private final Window started = window(State.PARTIAL, range("11:00", "12:00"), "d");
  private final Window third = window(State.READ, range("12:00", "13:00"), "e");
  private final List<Window> windows = List.of(first, settled, second, started, third);
  private final int length = windows.stream().mapToInt(w -> w.offset().encodedLength()).sum();

  @Test
  void nothingHasToGoFromAnOffsetThatFits() {
    assertThat(new OffsetSizeLimit(length).excess(windows)).isEmpty();
    assertThat(new OffsetSizeLimit(length).isExceededBy(windows, List.of())).isFalse();
    assertThat(new OffsetSizeLimit(length - 1).isExceededBy(windows, List.of())).isTrue();
  }

  @Test
  void theOldestUnsettledWindowsGoUntilTheRestFits() {
    int withoutFirst = length - first.offset().encodedLength();

    assertThat(new OffsetSizeLimit(length - 1).excess(windows)).containsExactly(first);
    assertThat(new OffsetSizeLimit(withoutFirst).excess(windows)).containsExactly(first);
    assertThat(new OffsetSizeLimit(withoutFirst - 1).excess(windows))
        .containsExactly(first, second);
    assertThat(new OffsetSizeLimit(0).excess(windows)).containsExactly(first, second, third);
  }

  @Test
  void whatIsKeptForAnEarlierStartCountsButIsNoReasonToSettle() {
    WindowOffset before = windowOffset(State.READ, range("07:00", "08:00"), "z");
    OffsetSizeLimit limit = new OffsetSizeLimit(length + before.encodedLength() - 1);

    assertThat(limit.isExceededBy(windows, List.of(before))).isTrue();
    assertThat(limit.excess(windows)).isEmpty();
  }
}
