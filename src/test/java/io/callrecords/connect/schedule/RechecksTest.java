package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.at;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Windows that are due are rechecked, neighbours together, and by halves where they changed. */
class RechecksTest {
  private ScheduleFixture fixture = new ScheduleFixture();
  private final List<WindowOffset> windows = new ArrayList<>();

  private RechecksTest window(String from, String to, long total, String... ids) {
    windows.add(
        new WindowOffset(
            today(from, to),
            WindowOffset.State.READ,
            total,
            LateCounts.NONE,
            IdSet.of(List.of(ids))));
    return this;
  }

  private List<TimeRange> due(RangeSet reading) {
    fixture.stored.put(
        TODAY, new SplitOffset(YESTERDAY.range().from(), windows.get(0).range().from(), windows));
    fixture.restored();
    fixture.onLoop(() -> fixture.rechecks.requestDue(NOW, reading));
    return fixture.ranges(fixture.queues.recheck());
  }

  @Test
  void neighboursThatAreDueAreComparedTogether() {
    window("08:00", "09:00", 1, "a").window("09:00", "10:00", 0).window("10:00", "11:00", 0);

    assertThat(due(RangeSet.of())).containsExactly(today("08:00", "11:00"));
  }

  /** The newest comes first, as anywhere here. */
  @Test
  void aWindowThatIsBeingReadPartsItsNeighbours() {
    window("08:00", "09:00", 0).window("09:00", "10:00", 0).window("10:00", "11:00", 0);

    assertThat(due(RangeSet.of(List.of(today("09:30", "09:31")))))
        .containsExactly(today("10:00", "11:00"), today("08:00", "09:00"));
  }

  @Test
  void aGapPartsNeighbours() {
    window("08:00", "09:00", 0).window("10:00", "11:00", 0);

    assertThat(due(RangeSet.of()))
        .containsExactly(today("10:00", "11:00"), today("08:00", "09:00"));
  }

  /** Its total would hide a new record in the sum. */
  @Test
  void aWindowOfWhichARecordHasGoneIsComparedAlone() {
    window("08:00", "09:00", 0).window("09:00", "10:00", 1, "a", "b").window("10:00", "11:00", 0);

    assertThat(due(RangeSet.of()))
        .containsExactly(today("10:00", "11:00"), today("09:00", "10:00"), today("08:00", "09:00"));
  }

  @Test
  void aWindowThatWasJustReadIsNotDue() {
    window("11:58", "12:00", 0);

    assertThat(due(RangeSet.of())).isEmpty();
  }

  @Test
  void theLastRecheckReadsAWindowWholeWhateverItsTotal() {
    ReadOptions options =
        ReadOptionsBuilder.startingAt(YESTERDAY.range().from())
            .lateArrival(Duration.ofHours(2))
            .build();
    fixture = new ScheduleFixture(options, new Assignment(List.of(), YESTERDAY));
    fixture.store.add(fixture.calls.starting(at("08:30"), Duration.ofSeconds(20)));
    window("08:00", "09:00", 1, "gone");
    due(RangeSet.of());
    fixture.loop.runFor(Duration.ofSeconds(30));

    assertThat(fixture.take(fixture.batches())).hasSize(1);
    assertThat(fixture.task.counts().records()).isOne();
    assertThat(fixture.task.splits().unsettled().all()).isEmpty();
  }

  /** Nobody could read it any more, and it would never have had its last reading. */
  @Test
  void whatTheApiWillSoonReturnNoMoreIsReadFirst() {
    ReadOptions options =
        ReadOptionsBuilder.startingAt(YESTERDAY.range().from())
            .lateArrival(Duration.ofHours(2))
            .retention(Duration.ofHours(28))
            .build();
    fixture = new ScheduleFixture(options, new Assignment(List.of(), YESTERDAY));
    window("07:05", "07:30", 0).window("08:00", "09:00", 0).window("09:00", "09:30", 0);

    assertThat(due(RangeSet.of()))
        .containsExactly(today("07:05", "07:30"), today("09:00", "09:30"), today("08:00", "09:00"));
  }

  /** That nothing is left of what was emitted may be an outage that looks like success. */
  @Test
  void aWindowOfWhichNothingIsLeftIsReadAgainTenMinutesLater() {
    ReadOptions options =
        ReadOptionsBuilder.startingAt(YESTERDAY.range().from())
            .lateArrival(Duration.ofHours(2))
            .build();
    fixture = new ScheduleFixture(options, new Assignment(List.of(), YESTERDAY));
    window("08:00", "09:00", 1, "gone");
    due(RangeSet.of());
    BatchSource batches = fixture.batches();
    fixture.loop.runFor(Duration.ofSeconds(30));
    fixture.take(batches);

    assertThat(fixture.task.splits().unsettled().all()).hasSize(1);
    fixture.onLoop(
        () -> fixture.rechecks.requestDue(NOW.plus(Duration.ofMinutes(9)), RangeSet.of()));
    assertThat(fixture.ranges(fixture.queues.recheck())).isEmpty();

    fixture.loop.runFor(Duration.ofMinutes(11));
    fixture.onLoop(
        () -> fixture.rechecks.requestDue(NOW.plus(Duration.ofMinutes(11)), RangeSet.of()));
    fixture.loop.runFor(Duration.ofSeconds(30));
    fixture.take(batches);
    assertThat(fixture.task.splits().unsettled().all()).isEmpty();
  }

  @Test
  void aRangeWhoseTotalDiffersIsHalvedUntilTheWindowIsFound() {
    window("08:00", "09:00", 0)
        .window("09:00", "10:00", 0)
        .window("10:00", "11:00", 0)
        .window("11:00", "11:30", 0);
    fixture.store.add(fixture.calls.starting(at("10:30"), Duration.ofSeconds(20)));
    due(RangeSet.of());
    BatchSource batches = fixture.batches();
    int taken = 0;
    for (int round = 0; round < 5; round++) {
      fixture.loop.runFor(Duration.ofSeconds(1));
      taken += fixture.take(batches).size();
    }

    assertThat(taken).isOne();
    assertThat(fixture.task.counts().late()).isOne();
    // All, two halves, and two windows of the one that differs: the last reads its window.
    assertThat(fixture.task.counts().rechecks()).isEqualTo(5);
    assertThat(fixture.task.splits().unsettled().in(today("08:00", "10:00")))
        .allSatisfy(window -> assertThat(window.recheckedAt()).isAfterOrEqualTo(NOW));
  }
}
