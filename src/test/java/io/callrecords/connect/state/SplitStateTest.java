package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.items;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static io.callrecords.connect.state.SplitFixture.windowOffset;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what is known of a split after each thing that can happen to it. */
class SplitStateTest {
  private static final TimeRange FIRST = range("00:00", "01:00");
  private static final TimeRange SECOND = range("01:00", "02:00");

  private final SplitFixture fixture = new SplitFixture().emitsAudits();
  private final SplitState state = fixture.open();

  // ---- reading

  @Test
  void emitsARecordOnceHoweverOftenItIsReturned() {
    assertThat(items(apply(snapshot(FIRST, "a")))).containsExactly("a");
    assertThat(state.apply(snapshot(FIRST, "a"), fixture.counts)).isNull();
    assertThat(items(apply(snapshot(FIRST, "a", "b")))).containsExactly("b");

    assertThat(state.gaps(at("03:00"))).containsExactly(range("01:00", "03:00"));
    assertThat(state.readTo()).isEqualTo(at("01:00"));
    assertThat(fixture.counts.late()).isEqualTo(1);
  }

  @Test
  void isSettledOnceItIsReadLateEnough() {
    apply(snapshot(SECOND, "b"));
    Instant late = FIRST.to().plus(Duration.ofDays(1)).plusSeconds(5);

    Batch batch = apply(snapshot(FIRST, late, record("a", at("00:10"))));

    assertThat(items(batch)).containsExactly("a", "settled");
    assertThat(batch.auditsAfter().get(0).emitted()).isEqualTo(1);
    assertThat(state.settledTo()).isEqualTo(FIRST.to());
    assertThat(fixture.emittedIds.owner("a")).isNull();
    assertThat(state.isDone()).isFalse();
    assertThat(lastOffset(batch).settled()).isEqualTo(FIRST.to());
  }

  @Test
  void theWatermarkWaitsForWhatWasSettledBehindIt() {
    Instant late = WHOLE_DAY.to().plus(Duration.ofDays(1)).plusSeconds(5);
    apply(snapshot(SECOND, late));
    assertThat(state.settledTo()).isEqualTo(WHOLE_DAY.from());

    apply(snapshot(FIRST, late));
    assertThat(state.settledTo()).isEqualTo(SECOND.to());

    apply(snapshot(range("02:00", "03:00"), late));
    apply(snapshot(new TimeRange(at("03:00"), WHOLE_DAY.to()), late));
    assertThat(state.isDone()).isTrue();
  }

  @Test
  void whatWasSettledWhileItWasReadIsLeftOut() {
    state.expire(range("00:00", "00:30"), Instant.EPOCH, at("12:00"));

    Batch batch =
        apply(snapshot(FIRST, at("12:00"), record("a", at("00:10")), record("b", at("00:40"))));

    assertThat(items(batch)).containsExactly("expired", "b");
    assertThat(state.unsettled())
        .extracting(Window::range)
        .containsExactly(range("00:30", "01:00"));
    assertThat(state.unsettled().get(0).offset().total()).isEqualTo(WindowOffset.UNKNOWN);
  }

  /** Days without calls leave no offset: an earlier run may have read it. */
  @Test
  void whatWasTooOldAtTheStartIsUnconfirmedAndTheRestHasExpired() {
    apply(snapshot(SECOND, "a"));

    state.expire(FIRST, FIRST.to(), at("12:00"));
    state.expire(SECOND, FIRST.to(), at("12:00"));
    state.expire(range("02:00", "03:00"), FIRST.to(), at("12:00"));

    assertThat(items(Objects.requireNonNull(state.auditBatch())))
        .containsExactly("unconfirmed", "expired", "expired");
  }

  @Test
  void aRecheckThatFindsNothingIsNotedForEachWindowOfItsRange() {
    apply(snapshot(FIRST, "a"));
    apply(snapshot(SECOND, "b"));

    state.unchanged(range("00:30", "02:00"), at("12:00"));

    assertThat(state.unsettled())
        .extracting(Window::recheckedAt)
        .containsExactly(at("01:00"), at("12:00"));
    assertThat(state.unsettled())
        .extracting(Window::readAt)
        .containsExactly(at("01:00"), at("02:00"));
  }

  @Test
  void whatIsReopenedIsReadAgainAndEmitsNothingTwice() {
    apply(snapshot(FIRST, "a"));
    apply(snapshot(SECOND, "b"));

    state.reopenAfter(at("01:30"));

    assertThat(state.gaps(at("02:00"))).containsExactly(SECOND);
    assertThat(state.readTo()).isEqualTo(FIRST.to());
    assertThat(items(apply(snapshot(SECOND, "b", "c")))).containsExactly("c");
    assertThat(fixture.counts.late()).isZero();
  }

  @Test
  void smallWindowsAreMergedUnlessTheyAreBeingRead() {
    apply(snapshot(range("00:00", "00:10"), "a"));
    apply(snapshot(range("00:10", "00:20"), "b"));
    apply(snapshot(range("00:20", "00:30"), "c"));

    state.mergeSmallWindows(at("01:00"), new WindowLimits(100), List.of(range("00:25", "00:26")));

    assertThat(state.unsettled())
        .extracting(Window::range)
        .containsExactly(range("00:00", "00:20"), range("00:20", "00:30"));
  }

  // ---- the ends of windows

  @Test
  void buildsNoOffsetWhileNothingHasEnded() {
    IntStream.range(0, 20)
        .forEach(hour -> apply(snapshot(new TimeRange(hour(hour), hour(hour + 1)), "id" + hour)));
    int built = fixture.offsetsBuilt();

    IntStream.range(0, 1_000).forEach(poll -> assertThat(state.auditBatch()).isNull());

    assertThat(fixture.offsetsBuilt()).isEqualTo(built);
    state.expire(FIRST, Instant.EPOCH, WHOLE_DAY.to());
    assertThat(state.hasPendingAudits()).isTrue();
    assertThat(items(Objects.requireNonNull(state.auditBatch()))).containsExactly("expired");
    assertThat(state.hasPendingAudits()).isFalse();
    assertThat(fixture.offsetsBuilt()).isGreaterThan(built);
  }

  @Test
  void anAuditAheadOfAWindowsRowsDoesNotHideWhatWasEmittedOfIt() {
    apply(snapshot(FIRST, "a"));
    apply(snapshot(SECOND, "b"));
    state.expire(FIRST, Instant.EPOCH, WHOLE_DAY.to());

    Batch batch = apply(snapshot(SECOND, "b", "c"));

    assertThat(items(batch)).containsExactly("expired", "c");
    assertThat(DayOffsets.at(batch, 0).windows())
        .singleElement()
        .satisfies(window -> assertThat(window.ids().ids()).containsExactly("b"));
  }

  @Test
  void onlyWhatWasNotReadIsLostWhenItExpires() {
    apply(snapshot(FIRST, "a"));

    assertThat(state.expire(FIRST, Instant.EPOCH, at("12:00"))).isEmpty();
    assertThat(state.expire(SECOND, Instant.EPOCH, at("12:00"))).isNotEmpty();

    assertThat(state.settledTo()).isEqualTo(SECOND.to());
    assertThat(items(Objects.requireNonNull(state.auditBatch())))
        .containsExactly("expired", "expired");
  }

  @Test
  void whatIsSettledAlreadyDoesNotExpire() {
    apply(snapshot(FIRST, "a"));
    assertThat(state.settleBeyond(0, at("12:00"))).isEqualTo(1);
    assertThat(items(Objects.requireNonNull(state.auditBatch()))).containsExactly("settled-early");

    assertThat(state.expire(FIRST, Instant.EPOCH, at("12:00"))).isEmpty();
    assertThat(state.auditBatch()).isNull();

    assertThat(state.expire(range("00:00", "02:00"), Instant.EPOCH, at("12:00"))).isNotEmpty();
    assertThat(Objects.requireNonNull(state.auditBatch()).auditsBefore())
        .extracting(WindowAudit::window)
        .containsExactly(SECOND);
  }

  @Test
  void theOldestWindowsAreSettledEarlyWhenTheOffsetIsTooLong() {
    apply(snapshot(FIRST, "a"));
    Batch batch = apply(snapshot(SECOND, "b"));
    int length = lastOffset(batch).windows().stream().mapToInt(WindowOffset::encodedLength).sum();

    assertThat(state.settleBeyond(length, at("12:00"))).isZero();
    assertThat(state.settleBeyond(length - 1, at("12:00"))).isEqualTo(1);

    assertThat(state.settledTo()).isEqualTo(FIRST.to());
    assertThat(state.unsettled()).extracting(Window::range).containsExactly(SECOND);
    assertThat(state.apply(snapshot(FIRST, "late"), fixture.counts))
        .as("a settled window is not read")
        .satisfies(
            early ->
                assertThat(items(Objects.requireNonNull(early))).containsExactly("settled-early"));
  }

  @Test
  void whatIsKeptForAnEarlierStartGoesFirstWhenTheOffsetIsTooLong() {
    SplitOffset stored =
        new SplitOffset(
            WHOLE_DAY.from(),
            WHOLE_DAY.from(),
            List.of(windowOffset(State.READ, FIRST, "a"), windowOffset(State.READ, SECOND, "b")));
    SplitFixture moved = new SplitFixture().start(SECOND.from());
    SplitState restored = moved.open(stored);
    int length = windowOffset(State.READ, SECOND, "b").encodedLength();

    Batch before = restored.apply(snapshot(SECOND, "b", "c"), moved.counts);
    assertThat(lastOffset(before).windows()).hasSize(2);
    assertThat(restored.settleBeyond(length + 10, at("12:00"))).isZero();

    Batch after = restored.apply(snapshot(SECOND, "b", "c", "d"), moved.counts);
    assertThat(lastOffset(after).windows()).extracting(WindowOffset::range).containsExactly(SECOND);
  }

  // ---- what other days' offsets say of it

  @Test
  void otherDaysSayThatItIsSettledUnlessItsOwnOffsetDoes() {
    assertThat(state.emitted().unreportedDigest()).isEqualTo(SettledDays.WITHOUT_OFFSET);

    apply(snapshot(FIRST, "a"));
    assertThat(state.emitted().unreportedDigest())
        .isNotNull()
        .isNotEqualTo(SettledDays.WITHOUT_OFFSET);

    SplitOffset done = new SplitOffset(WHOLE_DAY.from(), WHOLE_DAY.to(), List.of());
    assertThat(new SplitFixture().open(done).emitted().unreportedDigest()).isNull();
    assertThat(new SplitFixture().start(at("06:00")).open().emitted().unreportedDigest()).isNull();
  }

  // ---- offsets that contradict themselves, as people write them

  @ParameterizedTest
  @ValueSource(strings = {"2026-11-01T00:00:00Z", "2026-11-01T03:00:00Z"})
  void aWindowBeforeWhatIsSettledIsNeitherReadNorRechecked(Instant from) {
    WindowOffset hidden =
        windowOffset(State.READ, new TimeRange(from, from.plusSeconds(3_600)), "1");

    SplitState restored =
        fixture.open(new SplitOffset(WHOLE_DAY.from(), at("08:00"), List.of(hidden)));

    assertThat(restored.settledTo()).isEqualTo(at("08:00"));
    assertThat(restored.unsettled()).isEmpty();
    assertThat(restored.gaps(WHOLE_DAY.to()))
        .containsExactly(new TimeRange(at("08:00"), WHOLE_DAY.to()));
  }

  @Test
  void logsWhatIsEmittedOfAWindowButNoneOfItsIds() {
    try (LogCapture log = new LogCapture(SplitState.class)) {
      apply(snapshot(FIRST, "id-1", "id-2"));

      assertThat(log.lines())
          .containsExactly(
              "DEBUG Window " + FIRST + ": the API returned 2 rows, 2 of them are emitted.");
    }
  }

  private Batch apply(WindowSnapshot snapshot) {
    Batch batch = state.apply(snapshot, fixture.counts);
    return batch == null ? NOTHING : batch;
  }

  private static SplitOffset lastOffset(Batch batch) {
    return DayOffsets.at(batch, batch.size() - 1);
  }

  private static Instant hour(int hour) {
    return WHOLE_DAY.from().plus(Duration.ofHours(hour));
  }

  private static final Batch NOTHING =
      new Batch(
          1,
          SplitFixture.DAY,
          List.of(),
          List.of(),
          Instant.EPOCH,
          List.of(),
          index -> {
            throw new IllegalStateException("Nothing was emitted");
          });
}
