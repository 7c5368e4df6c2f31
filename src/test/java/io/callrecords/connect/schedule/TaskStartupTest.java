package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.RefusedException;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a task learns before it begins, and what that costs. */
class TaskStartupTest {
  private final ScheduleFixture fixture = new ScheduleFixture();
  private final List<@Nullable Instant> begun = new ArrayList<>();
  private final TaskStartup startup =
      new TaskStartup(
          fixture.task,
          fixture.client,
          fixture.reader,
          fixture.offsets,
          begun::add,
          fixture.failures::add);

  private void start() {
    fixture.onLoop(startup::start);
    fixture.loop.runFor(Duration.ofSeconds(5));
  }

  @Test
  void learnsTheTimeFromTheRequestForTheBeginningOfTheBacklog() {
    start();

    assertThat(begun).containsExactly((Instant) null);
    assertThat(fixture.journal.count()).isOne();
    assertThat(fixture.client.clock().isSure()).isTrue();
    assertThat(fixture.task.splits().daysToRestore(NOW)).isEmpty();
  }

  @Test
  void saysUpToWhereTheLiveEdgeWasRequested() {
    fixture.stored.put(
        YESTERDAY, new SplitOffset(YESTERDAY.range().from(), YESTERDAY.range().to(), List.of()));
    fixture.stored.put(
        TODAY, new SplitOffset(YESTERDAY.range().from(), NOW.minusSeconds(20), List.of()));
    start();

    assertThat(begun).containsExactly(NOW);
    assertThat(fixture.task.splits().readTo()).isEqualTo(NOW.minusSeconds(20));
  }

  @Test
  void requestsNothingBeforeItKnowsWhatIsStored() {
    fixture.lookup.delayBy(() -> Duration.ofMinutes(10));
    start();
    assertThat(fixture.journal.count()).isZero();

    fixture.loop.runFor(Duration.ofMinutes(10));

    assertThat(begun).hasSize(1);
    assertThat(fixture.lookup.lookups()).isOne();
  }

  @Test
  void learnsWhatIsStoredOfADayThatBeginsMeanwhile() {
    fixture.loop.setWallClock(TODAY.range().to().minusSeconds(30));
    fixture.lookup.delayBy(() -> Duration.ofMinutes(1));
    start();
    fixture.loop.runFor(Duration.ofMinutes(3));

    assertThat(begun).hasSize(1);
    assertThat(fixture.lookup.lookups()).isEqualTo(2);
    assertThat(fixture.task.splits().openedUpTo()).isEqualTo(TODAY.next().range().to());
  }

  @Test
  void aFirstRequestThatFailsHoldsUpNothing() {
    fixture.faults.when(request -> request.number() == 1, Fault.http(500));
    start();

    assertThat(begun).containsExactly((Instant) null);
    assertThat(fixture.journal.count()).isEqualTo(2);
  }

  /** The beginning of the backlog and the present may lie in what the API fails to return. */
  @Test
  void learnsTheTimeFromAnyDay() {
    fixture.faults.when(request -> !request.from().equals(TODAY.range().from()), Fault.http(500));
    start();
    assertThat(begun).isEmpty();

    fixture.loop.runFor(Duration.ofSeconds(30));
    assertThat(begun).containsExactly((Instant) null);
    fixture.faults.clear();
    fixture.loop.runFor(Duration.ofMinutes(5));
    assertThat(begun).hasSize(1);
    assertThat(fixture.failures).isEmpty();
  }

  @Test
  void anApiWhoseTimesNeverAgreeIsReadAllTheSame() {
    fixture.loop.setWallClock(NOW);
    long[] hour = {0};
    fixture.faults.when(
        request -> {
          // Each response is of another hour.
          fixture.loop.setWallClock(NOW.plus(Duration.ofHours(7 * hour[0]++)));
          return false;
        },
        Fault.http(500));
    start();
    fixture.loop.runFor(Duration.ofMinutes(1));

    assertThat(begun).hasSize(1);
    assertThat(fixture.journal.count()).isLessThanOrEqualTo(11);
  }

  /** Whoever reads the range fails the task with what the API says. */
  @Test
  void aRefusalTellsTheTimeToo() {
    fixture.faults.when(request -> true, Fault.status(-13));
    start();

    assertThat(begun).hasSize(1);
    assertThat(fixture.failures).isEmpty();
    assertThat(fixture.journal.count()).isOne();
  }

  @Test
  void aRequestForTheTimeThatIsRefusedFailsTheTask() {
    fixture.faults.when(request -> request.number() == 1, Fault.http(500));
    fixture.faults.when(request -> request.number() > 1, Fault.status(-13));
    start();

    assertThat(begun).isEmpty();
    assertThat(fixture.failures).singleElement().isInstanceOf(RefusedException.class);
  }
}
