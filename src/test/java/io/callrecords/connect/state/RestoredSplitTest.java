package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.windowOffset;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what a stored offset means once the start has moved, and when it contradicts itself. */
class RestoredSplitTest {
  private static final Instant MIDNIGHT = WHOLE_DAY.from();

  @Test
  void isSettledFromTheStartToTheWatermark() {
    WindowOffset read = windowOffset(State.READ, range("08:00", "09:00"), "a");
    WindowOffset started = windowOffset(State.PARTIAL, range("10:00", "11:00"), "b");

    RestoredSplit restored = restore(MIDNIGHT, MIDNIGHT, at("08:00"), read, started);

    assertThat(restored.windows())
        .containsExactly(
            Window.settled(range("00:00", "08:00")), Window.stored(read), Window.stored(started));
    assertThat(restored.beforeStart()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"})
  void aStartBeforeTheDayIsItsBeginning(Instant start) {
    assertThat(restore(MIDNIGHT, start, at("08:00")).windows())
        .containsExactly(Window.settled(range("00:00", "08:00")));
  }

  @Test
  void aStartThatWasMovedBackLeavesAGap() {
    assertThat(restore(MIDNIGHT, at("06:00"), at("08:00")).windows())
        .containsExactly(Window.settled(range("06:00", "08:00")));
  }

  @Test
  void aStartThatWasMovedForwardCutsTheWindowAroundIt() {
    LateCounts lateCounts = new LateCounts(1, 0);
    IdSet ids = IdSet.of(List.of("a", "b"));
    WindowOffset whole = new WindowOffset(range("08:00", "09:00"), State.READ, 2, lateCounts, ids);

    RestoredSplit restored = restore(at("08:30"), MIDNIGHT, at("07:00"), whole);

    assertThat(restored.beforeStart())
        .containsExactly(
            windowOffset(State.SETTLED, range("00:00", "07:00")),
            new WindowOffset(
                range("08:00", "08:30"), State.READ, WindowOffset.UNKNOWN, lateCounts, ids));
    assertThat(restored.windows())
        .extracting(Window::offset)
        .containsExactly(
            new WindowOffset(
                range("08:30", "09:00"), State.READ, WindowOffset.UNKNOWN, LateCounts.NONE, ids));
  }

  @Test
  void whatLiesBeforeAMovedStartStaysInOrderWhenItIsMovedTwice() {
    SplitOffset once =
        new SplitOffset(
            at("06:00"),
            at("08:00"),
            List.of(windowOffset(State.READ, range("03:00", "04:00"), "a")));

    RestoredSplit twice = RestoredSplit.of(once, new SplitFixture().start(at("07:00")).scope());

    assertThat(twice.beforeStart())
        .extracting(WindowOffset::range)
        .containsExactly(range("03:00", "04:00"), range("06:00", "07:00"));
    assertThat(twice.windows()).containsExactly(Window.settled(range("07:00", "08:00")));
  }

  /** An operator can write such an offset; none of them may fail a task. */
  @Test
  void whatCannotBeIsLeftOut() {
    WindowOffset hidden = windowOffset(State.READ, range("03:00", "04:00"), "a");
    WindowOffset empty = windowOffset(State.READ, new TimeRange(at("09:00"), at("09:00")), "b");

    assertThat(restore(MIDNIGHT, MIDNIGHT, at("08:00"), hidden, empty).windows())
        .containsExactly(Window.settled(range("00:00", "08:00")));
  }

  @Test
  void aStartBehindTheWatermarkSettlesNothingAndForgetsNothing() {
    WindowOffset around = windowOffset(State.READ, range("08:00", "10:00"), "a");

    assertThat(restore(MIDNIGHT, at("09:00"), at("08:00"), around).windows())
        .containsExactly(Window.stored(around));
    Instant afterTheDay = WHOLE_DAY.to().plus(Duration.ofDays(1));
    assertThat(restore(MIDNIGHT, afterTheDay, at("08:00"), around).windows())
        .containsExactly(Window.stored(around));
  }

  private static RestoredSplit restore(
      Instant start, Instant storedStart, Instant settled, WindowOffset... windows) {
    return RestoredSplit.of(
        new SplitOffset(storedStart, settled, List.of(windows)),
        new SplitFixture().start(start).scope());
  }
}
