package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.at;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is requested at a tick. */
class TickPlannerTest {
  private static final Instant MIDNIGHT = TODAY.range().to();

  private final ScheduleFixture fixture = new ScheduleFixture();

  private void plan(ScheduleFixture of, Instant now) {
    of.onLoop(() -> of.planner.plan(now, of.planner.presentEnd(now), of.loop.uptime()));
  }

  private void begin() {
    fixture.restored();
    fixture.onLoop(fixture.planner::begin);
  }

  @Test
  void requestsThePresentAndTheBacklogBehindIt() {
    begin();
    plan(fixture, NOW);

    Instant edge = NOW.minusSeconds(59);
    assertThat(fixture.ranges(fixture.queues.live()))
        .containsExactly(new TimeRange(edge, NOW.plusSeconds(1)));
    assertThat(fixture.ranges(fixture.queues.backlog()))
        .containsExactly(YESTERDAY.range(), new TimeRange(TODAY.range().from(), edge));
  }

  @Test
  void requestsNothingNewWhereAnotherTaskFollowsThePresent() {
    ScheduleFixture other =
        new ScheduleFixture(
                ReadOptionsBuilder.startingAt(YESTERDAY.range().from()).build(),
                new Assignment(List.of(YESTERDAY), null))
            .restored();
    other.onLoop(other.planner::begin);
    plan(other, NOW);

    assertThat(other.ranges(other.queues.live())).isEmpty();
    assertThat(other.ranges(other.queues.backlog())).containsExactly(YESTERDAY.range());
  }

  @Test
  void theRangesEndIsThePresentsEnd() {
    ScheduleFixture ended =
        new ScheduleFixture(
                ReadOptionsBuilder.startingAt(YESTERDAY.range().from()).end(at("10:00")).build(),
                new Assignment(List.of(), YESTERDAY))
            .restored();
    ended.onLoop(ended.planner::begin);
    plan(ended, NOW);

    assertThat(ended.planner.presentEnd(NOW)).isEqualTo(at("10:00"));
    assertThat(ended.ranges(ended.queues.live())).isEmpty();
    assertThat(ended.ranges(ended.queues.backlog()))
        .containsExactly(YESTERDAY.range(), today("00:00", "10:00"));
  }

  /** While the API fails, ticks go on, but do not pile up. */
  @Test
  void requestsThePresentFourTimesAtMost() {
    begin();
    fixture.faults.when(request -> true, Fault.http(503));
    for (int tick = 0; tick < 10; tick++) {
      plan(fixture, NOW.plusSeconds(30L * tick));
      fixture.loop.runFor(Duration.ofSeconds(30));
    }

    assertThat(fixture.ranges(fixture.queues.live())).hasSize(4);
  }

  @Test
  void opensANewDayOnceItsOffsetIsKnown() {
    begin();
    fixture.lookup.delayBy(() -> Duration.ofMinutes(5));
    Instant now = MIDNIGHT.plusSeconds(20);
    fixture.onLoop(() -> fixture.planner.openNewDays(now));

    assertThat(fixture.planner.presentEnd(now)).isEqualTo(MIDNIGHT);
    fixture.loop.runFor(Duration.ofMinutes(5));
    fixture.onLoop(() -> fixture.planner.openNewDays(now));

    assertThat(fixture.planner.presentEnd(now)).isEqualTo(now.plusSeconds(1));
  }

  /** Once however many ticks come meanwhile, and not for a day that is yet to begin. */
  @Test
  void saysWhenTheOffsetArrivesThatANewDayWaitsFor() {
    begin();
    fixture.lookup.delayBy(() -> Duration.ofMinutes(5));
    Instant now = MIDNIGHT.plusSeconds(20);
    for (int tick = 0; tick < 3; tick++) {
      fixture.onLoop(() -> fixture.planner.openNewDays(now));
      fixture.loop.runFor(Duration.ofMinutes(1));
    }
    assertThat(fixture.newDaysKnown).isZero();

    fixture.loop.runFor(Duration.ofMinutes(2));
    assertThat(fixture.newDaysKnown).isOne();
    fixture.onLoop(() -> fixture.planner.openNewDays(now));
    fixture.loop.runFor(Duration.ofHours(1));
    assertThat(fixture.newDaysKnown).isOne();
  }

  @Test
  void requestsTheNextDaysOffsetADayAhead() {
    begin();
    fixture.onLoop(() -> fixture.planner.openNewDays(NOW));
    assertThat(fixture.lookup.lookups()).isOne();
    fixture.loop.runFor(Duration.ZERO);
    fixture.lookup.fail();

    fixture.onLoop(() -> fixture.planner.openNewDays(MIDNIGHT));

    assertThat(fixture.task.splits().openedUpTo()).isEqualTo(MIDNIGHT.plus(Duration.ofDays(1)));
  }
}
