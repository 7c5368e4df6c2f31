package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowDelta.Decision;
import io.callrecords.connect.state.WindowDelta.Pending;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves which version of its call a row is said to be. */
class RowVersionTest {
  private final SplitFixture fixture = new SplitFixture();

  @ParameterizedTest
  @CsvSource({
    "NEW, , first",
    "NEW, 08:00, first",
    "NEW, 08:01, replayed",
    "LATE, , late",
    "LATE, 08:01, late",
    "CHANGED, , updated",
    "CHANGED, 08:01, updated",
    "ROUTED, , first",
    "ROUTED, 08:01, replayed"
  })
  void followsFromWhyARowIsEmitted(Decision decision, @Nullable String replayedTo, String text) {
    Pending row = new Pending(record("1", at("08:00")), decision, 0);

    assertThat(row.version(replayedTo == null ? null : at(replayedTo)).text()).isEqualTo(text);
  }

  /** The task that restarts has not emitted what was called while none was running. */
  @Test
  void doesNotCallReplayedWhatCameAfterTheReplayWasOrdered() {
    SplitOffset ordered =
        new SplitOffset(
            WHOLE_DAY.from(),
            WHOLE_DAY.from(),
            List.of(),
            SettledDays.NONE,
            null,
            null,
            SplitOffset.WHEN_OPENED,
            null);
    SplitState first = open(ordered, at("10:00"));
    Map<String, String> versions =
        versions(first, snapshot(range("00:00", "01:00"), at("10:00"), record("1", at("00:30"))));
    SplitOffset kept = first.unconfirmedOffset();
    SplitState second = open(kept, at("20:00"));
    versions.putAll(
        versions(
            second,
            snapshot(
                range("01:00", "19:00"),
                at("20:00"),
                record("2", at("02:00")),
                record("3", at("11:00")))));

    assertThat(kept.replayedTo()).isEqualTo(at("10:00"));
    assertThat(versions)
        .containsExactlyInAnyOrderEntriesOf(Map.of("1", "replayed", "2", "replayed", "3", "first"));
  }

  @Test
  void aDayThatIsSettledIsNoReplayAnyMore() {
    SplitOffset rest =
        new SplitOffset(
            WHOLE_DAY.from(),
            at("23:00"),
            List.of(),
            SettledDays.NONE,
            null,
            null,
            WHOLE_DAY.to(),
            null);
    SplitState state = open(rest, WHOLE_DAY.to().plusSeconds(3_600));
    assertThat(state.unconfirmedOffset().replayedTo()).isEqualTo(WHOLE_DAY.to());

    versions(
        state, snapshot(rest(), WHOLE_DAY.to().plusSeconds(200_000), record("1", at("23:30"))));

    assertThat(state.isDone()).isTrue();
    assertThat(state.unconfirmedOffset().replayedTo()).isNull();
  }

  private static TimeRange rest() {
    return new TimeRange(at("23:00"), WHOLE_DAY.to());
  }

  private static Map<String, String> versions(SplitState state, WindowSnapshot snapshot) {
    Map<String, String> versions = new HashMap<>();
    Batch batch = Objects.requireNonNull(state.apply(snapshot, new TaskCounts()));
    batch.rows().forEach(row -> versions.put(row.row().id(), row.version().text()));
    return versions;
  }

  private SplitState open(SplitOffset stored, Instant openedAt) {
    return new SplitState(
        new SplitScope(DAY, WHOLE_DAY, fixture.options(), openedAt),
        stored,
        fixture.policy(),
        fixture.emittedIds,
        fixture.readCounts,
        () -> SettledDays.NONE,
        OffsetJournal.disabled(),
        new VersionClock(),
        Invariants.strict());
  }
}
