package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Proves which days an offset of a later day settles, and which it does not. */
class ResumeStateTest {
  private static final Split MONDAY = new Split(LocalDate.of(2026, 11, 2));
  private static final Split TUESDAY = MONDAY.next();
  private static final Split WEDNESDAY = TUESDAY.next();
  private static final Instant START = MONDAY.range().from();

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final Map<Split, Map<String, ?>> stored = new HashMap<>();
  private final Map<Integer, Map<String, ?>> segments = new HashMap<>();
  private Instant settledBefore = WEDNESDAY.range().to();

  @Test
  void aDayIsSettledOnceALaterOneSaysSoOfItsVeryOffset() {
    SplitOffset monday = followed(MONDAY, "1", "2");
    store(MONDAY, monday);
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(monday)));

    assertThat(of(MONDAY).offsets().get(MONDAY))
        .isEqualTo(new SplitOffset(START, MONDAY.range().to(), List.of()));
    assertThat(of(MONDAY).done(START)).containsExactly(MONDAY);
  }

  // ---- the journal

  /** The clock was set back, or late.arrival.ms raised: without its ids, all would come twice. */
  @Test
  void aDayWhoseIdsAreGoneIsSettledHoweverYoungItIs() {
    settledBefore = START;
    SplitOffset monday = followed(MONDAY, "1").withGeneration("first");
    store(MONDAY, monday);
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(monday)));
    assertThat(of(MONDAY).done(START)).isEmpty();

    store(WEDNESDAY, telling(MONDAY, SettledDays.withoutIds(OffsetCodec.digest(monday))));
    assertThat(of(MONDAY).done(START)).containsExactly(MONDAY);
  }

  @Test
  void aDayThatNamesItsIdsInTheJournalHasThem() {
    store(MONDAY, followed(MONDAY, "1").withGeneration("first"));
    segment(1, 1, claim("first", true, 3), "a", 7);
    segment(2, 2, claim("first", true, 5), "a", 8);
    segment(3, 3, claim("second", true, 9), "x", 9);

    JournaledDay journaled = of(MONDAY).offsets().get(MONDAY).journaled();

    assertThat(journaled).isNotNull();
    assertThat(journaled.isNamed()).isTrue();
    assertThat(journaled.settled())
        .containsExactly(
            new TimeRange(MONDAY.range().from(), MONDAY.range().from().plusSeconds(5)));
    assertThat(journaled.ids()).extracting(EmittedId::id).containsExactly("a");
    assertThat(IdMark.fingerprint(journaled.ids().get(0).mark())).isEqualTo(8);
    assertThat(of(MONDAY).segments()).extracting(SegmentOffset::number).containsExactly(1, 2, 3);
  }

  @Test
  void aDayThatWasResetHasNothingInTheJournal() {
    segment(1, 1, claim("first", false, 3), "a", 7);
    segment(2, 2, claim("first", true, 5), "b", 7);

    assertThat(of(MONDAY).offsets()).isEmpty();

    store(MONDAY, followed(MONDAY, "1"));
    assertThat(of(MONDAY).offsets().get(MONDAY).journaled()).isNull();
  }

  /** A segment that is left over says that Kafka did not have the day's own offset, back then. */
  @Test
  void aDayThatTheLastSegmentDoesNotNameHasBeenReset() {
    segment(1, 1, claim("first", false, 3), "a", 7);
    assertThat(of(MONDAY).offsets()).containsOnlyKeys(MONDAY);

    segments.put(2, segment(2, 2, Map.of(), Map.of(), SettledDays.NONE));
    assertThat(of(MONDAY).offsets()).isEmpty();
  }

  /** As by the command "replay"; a transform had dropped the record that had the name. */
  @Test
  void aDayThatAPersonWantsAgainHasNothingInTheJournal() {
    segment(1, 1, claim("first", false, 3), "a", 7);
    SplitOffset own = new SplitOffset(START, START, List.of());
    store(MONDAY, own);
    assertThat(of(MONDAY).offsets().get(MONDAY).settledTo()).isEqualTo(START.plusSeconds(3));

    store(
        MONDAY,
        new SplitOffset(
            START, START, List.of(), SettledDays.NONE, null, null, SplitOffset.WHEN_OPENED, null));
    assertThat(of(MONDAY).offsets().get(MONDAY).settledTo()).isEqualTo(START);
    assertThat(of(MONDAY).offsets().get(MONDAY).journaled()).isNull();
  }

  @Test
  void aNameThatHasArrivedIsNoLongerMissing() {
    segment(1, 1, claim("first", false, 3), "a", 7);
    store(MONDAY, followed(MONDAY, "1").withGeneration("second"));
    assertThat(checked().segments().get(0).days().get(MONDAY).isNamed()).isFalse();

    store(MONDAY, followed(MONDAY, "1").withGeneration("first"));
    assertThat(checked().segments().get(0).days().get(MONDAY).isNamed()).isTrue();
  }

  /** Carried on, they would free what the journal holds of a day that is read once more. */
  @Test
  void reportsOfOffsetsThatKafkaDoesNotHaveAreNotCarriedOn() {
    Split sunday = new Split(LocalDate.of(2026, 11, 1));
    SplitOffset monday = followed(MONDAY, "1").withGeneration("first");
    String digest = OffsetCodec.digest(monday);
    SettledDays reports =
        SettledDays.NONE
            .plus(sunday, "unknown")
            .plus(MONDAY, SettledDays.withoutIds(digest))
            .plus(TUESDAY, SettledDays.WITHOUT_OFFSET);
    store(MONDAY, monday);
    store(WEDNESDAY, new SplitOffset(START, WEDNESDAY.range().from(), List.of(), reports, null));
    segments.put(1, segment(1, 1, Map.of(), Map.of(), reports));

    assertThat(checked().offsets().get(WEDNESDAY).settledDays()).isEqualTo(reports);
    assertThat(checked().segments().get(0).settledDays()).isEqualTo(reports);

    store(MONDAY, followed(MONDAY, "1", "2").withGeneration("first"));
    store(TUESDAY, followed(TUESDAY, "3"));
    SettledDays left = SettledDays.NONE.plus(sunday, "unknown");
    assertThat(checked().offsets().get(WEDNESDAY).settledDays()).isEqualTo(left);
    assertThat(checked().segments().get(0).settledDays()).isEqualTo(left);
  }

  private ResumeState checked() {
    return of(WEDNESDAY).checkedBy(stored, day -> !day.range().from().isBefore(START));
  }

  /** The journal was written before Kafka had the day's own offset. */
  @Test
  void aDayWithoutAnOffsetThatNoneWasStoredOfHasWhatIsInTheJournal() {
    segment(1, 1, claim("first", false, 3), "a", 7);

    SplitOffset offset = of(MONDAY).offsets().get(MONDAY);

    assertThat(offset.settled()).isEqualTo(MONDAY.range().from());
    assertThat(offset.settledTo()).isEqualTo(MONDAY.range().from().plusSeconds(3));
    assertThat(offset.journaled()).isNotNull();
    assertThat(offset.journaled().isNamed()).isFalse();
    assertThat(offset.journaled().ids()).extracting(EmittedId::id).containsExactly("a");
  }

  @Test
  void whatTheJournalCallsReadIsConfirmed() {
    store(MONDAY, new SplitOffset(START, START, List.of()).withGeneration("first"));
    segment(1, 1, claim("first", true, 60), "a", 7);

    assertThat(of(MONDAY).unconfirmed(MONDAY, new TimeRange(START, START.plusSeconds(1_000))))
        .containsExactly(new TimeRange(START.plusSeconds(600), START.plusSeconds(1_000)));
  }

  /** A later segment was written after the range's start was moved behind the day. */
  @Test
  void whatIsSettledBesidesIsSettledToo() {
    store(MONDAY, new SplitOffset(START, START, List.of()).withGeneration("first"));
    TimeRange besides = new TimeRange(START.plusSeconds(700), START.plusSeconds(900));
    SegmentOffset.DayClaim claim = claim("first", true, 60);
    segment(
        1,
        1,
        new SegmentOffset.DayClaim(
            claim.generation(), true, claim.settled(), claim.read(), List.of(besides)),
        "a",
        7);

    assertThat(of(MONDAY).offsets().get(MONDAY).journaled().settled())
        .containsExactly(new TimeRange(START, START.plusSeconds(60)), besides);
  }

  private void segment(
      int number, long sequence, SegmentOffset.DayClaim claim, String id, int fingerprint) {
    TreeMap<Split, IdSet> ids = new TreeMap<>();
    ids.put(MONDAY, IdSet.ofMarks(Map.of(id, IdMark.of(fingerprint, START.getEpochSecond()))));
    segments.put(number, segment(number, sequence, Map.of(MONDAY, claim), ids, SettledDays.NONE));
  }

  private Map<String, ?> segment(
      int number,
      long sequence,
      Map<Split, SegmentOffset.DayClaim> days,
      Map<Split, IdSet> ids,
      SettledDays reports) {
    SegmentOffset offset =
        new SegmentOffset(
            number, sequence, START, new TreeMap<>(days), new TreeMap<>(ids), reports);
    return codec.encode(new RecordOffset.OfSegment(number, () -> offset));
  }

  private static SegmentOffset.DayClaim claim(
      String generation, boolean isNamed, int settledSeconds) {
    return new SegmentOffset.DayClaim(
        generation,
        isNamed,
        START.plusSeconds(settledSeconds),
        List.of(new TimeRange(START, START.plusSeconds(600))));
  }

  // ---- other days

  @Test
  void whatItSaysItselfOfOtherDaysIsKeptAndChangesNothing() {
    SplitOffset monday = followed(MONDAY, "1", "2");
    SettledDays sunday = SettledDays.NONE.plus(new Split(LocalDate.of(2026, 11, 1)), "abc");
    store(
        MONDAY, new SplitOffset(monday.start(), monday.settled(), monday.windows(), sunday, null));
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(monday)));

    assertThat(of(MONDAY).offsets().get(MONDAY).settledDays()).isEqualTo(sunday);
    assertThat(of(MONDAY).done(START)).containsExactly(MONDAY);
  }

  @Test
  void aDayWhoseLastRecordsNeverReachedKafkaIsNot() {
    store(MONDAY, followed(MONDAY, "1"));
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(followed(MONDAY, "1", "2"))));

    assertThat(of(MONDAY).offsets()).containsEntry(MONDAY, followed(MONDAY, "1"));
    assertThat(of(MONDAY).done(START)).isEmpty();
  }

  /** What is read of it again may look the same while the rest is still to be read. */
  @Test
  void aDayThatIsReadAgainIsNotEvenWhenItsOffsetSaysTheSame() {
    SplitOffset monday = followed(MONDAY, "1", "2");
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(monday)));
    store(
        MONDAY,
        new SplitOffset(
            monday.start(),
            monday.settled(),
            monday.windows(),
            SettledDays.NONE,
            Instant.parse("2026-11-05T10:00:00Z")));

    assertThat(of(MONDAY).done(START)).isEmpty();
  }

  @Test
  void aDayThatAPersonHasResetIsNot() {
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(followed(MONDAY, "1"))));

    assertThat(of(MONDAY).offsets()).isEmpty();
    assertThat(of(MONDAY).readOnce()).isEmpty();
  }

  @Test
  void aDayWithoutCallsIsKnownForOneButNotForSettled() {
    store(WEDNESDAY, telling(MONDAY, SettledDays.WITHOUT_OFFSET));

    assertThat(of(MONDAY).readOnce()).containsExactly(MONDAY);
    assertThat(of(MONDAY).offsets()).isEmpty();
    store(MONDAY, followed(MONDAY, "1"));
    assertThat(of(MONDAY).readOnce()).isEmpty();
    assertThat(of(MONDAY).done(START)).isEmpty();
  }

  /** What seemed empty of it is a gap in its own offset, which a task reads again. */
  @Test
  void aDayThatIsNotConfirmedIsReadOnceAndNotSettled() {
    SplitOffset monday = followed(MONDAY, "1", "2");
    store(MONDAY, monday);
    store(WEDNESDAY, telling(MONDAY, SettledDays.unconfirmed(OffsetCodec.digest(monday))));

    assertThat(of(MONDAY).readOnce()).containsExactly(MONDAY);
    assertThat(of(MONDAY).done(START)).isEmpty();
    assertThat(of(MONDAY).offsets().get(MONDAY)).isEqualTo(monday);
  }

  @Test
  void anyLaterDayMaySayIt() {
    SplitOffset monday = followed(MONDAY, "1", "2");
    store(MONDAY, monday);
    store(TUESDAY, telling(MONDAY, OffsetCodec.digest(monday)));
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(followed(MONDAY, "1"))));

    assertThat(of(MONDAY).done(START)).containsExactly(MONDAY);
  }

  /** A day that was settled by a clock which was a day ahead, as it turns out later. */
  @Test
  void aDayThatMayStillChangeIsNotWhateverALaterOneSays() {
    SplitOffset monday = followed(MONDAY, "1", "2");
    store(MONDAY, monday);
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(monday)));

    settledBefore = MONDAY.range().to().minusSeconds(1);
    assertThat(of(MONDAY).offsets()).containsEntry(MONDAY, monday);
    assertThat(of(MONDAY).done(START)).isEmpty();
    settledBefore = MONDAY.range().to();
    assertThat(of(MONDAY).done(START)).containsExactly(MONDAY);
  }

  @Test
  void anOffsetOfALaterDayThatCannotBeReadIsNamed() {
    stored.put(WEDNESDAY, Map.of("version", 1, "settled days", "all of them"));

    assertThatThrownBy(() -> of(MONDAY))
        .isInstanceOf(ConnectException.class)
        .hasMessageContaining("split 2026-11-04")
        .hasMessageContaining("settled days");
  }

  // ---- when a task was running

  @Test
  void aTaskWasRunningWhenItBeganAndOnEachDayThatItHasStored() {
    Instant opened = TUESDAY.range().from().plusSeconds(7);
    store(MONDAY, openedAt(MONDAY, opened));
    assertThat(lastRun(START)).isEqualTo(opened);

    store(WEDNESDAY, openedAt(WEDNESDAY, opened));
    assertThat(lastRun(START)).isEqualTo(WEDNESDAY.range().from());
  }

  @Test
  void aTaskOfTheFirstVersionWasRunningOnTheDayItself() {
    store(TUESDAY, followed(TUESDAY, "1"));

    assertThat(lastRun(START)).isEqualTo(TUESDAY.range().from());
  }

  /** As the message shows it that refuses a wrong one: whoever writes it is no task. */
  @Test
  void whatAPersonWritesProvesNoRun() {
    store(TUESDAY, new SplitOffset(START, TUESDAY.range().to(), List.of()));

    assertThat(lastRun(START)).isNull();
  }

  @Test
  void neitherTheFutureNorARangeThatBeganLaterProvesARun() {
    store(MONDAY, openedAt(MONDAY, Instant.parse("2026-11-09T00:00:00Z")));
    assertThat(lastRun(START)).isNull();

    store(MONDAY, openedAt(MONDAY, START.plusSeconds(5)));
    assertThat(lastRun(START)).isEqualTo(START.plusSeconds(5));
    assertThat(lastRun(START.minusSeconds(1))).isNull();
  }

  private @Nullable Instant lastRun(Instant start) {
    return of(MONDAY).lastRun(start, Instant.parse("2026-11-06T00:00:00Z"));
  }

  private static SplitOffset openedAt(Split day, Instant at) {
    return new SplitOffset(START, day.range().to(), List.of(), SettledDays.NONE, at);
  }

  // ---- what was read

  @Test
  void whatIsSettledOrReadIsConfirmedAndNothingElse() {
    Instant from = MONDAY.range().from();
    store(MONDAY, followed(MONDAY, "1"));

    assertThat(of(MONDAY).unconfirmed(MONDAY, MONDAY.range()))
        .containsExactly(new TimeRange(from.plusSeconds(3_600), MONDAY.range().to()));
    assertThat(of(MONDAY).unconfirmed(MONDAY, new TimeRange(from, from.plusSeconds(3_600))))
        .isEmpty();
    assertThat(of(TUESDAY).unconfirmed(TUESDAY, TUESDAY.range())).containsExactly(TUESDAY.range());
  }

  @Test
  void whatAnotherDayConfirmsIsConfirmedToItsEnd() {
    store(MONDAY, followed(MONDAY, "1"));
    store(WEDNESDAY, telling(MONDAY, OffsetCodec.digest(followed(MONDAY, "1"))));
    assertThat(of(MONDAY).unconfirmed(MONDAY, MONDAY.range())).isEmpty();

    store(WEDNESDAY, telling(TUESDAY, SettledDays.WITHOUT_OFFSET));
    assertThat(of(TUESDAY).unconfirmed(TUESDAY, TUESDAY.range())).isEmpty();
  }

  @Test
  void whatLiesBeforeAStartIsNotConfirmedByIt() {
    Instant noon = MONDAY.range().from().plusSeconds(43_200);
    store(MONDAY, new SplitOffset(noon, MONDAY.range().to(), List.of()));

    assertThat(of(MONDAY).unconfirmed(MONDAY, MONDAY.range()))
        .containsExactly(new TimeRange(MONDAY.range().from(), noon));
  }

  // ---- helpers

  private ResumeState of(Split split) {
    return ResumeState.of(codec, List.of(split), stored, segments, settledBefore);
  }

  private void store(Split split, SplitOffset offset) {
    stored.put(split, codec.encode(offset));
  }

  /** A day's offset as it is while the day is followed. */
  private static SplitOffset followed(Split day, String... ids) {
    Instant from = day.range().from();
    return new SplitOffset(
        START,
        from,
        List.of(
            new WindowOffset(
                new TimeRange(from, from.plusSeconds(3600)),
                State.READ,
                ids.length,
                LateCounts.NONE,
                IdSet.of(List.of(ids)))));
  }

  private static SplitOffset telling(Split day, String digest) {
    Instant noon = WEDNESDAY.range().from().plusSeconds(43_200);
    return new SplitOffset(START, noon, List.of(), SettledDays.NONE.plus(day, digest), null);
  }
}
