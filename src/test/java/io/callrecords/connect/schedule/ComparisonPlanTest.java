package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Expiry;
import io.callrecords.connect.state.ReadCount;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Totals are compared once the backlog is read and once a day, over as many days as possible. */
class ComparisonPlanTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant START = NOW.minus(DAY.multipliedBy(50));
  private static final Instant SETTLED = NOW.minus(DAY);

  private final ReadOptions options = ReadOptionsBuilder.startingAt(START).build();
  private final ScheduleFixture fixture =
      new ScheduleFixture(options, new Assignment(List.of(), Split.of(SETTLED))).restored();

  private ComparisonPlan plan(boolean isAlone, boolean totalsCountRows) {
    return new ComparisonPlan(fixture.task, isAlone, () -> totalsCountRows, fixture.comparison);
  }

  private List<TimeRange> begun(ComparisonPlan plan, boolean isBacklogRead) {
    fixture.onLoop(() -> plan.beginIfDue(isBacklogRead));
    return fixture.ranges(fixture.queues.recheck());
  }

  private void read(Instant from, Instant to) {
    fixture.onLoop(
        () ->
            fixture
                .task
                .splits()
                .settled()
                .counts()
                .add(new ReadCount(new TimeRange(from, to), 0, 0, 0, 0, 0)));
  }

  @Test
  void nothingIsComparedWhileTheBacklogIsRead() {
    read(START, SETTLED);
    ComparisonPlan plan = plan(false, true);

    assertThat(begun(plan, false)).isEmpty();
    fixture.loop.runFor(DAY);
    assertThat(begun(plan, false)).isNotEmpty();
  }

  @Test
  void twoRequestsAreEnoughForFiftyDays() {
    read(START, SETTLED);

    List<TimeRange> runs = begun(plan(true, true), true);

    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).from()).isEqualTo(START);
    assertThat(runs.get(1).to()).isEqualTo(SETTLED);
    assertThat(runs).allMatch(run -> run.length().compareTo(DAY.multipliedBy(30)) <= 0);
  }

  /** What may still gain records is rechecked anyway. */
  @Test
  void whatIsNotSettledIsLeftOut() {
    read(START, NOW);

    assertThat(begun(plan(false, true), true)).last().extracting(TimeRange::to).isEqualTo(SETTLED);
  }

  /** Settings in milliseconds need not be whole seconds, as ranges are. */
  @ParameterizedTest
  @ValueSource(longs = {1, 300, 3_600, 86_400, 90_500, 86_399_999})
  void aLateArrivalOfNoWholeSecondsIsComparedUpToTheLastWholeOne(long late) {
    ReadOptions odd =
        ReadOptionsBuilder.startingAt(START)
            .lateArrival(Duration.ofMillis(late))
            .pollInterval(Duration.ofMillis(5_001))
            .build();
    ScheduleFixture other =
        new ScheduleFixture(odd, new Assignment(List.of(), Split.of(NOW))).restored();
    other.onLoop(
        () ->
            other
                .task
                .splits()
                .settled()
                .counts()
                .add(new ReadCount(new TimeRange(START, NOW), 0, 0, 0, 0, 0)));
    ComparisonPlan plan = new ComparisonPlan(other.task, false, () -> true, other.comparison);

    other.onLoop(() -> plan.beginIfDue(true));

    Instant settled = NOW.minus(Duration.ofMillis(late)).truncatedTo(ChronoUnit.SECONDS);
    assertThat(other.ranges(other.queues.recheck()))
        .last()
        .extracting(TimeRange::to)
        .isEqualTo(settled);
  }

  @Test
  void whatTheApiNoLongerReturnsIsLeftOut() {
    read(NOW.minus(DAY.multipliedBy(70)), SETTLED);
    ReadOptions old = ReadOptionsBuilder.startingAt(NOW.minus(DAY.multipliedBy(80))).build();
    ScheduleFixture other =
        new ScheduleFixture(old, new Assignment(List.of(), Split.of(SETTLED))).restored();
    other.onLoop(
        () ->
            other
                .task
                .splits()
                .settled()
                .counts()
                .add(
                    new ReadCount(
                        new TimeRange(NOW.minus(DAY.multipliedBy(70)), SETTLED), 0, 0, 0, 0, 0)));
    ComparisonPlan plan = new ComparisonPlan(other.task, false, () -> true, other.comparison);

    other.onLoop(() -> plan.beginIfDue(true));

    assertThat(other.ranges(other.queues.recheck()).get(0).from())
        .isEqualTo(NOW.minus(DAY.multipliedBy(59)).plus(Duration.ofHours(1)));
  }

  @Test
  void aRangeThatHasEndedIsComparedALastTimeOnceAllIsSettled() {
    ReadOptions ended = ReadOptionsBuilder.startingAt(START).end(SETTLED).build();
    ScheduleFixture other =
        new ScheduleFixture(ended, new Assignment(List.of(Split.of(START)), null)).restored();
    ComparisonPlan plan = new ComparisonPlan(other.task, true, () -> true, other.comparison);
    for (int day : new int[] {5, 40}) {
      Instant start = START.plus(DAY.multipliedBy(day));
      other.store.add(other.calls.starting(start, Duration.ofSeconds(20)));
    }
    other.onLoop(() -> plan.beginIfDue(true));
    BatchSource source = other.batches();
    other.loop.runFor(Duration.ofSeconds(10));
    other.take(source);
    long before = other.journal.count();
    assertThat(before).isPositive();

    // Its only day expires, so that nothing of it can change any more.
    other.onLoop(() -> other.task.splits().openFor(Split.of(START).range()));
    other.onLoop(() -> assertThat(expired(other)).isNotNull());
    other.onLoop(() -> plan.beginIfDue(true));
    other.loop.runFor(Duration.ofSeconds(10));
    other.take(source);
    long last = other.journal.count();
    assertThat(last).isGreaterThan(before);

    other.loop.runFor(DAY.multipliedBy(3));
    other.onLoop(() -> plan.beginIfDue(true));
    other.loop.runFor(Duration.ofSeconds(10));
    assertThat(other.journal.count()).isEqualTo(last);
  }

  private static Expiry expired(ScheduleFixture of) {
    return of.task.splits().expire(Split.of(START).range(), NOW);
  }

  /** Another task's days are not this one's to judge. */
  @Test
  void onlyATaskThatIsAloneMeasuresWhatAnEarlierRunHasRead() {
    assertThat(begun(plan(false, true), true)).isEmpty();
    assertThat(begun(plan(true, true), true)).hasSize(2);
  }

  @Test
  void anApiThatCountsOtherThingsIsLeftAlone() {
    read(START, SETTLED);
    ComparisonPlan plan = plan(true, false);
    try (LogCapture log = new LogCapture(ComparisonPlan.class)) {
      assertThat(begun(plan, true)).isEmpty();
      fixture.loop.runFor(DAY.multipliedBy(2));
      assertThat(begun(plan, true)).isEmpty();

      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0)).startsWith("INFO The API's totals are not the numbers");
    }
  }

  /** Only another reading tells whether what was empty is so, and an outage should be over then. */
  @Test
  void whereTotalsSayNothingWhatWasEmptyIsReadOnceMoreTenMinutesLater() {
    TimeRange day = Split.of(NOW.minus(DAY.multipliedBy(9))).range();
    ScheduleFixture other =
        new ScheduleFixture(options, new Assignment(List.of(Split.of(day.from())), null))
            .restored();
    ComparisonPlan plan = new ComparisonPlan(other.task, true, () -> false, other.comparison);
    BatchSource source = other.batches();
    other.onLoop(() -> other.backlog.requestUntil(day.to()));
    other.loop.runFor(Duration.ofSeconds(10));
    other.take(source);
    other.store.add(other.calls.starting(day.to().plusSeconds(60), Duration.ofSeconds(20)));
    TimeRange withRows = new TimeRange(day.to(), day.to().plusSeconds(3600));
    other.onLoop(
        () -> other.task.splits().settled().counts().add(new ReadCount(withRows, 1, 1, 0, 0, 0)));
    assertThat(other.task.splits().settled().unconfirmed(day, NOW.plus(DAY))).hasSize(1);
    long before = other.journal.count();

    other.onLoop(() -> plan.beginIfDue(true));
    other.loop.runFor(Duration.ofMinutes(9));
    other.onLoop(() -> plan.beginIfDue(true));
    other.loop.runFor(Duration.ofMinutes(1));
    assertThat(other.journal.count()).isEqualTo(before);
    other.onLoop(() -> plan.beginIfDue(true));
    for (int i = 0; i < 3; i++) {
      other.loop.runFor(Duration.ofSeconds(10));
      other.take(source);
    }

    // What has rows is looked at before and after it.
    assertThat(other.journal.count()).isBetween(before + 3, before + 5);
    assertThat(other.task.splits().settled().unconfirmed(day, NOW.plus(DAY))).isEmpty();
  }
}
