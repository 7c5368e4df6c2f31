package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static io.callrecords.connect.state.SplitFixture.windowOffset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Proves the order of a batch, and which offset holds after each of its items. */
class BatchBuilderTest {
  private static final TimeRange HOUR = range("08:00", "09:00");
  private static final WindowAudit AUDIT =
      WindowAudit.of(
          range("07:00", "08:00"),
          WindowOutcome.EXPIRED,
          IdSet.EMPTY,
          LateCounts.NONE,
          0,
          null,
          at("12:00"));
  private static final SplitOffset BASE = new SplitOffset(WHOLE_DAY.from(), at("08:00"), List.of());
  private static final SplitOffset LAST_EMITTED =
      new SplitOffset(
          WHOLE_DAY.from(), WHOLE_DAY.from(), List.of(windowOffset(State.READ, HOUR, "a")));
  private static final SplitOffset COMPLETE =
      new SplitOffset(
          WHOLE_DAY.from(), at("08:00"), List.of(windowOffset(State.READ, HOUR, "a", "b", "c")));

  private final Invariants invariants = Invariants.strict();

  @Test
  void whatWasEmittedOfTheWindowBeforeIsInEachOffset() {
    BatchBuilder builder =
        new BatchBuilder(1, DAY, LAST_EMITTED, List.of(AUDIT, AUDIT), invariants);
    builder.addRows(delta("a", "b", "c"), BASE);
    builder.addAuditsAfter(List.of(AUDIT, AUDIT));

    Batch batch = build(builder);

    assertThat(SplitFixture.items(batch))
        .containsExactly("expired", "expired", "b", "c", "expired", "expired");
    assertThat(IntStream.range(0, batch.size() - 1).mapToObj(index -> idsAfter(batch, index)))
        .containsExactly(
            List.of("a"),
            List.of("a"),
            List.of("a", "b"),
            List.of("a", "b", "c"),
            List.of("a", "b", "c"));
    assertThat(DayOffsets.at(batch, 5)).isSameAs(COMPLETE);
  }

  @Test
  void theLastOfItsRowsCompletesIt() {
    BatchBuilder builder = new BatchBuilder(1, DAY, LAST_EMITTED, List.of(), invariants);
    builder.addRows(delta("b", "c"), BASE);

    Batch batch = build(builder);

    assertThat(DayOffsets.at(batch, 0).windows())
        .containsExactly(windowOffset(State.PARTIAL, HOUR, "a", "b"));
    assertThat(DayOffsets.at(batch, 1)).isSameAs(COMPLETE);
  }

  /** A worker that dies between the two would otherwise lose the second one. */
  @Test
  void noWindowHasEndedBeforeItsAuditIsEmitted() {
    Batch audits = build(new BatchBuilder(1, DAY, LAST_EMITTED, List.of(AUDIT, AUDIT), invariants));
    assertThat(DayOffsets.at(audits, 0)).isSameAs(LAST_EMITTED);
    assertThat(DayOffsets.at(audits, 1)).isSameAs(COMPLETE);

    BatchBuilder builder =
        new BatchBuilder(1, DAY, LAST_EMITTED, List.of(AUDIT, AUDIT), invariants);
    builder.addRows(delta("b"), BASE);
    Batch batch = build(builder);
    assertThat(DayOffsets.at(batch, 0)).isSameAs(LAST_EMITTED);
    assertThat(DayOffsets.at(batch, 1).settled()).isEqualTo(BASE.settled());
  }

  @Test
  void aWindowWithoutNewRowsIsNothingToEmit() {
    BatchBuilder builder = new BatchBuilder(1, DAY, LAST_EMITTED, List.of(), invariants);
    builder.addRows(delta("a"), BASE);

    assertThat(builder.isEmpty()).isTrue();
  }

  @Test
  void anEmptyBatchIsABugAndNoBatchInProduction() {
    BatchBuilder strict = new BatchBuilder(1, DAY, LAST_EMITTED, List.of(), invariants);
    assertThatThrownBy(() -> strict.build(COMPLETE)).hasMessageContaining("a batch is empty");

    Invariants counting = Invariants.counting();
    assertThat(new BatchBuilder(1, DAY, LAST_EMITTED, List.of(), counting).build(COMPLETE))
        .isNull();
    assertThat(counting.violations()).isEqualTo(1);
  }

  private static Batch build(BatchBuilder builder) {
    assertThat(builder.isEmpty()).isFalse();
    return Objects.requireNonNull(builder.build(COMPLETE));
  }

  /** The difference to a window of which {@code a} was emitted. */
  private static WindowDelta delta(String... ids) {
    return WindowDelta.of(
        snapshot(HOUR, ids),
        new RangeHistory(IdSet.of(List.of("a")), LateCounts.NONE, List.of()),
        new EmittedIdIndex(),
        new SplitFixture().options(),
        true,
        Invariants.strict());
  }

  private static List<String> idsAfter(Batch batch, int index) {
    return DayOffsets.at(batch, index).windows().stream()
        .flatMap(window -> window.ids().ids().stream())
        .toList();
  }
}
