package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.callrecords.connect.offset.EmittedId;
import io.callrecords.connect.offset.IdMark;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.JournaledDay;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Proves where the ids of the journal are found again. */
class JournaledWindowsTest {
  private final Map<String, Long> ids = new HashMap<>();

  @Test
  void whatWasReadBecomesWindowsOfAnHourAtMostWithTheIdsOfTheirTime() {
    put("a", "01:00");
    put("b", "03:30");

    List<WindowOffset> windows = of(at("00:00"), List.of(range("00:30", "04:00")));

    assertThat(windows)
        .extracting(WindowOffset::range)
        .containsExactly(range("00:30", "03:30"), range("03:30", "04:00"));
    assertThat(windows).extracting(WindowOffset::state).containsOnly(State.READ);
    assertThat(windows)
        .extracting(window -> window.ids().ids())
        .containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void idsOfWhatWasNotReadWholeAreThereToBeReadAgain() {
    put("a", "05:00");
    put("b", "05:10");

    assertThat(of(at("00:00"), List.of()))
        .singleElement()
        .satisfies(
            window -> {
              assertThat(window.state()).isEqualTo(State.PARTIAL);
              assertThat(window.range().from()).isEqualTo(at("05:00"));
              assertThat(window.range().to()).isEqualTo(at("05:10").plusSeconds(1));
              assertThat(window.ids().ids()).containsExactly("a", "b");
            });
  }

  @Test
  void idsOfWhatIsSettledAreForgotten() {
    put("a", "01:00");
    put("b", "02:00");

    List<WindowOffset> windows = of(at("02:00"), List.of(range("00:00", "03:00")));

    assertThat(windows)
        .extracting(WindowOffset::state, WindowOffset::range, window -> window.ids().ids())
        .containsExactly(
            tuple(State.SETTLED, range("00:00", "02:00"), List.of()),
            tuple(State.READ, range("02:00", "03:00"), List.of("b")));
  }

  @Test
  void theJournalKnowsBetterThanTheDaysOwnOffsetButForWhatIsSettled() {
    put("a", "05:00");
    put("moved", "01:00");
    WindowOffset own =
        new WindowOffset(
            range("05:00", "06:00"),
            State.READ,
            3,
            new LateCounts(1, 0),
            IdSet.of(Map.of("a", 1, "b", 2, "moved", 3)));

    List<WindowOffset> windows = of(at("02:00"), List.of(), own);

    assertThat(windows).hasSize(2);
    WindowOffset restored = windows.get(1);
    assertThat(restored.ids().ids()).containsExactly("a", "b", "moved");
    assertThat(restored.ids().fingerprint("a")).isEqualTo(7);
    assertThat(restored.ids().fingerprint("b")).isEqualTo(2);
    assertThat(restored.lateCounts()).isEqualTo(new LateCounts(1, 0));
  }

  /** It was opened again: the journal may have said before that it was settled. */
  @Test
  void whatTheDaysOwnOffsetCallsPartialIsNotSettled() {
    WindowOffset own =
        new WindowOffset(
            range("01:00", "01:30"),
            State.PARTIAL,
            WindowOffset.UNKNOWN,
            LateCounts.NONE,
            IdSet.of(List.of("a")));

    assertThat(of(at("03:00"), List.of(), own))
        .extracting(WindowOffset::state, WindowOffset::range)
        .containsExactly(
            tuple(State.SETTLED, range("00:00", "01:00")),
            tuple(State.PARTIAL, range("01:00", "01:30")),
            tuple(State.SETTLED, range("01:30", "03:00")));
  }

  @Test
  void aWindowGetsNoMoreIdsThanCanBeReadAtOnceUnlessASecondHasMore() {
    for (int i = 0; i < 5_000; i++) {
      Instant second = at("01:00").plusSeconds(i < 2_500 ? i / 10 : 300);
      ids.put("id" + i, IdMark.of(1, second.getEpochSecond()));
    }

    List<WindowOffset> windows = of(at("00:00"), List.of(range("01:00", "02:00")));

    assertThat(windows).hasSize(3);
    assertThat(windows.stream().mapToInt(window -> window.ids().size()).sum()).isEqualTo(5_000);
    assertThat(windows.get(windows.size() - 1).ids().size()).isGreaterThanOrEqualTo(2_500);
  }

  /** Each piece of it that is read again would cost as much as all that is left, else. */
  @Test
  void whatWasNotReadWholeIsCutAsWell() {
    for (int i = 0; i < 3_000; i++) {
      ids.put("id" + i, IdMark.of(1, at("01:00").plusSeconds(i).getEpochSecond()));
    }

    List<WindowOffset> windows = of(at("00:00"), List.of());

    assertThat(windows).extracting(WindowOffset::state).containsOnly(State.PARTIAL);
    assertThat(windows)
        .hasSize(3)
        .allSatisfy(window -> assertThat(window.ids().size()).isEqualTo(1_000));
    assertThat(windows.get(0).range().from()).isEqualTo(at("01:00"));
    assertThat(windows.get(2).range().to()).isEqualTo(at("01:50"));
  }

  private void put(String id, String time) {
    ids.put(id, IdMark.of(7, at(time).getEpochSecond()));
  }

  private List<WindowOffset> of(Instant settled, List<TimeRange> read, WindowOffset... own) {
    SplitOffset stored = new SplitOffset(WHOLE_DAY.from(), WHOLE_DAY.from(), Arrays.asList(own));
    List<EmittedId> emitted = new ArrayList<>();
    ids.forEach((id, mark) -> emitted.add(new EmittedId(id, mark)));
    List<TimeRange> settledRanges =
        settled.equals(WHOLE_DAY.from())
            ? List.of()
            : List.of(new TimeRange(WHOLE_DAY.from(), settled));
    JournaledDay journaled = new JournaledDay(true, settledRanges, read, emitted);
    return JournaledWindows.of(stored, journaled, WHOLE_DAY);
  }
}
