package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;
import static io.callrecords.connect.state.SplitFixture.WHOLE_DAY;
import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static io.callrecords.connect.state.SplitFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.clearInvocations;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Proves what a day's own offset holds before and after its ids go to the journal. */
class OwnOffsetTest {
  private final SplitFixture fixture = new SplitFixture();
  private final EmittedIdIndex emittedIds = spy(fixture.emittedIds);
  private final OffsetJournal journal =
      new OffsetJournal(
          true,
          new JournalLimits(600, 400),
          WHOLE_DAY.from(),
          () -> SettledDays.NONE,
          day -> false);
  private final SplitState state = open(journal);

  private SplitState open(OffsetJournal used) {
    return new SplitState(
        fixture.scope(),
        null,
        fixture.policy(),
        emittedIds,
        fixture.readCounts,
        () -> SettledDays.NONE,
        used,
        new VersionClock(),
        Invariants.strict());
  }

  @Test
  void aQuietDayHasNothingInTheJournal() {
    SplitOffset offset = own(read("01:00", "02:00", 3));

    assertThat(offset.generation()).isNull();
    assertThat(offset.windows())
        .singleElement()
        .satisfies(window -> assertThat(window.ids().size()).isEqualTo(3));
  }

  @Test
  void namesItsIdsInTheJournalBeforeTheFirstOfThemGoesThere() {
    SplitOffset named = own(read("01:00", "02:00", 15));
    assertThat(named.generation()).isNotNull();

    Batch batch = read("02:00", "03:00", 20);

    assertThat(isOfSegment(batch, 0)).isTrue();
    assertThat(isOfSegment(batch, batch.size() - 1)).isTrue();
  }

  @Test
  void holdsWhatIsSettledAndWhatItHeldOnceItIsFull() {
    read("01:00", "02:00", 15);
    read("02:00", "03:00", 20);

    SplitOffset own = state.unconfirmedOffset();

    assertThat(own.windows())
        .singleElement()
        .satisfies(
            window -> {
              assertThat(window.range()).isEqualTo(range("01:00", "02:00"));
              assertThat(window.ids().size()).isEqualTo(15);
            });
  }

  /** Else a crash could leave it settled in one source partition, and its row in none. */
  @Test
  void aWindowWithNewRowsIsSettledAtTheNextReading() {
    read("01:00", "02:00", 15);
    read("02:00", "03:00", 20);
    Instant late = at("03:00").plusSeconds(25 * 3_600L);

    Batch batch = read(range("02:00", "03:00"), 21, late);

    assertThat(batch.size()).isEqualTo(1);
    assertThat(isOfSegment(batch, 0)).isTrue();
    assertThat(state.isSettled(range("02:00", "03:00"))).isFalse();

    read(range("02:00", "03:00"), 21, late.plusSeconds(60));
    assertThat(state.isSettled(range("02:00", "03:00"))).isFalse();

    journal.delivery().acknowledged(batch.number());
    read(range("02:00", "03:00"), 21, late.plusSeconds(120));
    assertThat(state.isSettled(range("02:00", "03:00"))).isTrue();
  }

  /** A busy day has thousands of windows, in all of which each such id would be looked for. */
  @Test
  void whatIsSettledIsNotLookedForWheneverTheOffsetIsBuilt() {
    journal.delivery().acknowledged(read("01:00", "02:00", 15).number());
    journal.delivery().acknowledged(read("02:00", "03:00", 20).number());
    clearInvocations(emittedIds);
    state.unconfirmedOffset();
    verify(emittedIds, times(15)).owner(anyString());

    read(range("01:00", "02:00"), 15, at("02:00").plusSeconds(25 * 3_600L));

    assertThat(state.isSettled(range("01:00", "02:00"))).isTrue();
    clearInvocations(emittedIds);
    state.unconfirmedOffset();
    verify(emittedIds, never()).owner(anyString());
  }

  @Test
  void aTaskWithoutAJournalKeepsAllInItsOwnOffset() {
    SplitState other = open(OffsetJournal.disabled());

    for (int hour = 1; hour < 9; hour++) {
      other.apply(hour(hour), fixture.counts);
    }

    assertThat(other.unconfirmedOffset().windows()).hasSize(8);
    assertThat(other.unconfirmedOffset().generation()).isNull();
  }

  private static WindowSnapshot hour(int hour) {
    TimeRange range = range("0" + hour + ":00", "0" + (hour + 1) + ":00");
    return snapshot(range, range.to(), rows(range, 50));
  }

  private Batch read(String from, String to, int rows) {
    return read(range(from, to), rows, at(to));
  }

  private @Nullable Batch read(TimeRange range, int rows, Instant now) {
    return state.apply(snapshot(range, now, rows(range, rows)), fixture.counts);
  }

  private static Row[] rows(TimeRange range, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> record("call-" + range.from() + i, range.from().plusSeconds(i)))
        .toArray(Row[]::new);
  }

  private static SplitOffset own(Batch batch) {
    return DayOffsets.at(batch, batch.size() - 1);
  }

  private static boolean isOfSegment(Batch batch, int index) {
    assertThat(batch.split()).isEqualTo(DAY);
    return batch.offsets().apply(index).match(day -> false, segment -> true);
  }
}
