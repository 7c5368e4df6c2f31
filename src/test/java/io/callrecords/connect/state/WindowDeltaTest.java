package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.malformed;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static io.callrecords.connect.state.SplitFixture.windowOffset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowDelta.Decision;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

/** Proves what of a window is emitted, why, and what its offset says in between. */
class WindowDeltaTest {
  private static final TimeRange HOUR = range("08:00", "09:00");
  private static final Instant TIME = at("08:15");

  private final SplitFixture fixture = new SplitFixture();

  @Test
  void aRowOfAnUnreadWindowIsNew() {
    WindowDelta delta = delta(RangeHistory.NONE, record("a", TIME), record("b", TIME));

    assertThat(pending(delta)).containsExactly(entry("a", Decision.NEW), entry("b", Decision.NEW));
    assertThat(delta.countsAfterAll()).isEqualTo(LateCounts.NONE);
  }

  @Test
  void aRowIsLateOnlyWhereItsSecondHadBeenReadWhole() {
    RangeHistory history =
        new RangeHistory(IdSet.of(List.of("a")), LateCounts.NONE, List.of(range("08:00", "08:30")));

    WindowDelta delta =
        delta(history, record("a", TIME), record("b", TIME), record("c", at("08:30")));

    assertThat(pending(delta)).containsExactly(entry("b", Decision.LATE), entry("c", Decision.NEW));
    assertThat(delta.decisions()).containsEntry(Decision.KNOWN, 1);
  }

  @Test
  void aRowThatAnotherWindowOwnsIsKnown() {
    fixture.emittedIds.assign("a", SplitFixture.window(State.READ, range("12:00", "13:00"), "a"));

    WindowDelta delta = delta(RangeHistory.NONE, record("a", TIME));

    assertThat(delta.isEmpty()).isTrue();
    assertThat(delta.idsAfterAll().ids()).containsExactly("a");
  }

  /** A page may have cut it: once it is whole, it is what it was, or has changed. */
  @Test
  void aRowThatMayHaveBeenCutIsLeftOutAndComparedAgain() {
    fixture.emitsUpdates();
    FeedRecord before = record("a", TIME, "before");
    RangeHistory history =
        new RangeHistory(
            IdSet.of(Map.of("a", before.fingerprint())), LateCounts.NONE, List.of(HOUR));

    WindowDelta delta = delta(false, history, record("a", TIME, "cut"), record("b", TIME, "new"));

    assertThat(pending(delta)).containsExactly(entry("b", Decision.LATE));
    assertThat(delta.idsAfterAll().fingerprint("a")).isEqualTo(before.fingerprint());
  }

  @Test
  void aRowIsChangedWhenItsFingerprintIsAnother() {
    fixture.emitsUpdates();
    FeedRecord before = record("a", TIME, "before");
    RangeHistory history =
        new RangeHistory(
            IdSet.of(
                Map.of("a", before.fingerprint(), "b", before.fingerprint(), "c", IdSet.UNKNOWN)),
            new LateCounts(1, 1),
            List.of(HOUR));
    FeedRecord after = record("a", TIME, "after");

    WindowDelta delta = delta(history, after, record("b", TIME, "x"), record("c", TIME, "y"));

    assertThat(pending(delta))
        .containsExactly(entry("a", Decision.CHANGED), entry("b", Decision.CHANGED));
    assertThat(delta.countsAfter(0)).isEqualTo(new LateCounts(1, 1));
    assertThat(delta.countsAfter(1)).isEqualTo(new LateCounts(1, 2));
    assertThat(delta.countsAfterAll()).isEqualTo(new LateCounts(1, 3));
    assertThat(delta.idsAfter(1).fingerprint("a")).isEqualTo(after.fingerprint());
    assertThat(delta.idsAfter(1).fingerprint("b")).isEqualTo(before.fingerprint());
    assertThat(delta.idsAfterAll().fingerprint("c")).isNotEqualTo(IdSet.UNKNOWN);
  }

  @Test
  void withoutUpdatesNoRowIsChangedAndNoFingerprintIsKept() {
    RangeHistory history = new RangeHistory(IdSet.of(List.of("a")), LateCounts.NONE, List.of(HOUR));

    WindowDelta delta = delta(history, record("a", TIME, "after"));

    assertThat(delta.isEmpty()).isTrue();
    assertThat(delta.idsAfterAll()).isEqualTo(IdSet.of(List.of("a")));
  }

  @Test
  void aMalformedRowFailsTheTaskUnlessItIsSkippedOrRouted() {
    MalformedRecord row = malformed("b", TIME);

    assertThatThrownBy(() -> delta(RangeHistory.NONE, record("a", TIME), row))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("Record 3 of the page: callDuration is not a number")
        .hasMessageContaining(HOUR.toString())
        .hasMessageContaining("malformed.records");

    fixture.malformed(MalformedPolicy.SKIP);
    WindowDelta skipped = delta(RangeHistory.NONE, record("a", TIME), row);
    assertThat(pending(skipped)).containsExactly(entry("a", Decision.NEW));
    assertThat(skipped.decisions()).containsEntry(Decision.SKIPPED, 1);
    assertThat(skipped.idsAfterAll().contains(row.id())).isTrue();

    fixture.malformed(MalformedPolicy.TOPIC);
    WindowDelta routed = delta(RangeHistory.NONE, record("a", TIME), row);
    assertThat(pending(routed))
        .containsExactly(entry(row.id(), Decision.ROUTED), entry("a", Decision.NEW));
  }

  @Test
  void aMalformedRowThatWasEmittedBeforeFailsNothing() {
    MalformedRecord row = malformed("b", TIME);
    RangeHistory history =
        new RangeHistory(IdSet.of(List.of(row.id())), LateCounts.NONE, List.of(HOUR));

    assertThat(delta(history, row).decisions()).containsEntry(Decision.KNOWN, 1);
  }

  @Test
  void theOffsetAfterARowHoldsWhatWasEmittedUpToIt() {
    RangeHistory history =
        new RangeHistory(
            IdSet.of(List.of("a")), new LateCounts(1, 0), List.of(range("08:00", "08:30")));
    WindowDelta delta = delta(history, record("b", TIME), record("c", at("08:45")));
    WindowOffset before = windowOffset(State.READ, range("07:00", "08:00"), "x");
    WindowOffset after = windowOffset(State.READ, range("09:00", "10:00"), "y");
    SplitOffset base = new SplitOffset(WHOLE_DAY.from(), at("07:00"), List.of(before, after));

    assertThat(delta.offsetAfter(base, 0).windows())
        .containsExactly(before, started(new LateCounts(1, 0), "a"), after);
    assertThat(delta.offsetAfter(base, 1).windows())
        .containsExactly(before, started(new LateCounts(2, 0), "a", "b"), after);
    assertThat(delta.offsetAfter(base, 2).windows())
        .containsExactly(before, started(new LateCounts(2, 0), "a", "b", "c"), after);
    assertThat(delta.offsetAfter(base, 2).settled()).isEqualTo(base.settled());
  }

  @Test
  void anOutOfRangeRowIsABugAndEmittedAllTheSameInProduction() {
    FeedRecord record = record("a", TIME);
    OutOfRangeRecord row = new OutOfRangeRecord(record, malformed("a", TIME));

    assertThatThrownBy(() -> delta(RangeHistory.NONE, row))
        .isInstanceOf(IllegalStateException.class);

    Invariants counting = Invariants.counting();
    WindowDelta delta =
        WindowDelta.of(
            snapshot(HOUR, HOUR.to(), row),
            RangeHistory.NONE,
            fixture.emittedIds,
            fixture.options(),
            true,
            counting);
    assertThat(pending(delta)).containsExactly(entry("a", Decision.NEW));
    assertThat(counting.violations()).isEqualTo(1);
  }

  @Test
  void tracesItsDecisionsWithoutTheIds() {
    try (LogCapture log = new LogCapture(WindowDelta.class)) {
      delta(
          new RangeHistory(IdSet.of(List.of("id-1")), LateCounts.NONE, List.of(HOUR)),
          record("id-1", TIME),
          record("id-2", TIME, "secret"));

      assertThat(log.lines())
          .containsExactly(
              "TRACE Row 1 of 2 in " + HOUR + " is KNOWN.",
              "TRACE Row 2 of 2 in " + HOUR + " is LATE.");
    }
  }

  private WindowDelta delta(RangeHistory history, Row... rows) {
    return delta(true, history, rows);
  }

  private WindowDelta delta(boolean mayUpdate, RangeHistory history, Row... rows) {
    return WindowDelta.of(
        snapshot(HOUR, HOUR.to(), rows),
        history,
        fixture.emittedIds,
        fixture.options(),
        mayUpdate,
        Invariants.strict());
  }

  private static WindowOffset started(LateCounts lateCounts, String... ids) {
    return new WindowOffset(
        HOUR, State.PARTIAL, WindowOffset.UNKNOWN, lateCounts, IdSet.of(List.of(ids)));
  }

  private static List<Map.Entry<String, Decision>> pending(WindowDelta delta) {
    return delta.pending().stream()
        .map(next -> Map.entry(next.row().id(), next.decision()))
        .toList();
  }
}
