package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Proves what becomes of a window when it is cut, merged or reopened. */
class WindowTest {
  private static final WindowLimits SIZE = new WindowLimits(100);
  private static final TimeRange HOUR = range("08:00", "09:00");

  @ParameterizedTest
  @EnumSource(State.class)
  void isInOneStateOnly(State state) {
    Window window = window(state, HOUR);

    assertThat(List.of(window.isPartial(), window.isUnsettled(), window.isSettled()))
        .containsExactly(state == State.PARTIAL, state == State.READ, state == State.SETTLED);
  }

  @Test
  void aStoredWindowCountsAsNeverRechecked() {
    Window window = window(State.READ, HOUR);

    assertThat(window.recheckedAt()).isEqualTo(HOUR.to());
    assertThat(window.readAt()).isEqualTo(HOUR.to());
  }

  @Test
  void aRecheckIsNoReading() {
    Window window =
        Window.read(
            new WindowOffset(HOUR, State.READ, 4, LateCounts.NONE, IdSet.of(List.of("a"))),
            at("09:00"));

    Window rechecked = window.recheckedAt(at("10:00"));

    assertThat(rechecked.recheckedAt()).isEqualTo(at("10:00"));
    assertThat(rechecked.readAt()).isEqualTo(at("09:00"));
    assertThat(rechecked.offset()).isEqualTo(window.offset());
  }

  @Test
  void aReopenedWindowKeepsWhatWasEmittedOfIt() {
    LateCounts lateCounts = new LateCounts(1, 2);
    IdSet ids = IdSet.of(Map.of("a", 17));
    Window window = Window.read(new WindowOffset(HOUR, State.READ, 5, lateCounts, ids), HOUR.to());

    assertThat(window.reopened().offset())
        .isEqualTo(new WindowOffset(HOUR, State.PARTIAL, WindowOffset.UNKNOWN, lateCounts, ids));
  }

  @Test
  void losesIdsWithoutTheFingerprintsOfTheOthers() {
    Window window =
        Window.read(
            new WindowOffset(
                HOUR, State.READ, 3, LateCounts.NONE, IdSet.of(Map.of("a", 1, "b", 2, "c", 3))),
            HOUR.to());

    Window without = window.withoutIds(Set.of("b", "x"));

    assertThat(without.ids()).isEqualTo(IdSet.of(Map.of("a", 1, "c", 3)));
    assertThat(without.offset().total()).isEqualTo(WindowOffset.UNKNOWN);
    assertThat(without.range()).isEqualTo(HOUR);
  }

  @Test
  void mergedWindowsAreAsOldAsTheOlderOne() {
    Window first =
        new Window(
            new WindowOffset(
                range("08:00", "08:30"),
                State.READ,
                2,
                new LateCounts(1, 0),
                IdSet.of(List.of("a", "b"))),
            at("10:00"),
            at("09:00"));
    Window second =
        new Window(
            new WindowOffset(
                range("08:30", "09:00"),
                State.READ,
                1,
                new LateCounts(0, 2),
                IdSet.of(List.of("c"))),
            at("09:45"),
            at("09:15"));

    Window merged = first.mergedWith(second);

    assertThat(merged.offset())
        .isEqualTo(
            new WindowOffset(
                HOUR,
                State.READ,
                WindowOffset.UNKNOWN,
                new LateCounts(1, 2),
                IdSet.of(List.of("a", "b", "c"))));
    assertThat(merged.recheckedAt()).isEqualTo(at("09:45"));
    assertThat(merged.readAt()).isEqualTo(at("09:00"));
  }

  @ParameterizedTest
  @CsvSource({
    // Up to half a page of rows: whatever their age.
    "08:00, 08:10, 08:20, 25, 25, 08:20, true",
    "08:00, 08:10, 08:20, 26, 25, 08:20, false",
    // More rows: once they are as old as they are long together.
    "08:00, 08:10, 08:20, 26, 25, 08:40, true",
    "08:00, 08:10, 08:20, 1000, 1000, 08:40, true",
    "08:00, 08:10, 08:20, 1000, 1001, 23:00, false",
    // An hour at most.
    "08:00, 08:30, 09:00, 1, 1, 09:00, true",
    "08:00, 08:30, 09:01, 1, 1, 23:00, false"
  })
  void mergesWithANeighbourWhenBothAreSmallForTheirAge(
      String from, String cut, String to, int first, int second, String now, boolean expected) {
    Window a = window(State.READ, range(from, cut), ids("a", first));
    Window b = window(State.READ, range(cut, to), ids("b", second));

    assertThat(a.mayMergeWith(b, at(now), SIZE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(value = State.class, names = "READ", mode = EnumSource.Mode.EXCLUDE)
  void onlyWindowsThatMayGainRecordsAreMergedForTheirSize(State other) {
    Window read = window(State.READ, range("08:00", "08:10"));
    Window before = window(other, range("07:50", "08:00"));
    Window after = window(other, range("08:10", "08:20"));

    assertThat(before.mayMergeWith(read, at("12:00"), SIZE)).isFalse();
    assertThat(read.mayMergeWith(after, at("12:00"), SIZE)).isFalse();
  }

  private static String[] ids(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toArray(String[]::new);
  }
}
