package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.at;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The live edge follows the present, and leaves to the backlog what lies far behind it. */
class LiveEdgeTest {
  private static final Instant NOON = at("12:00");

  private final ScheduleFixture fixture = new ScheduleFixture();
  private final List<TimeRange> requested = new ArrayList<>();

  /** An edge of a task that has read up to a moment of today; the last window has some ids. */
  private LiveEdge edge(String windowFrom, String readTo, int ids) {
    WindowOffset window =
        new WindowOffset(
            today(windowFrom, readTo),
            WindowOffset.State.READ,
            WindowOffset.UNKNOWN,
            LateCounts.NONE,
            IdSet.of(IntStream.range(0, ids).mapToObj(Integer::toString).toList()));
    fixture.stored.put(
        TODAY, new SplitOffset(YESTERDAY.range().from(), at(windowFrom), List.of(window)));
    fixture.restored();
    return LiveEdge.of(
        fixture.task.options(),
        fixture.task.windowLimits(),
        fixture.task.splits(),
        YESTERDAY,
        requested::add);
  }

  @Test
  void requestsWhatIsNewTogetherWithTheYoungestWindowWhileThatIsSmall() {
    edge("11:50", "11:59", 50).readUpTo(NOON, RangeSet.of());

    assertThat(requested).containsExactly(today("11:50", "12:00"));
  }

  @Test
  void leavesAYoungestWindowAloneThatIsFull() {
    edge("11:50", "11:59", 51).readUpTo(NOON, RangeSet.of());

    assertThat(requested).containsExactly(today("11:59", "12:00"));
  }

  @Test
  void leavesAYoungestWindowAloneThatIsBeingRechecked() {
    edge("11:50", "11:59", 1).readUpTo(NOON, RangeSet.of(List.of(today("11:55", "11:56"))));

    assertThat(requested).containsExactly(today("11:59", "12:00"));
  }

  @Test
  void leavesAYoungestWindowAloneThatWouldGrowBeyondAnHour() {
    edge("10:59", "11:59", 1).readUpTo(NOON, RangeSet.of());

    assertThat(requested).containsExactly(today("11:59", "12:00"));
  }

  @Test
  void requestsEachMomentOnce() {
    LiveEdge edge = edge("11:50", "11:59", 51);
    edge.readUpTo(NOON, RangeSet.of());
    requested.clear();

    edge.readUpTo(NOON, RangeSet.of());
    edge.readUpTo(NOON.plusSeconds(30), RangeSet.of());

    assertThat(requested).containsExactly(new TimeRange(NOON, NOON.plusSeconds(30)));
  }

  @Test
  void cutsWhatIsNewAtMidnight() {
    LiveEdge edge = edge("11:50", "11:59", 51);
    Instant midnight = TODAY.range().to();
    edge.readUpTo(midnight.minusSeconds(10), RangeSet.of());
    requested.clear();

    edge.readUpTo(midnight.plusSeconds(20), RangeSet.of());

    assertThat(requested)
        .containsExactly(
            new TimeRange(midnight.minusSeconds(10), midnight),
            new TimeRange(midnight, midnight.plusSeconds(20)));
  }

  @Test
  void catchesUpToAMinuteBeforeThePresentAndLeavesTheRestToTheBacklog() {
    LiveEdge edge = edge("09:00", "10:00", 1);
    edge.catchUp(NOON, NOON, Duration.ZERO);

    assertThat(edge.backlogEnd(NOON)).isEqualTo(at("11:59"));
    edge.readUpTo(NOON, RangeSet.of());
    assertThat(requested).containsExactly(today("11:59", "12:00"));
  }

  @Test
  void aGapOfTwoPollIntervalsIsNoReasonToCatchUp() {
    LiveEdge edge = edge("11:50", "11:59", 51);
    edge.catchUp(NOON, NOON, Duration.ZERO);

    assertThat(edge.backlogEnd(NOON)).isEqualTo(at("11:59"));
  }

  @Test
  void aRangeThatHasEndedAWhileAgoIsBacklogToItsEnd() {
    LiveEdge edge = edge("09:00", "10:00", 1);
    edge.catchUp(at("11:00"), NOON, Duration.ZERO);

    assertThat(edge.backlogEnd(at("11:00"))).isEqualTo(at("11:00"));
    edge.readUpTo(at("11:00"), RangeSet.of());
    assertThat(requested).isEmpty();
  }

  @Test
  void followsAClockThatIsSetBackAndLogsThatOnceInHours() {
    try (LogCapture log = new LogCapture(LiveEdge.class)) {
      LiveEdge edge = edge("11:50", "11:59", 51);
      edge.readUpTo(NOON, RangeSet.of());
      requested.clear();
      for (int hour = 0; hour < 7; hour++) {
        edge.catchUp(at("11:00"), at("11:00"), Duration.ofHours(hour));
        assertThat(edge.backlogEnd(NOON)).isEqualTo(at("11:00"));
        edge.readUpTo(NOON, RangeSet.of());
      }

      assertThat(requested).containsOnly(today("11:00", "12:00"));
      assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
      edge.catchUp(at("11:00"), at("11:00"), Duration.ofHours(7));
      assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSize(2);
    }
  }

  @Test
  void neverGoesBackBeforeTheOpenEnd() {
    LiveEdge edge = edge("11:50", "11:59", 1);
    Instant before = YESTERDAY.range().from().minusSeconds(3_600);
    edge.catchUp(before, before, Duration.ZERO);

    edge.readUpTo(before, RangeSet.of());

    assertThat(requested).isEmpty();
    assertThat(edge.backlogEnd(before)).isEqualTo(before);
  }
}
