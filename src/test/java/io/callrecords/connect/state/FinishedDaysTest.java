package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.range;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What the offsets of a task's open days report of those that are finished. */
class FinishedDaysTest {
  private final DayFixture fixture = DayFixture.ofFiveDays();

  /** What the offset says that goes with a record of today. */
  private SettledDays reported(int hour) {
    fixture.splits.mergeSmallWindows(at(6, hour), List.of());
    Batch batch =
        fixture.splits.apply(snapshot(range(6, hour - 1, hour), at(6, hour), "at " + hour));
    assertThat(batch).isNotNull();
    return DayOffsets.at(batch, 0).settledDays();
  }

  private void read(int number, String... ids) {
    fixture.splits.openFor(day(number).range());
    fixture.splits.apply(snapshot(day(number).range(), at(6, 12), ids));
  }

  @Test
  void aDayWithoutRecordsIsReportedSinceItHasNoOffset() {
    fixture.restored(at(6, 12));
    read(1);
    read(2, "a record");

    assertThat(reported(12).digests()).containsOnly(Map.entry(day(1), SettledDays.WITHOUT_OFFSET));
  }

  /** The range that seemed empty once is unread in its own offset. */
  @Test
  void aDayThatIsNotConfirmedIsReportedAsReadUntilItIsSettled() {
    fixture.restored(at(6, 12));
    fixture.splits.openFor(day(1).range());
    fixture.splits.apply(snapshot(range(1, 0, 12), at(6, 12)));
    Batch batch = fixture.splits.apply(snapshot(range(1, 12, 24), at(6, 12), "a"));
    assertThat(batch).isNotNull();
    SplitOffset own = DayOffsets.at(batch, 0);
    assertThat(own.settled()).isEqualTo(at(1, 0));
    String digest = OffsetCodec.digest(own);

    assertThat(reported(12).digests())
        .containsOnly(Map.entry(day(1), SettledDays.unconfirmed(digest)));
    fixture.splits.settled().confirm(day(1).range());
    assertThat(reported(13).digests()).containsOnly(Map.entry(day(1), digest));
  }

  @Test
  void aDayOfWhichSomethingWasLostIsNotReported() {
    fixture.restored(at(6, 12));
    fixture.splits.openFor(day(1).range());
    fixture.splits.expire(day(1).range(), at(6, 12));

    assertThat(reported(12).digests()).isEmpty();
  }

  /** The API's clock may have been ahead when it was settled. */
  @Test
  void yesterdayIsReportedSixHoursAfterItHasSettled() {
    fixture.restored(at(6, 1));
    read(5);

    assertThat(reported(6).digests()).isEmpty();
    // It has settled an hour after midnight.
    assertThat(reported(7).digests()).containsOnlyKeys(day(5));
  }

  @Test
  void whatStoredOffsetsReportIsReportedOn() {
    SettledDays stored = new SettledDays(new TreeMap<>(Map.of(day(2), "digest")));
    fixture.stored.put(
        day(3), new SplitOffset(DayFixture.START, at(3, 8), List.of(), stored, null));
    fixture.restored(at(6, 12));
    read(1);

    assertThat(reported(12).digests())
        .containsOnly(Map.entry(day(1), SettledDays.WITHOUT_OFFSET), Map.entry(day(2), "digest"));
  }

  /** Of a busy day, only the journal may say so: the days' own offsets are older. */
  @Test
  void whatSegmentsReportIsReportedOn() {
    fixture.stored.put(
        day(3), new SplitOffset(DayFixture.START, at(3, 8), List.of(), settled("older"), null));
    fixture.segments.add(
        new SegmentOffset(
            1, 1, DayFixture.START, new TreeMap<>(), new TreeMap<>(), settled("own")));
    fixture.restored(at(6, 12));

    assertThat(reported(12).digests()).containsOnly(Map.entry(day(2), "own"));
  }

  /** The day's own offset does not say so, whatever the task is told when it starts. */
  @Test
  void aDayThatOthersConfirmIsReportedOnThoughTheTaskHasIt() {
    fixture.stored.put(day(2), new SplitOffset(DayFixture.START, day(2).range().to(), List.of()));
    fixture.stored.put(
        day(3), new SplitOffset(DayFixture.START, at(3, 8), List.of(), settled("own"), null));
    fixture.restored(at(6, 12));

    assertThat(reported(12).digests()).containsOnly(Map.entry(day(2), "own"));
  }

  /** Without its ids, all of its calls would come twice. */
  @Test
  void aDayWhoseIdsAreGoneIsReportedOnThoughLateArrivalHasBeenRaised() {
    DayFixture raised =
        new DayFixture(DayFixture.options().lateArrival(Duration.ofDays(9)), 1, 5, 6);
    SettledDays reports =
        SettledDays.NONE
            .plus(day(2), SettledDays.withoutIds("own"))
            .plus(day(3), "may be read again");
    raised.segments.add(
        new SegmentOffset(1, 1, DayFixture.START, new TreeMap<>(), new TreeMap<>(), reports));
    raised.restored(at(6, 12));

    Batch first = raised.splits.apply(snapshot(range(6, 1, 2), at(6, 12), "at once"));
    assertThat(first).isNotNull();
    assertThat(DayOffsets.at(first, 0).settledDays().digests())
        .containsOnly(Map.entry(day(2), SettledDays.withoutIds("own")));
  }

  private static SettledDays settled(String digest) {
    return new SettledDays(new TreeMap<>(Map.of(day(2), digest)));
  }
}
