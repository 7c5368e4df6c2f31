package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What seemed empty is found again, whatever else happens before totals are compared, and once. */
class LostHistoryTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration POLL = Duration.ofSeconds(30);

  private static SimulatedAccount account(Duration back, Duration poll, double rate) {
    return SimulatedAccount.withoutAudits(back, poll, Duration.ofHours(4), rate);
  }

  /** The worker is restarted, or the days get another task, before totals are compared. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void losesNothingToEmptyPagesInMidBacklogWhereTheWorkerIsRestarted(boolean isRestarted) {
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.defaults(),
            ReadOptionsBuilder.startingAt(NOW.minus(DAY.multipliedBy(30)))
                .pollInterval(POLL)
                .lateArrival(Duration.ofHours(4))
                .audits()
                .build(),
            2);
    account.store.addAll(
        account.calls.uniform(6_000, NOW.minus(DAY.multipliedBy(30)), NOW.minusSeconds(12_000)));
    account.faults.when(
        request ->
            !account.loop.wallClock().isBefore(NOW.plusSeconds(10))
                && account.loop.wallClock().isBefore(NOW.plusSeconds(14)),
        Fault.emptyPage());
    account.worker.start(1);
    account.loop.runFor(Duration.ofSeconds(24));
    assertThat(account.worker.hasBacklog()).isTrue();
    if (isRestarted) {
      account.worker.stop();
      account.worker.start(1);
    }
    account.loop.runFor(DAY.multipliedBy(3));

    assertThat(account.worker.topic().size()).isEqualTo(6_000);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** A worker dies in the middle of a window, for which the next one gets nothing at first. */
  @Test
  void losesNothingOfAWindowThatIsHalfSentAndSeemsEmptyAfterwards() {
    SimulatedAccount account = account(DAY.multipliedBy(3), POLL, 20);
    Instant hour = NOW.minus(DAY.multipliedBy(2));
    account.store.addAll(account.calls.uniform(90, hour, hour.plusSeconds(3_600)));
    account.worker.start(1);
    account.worker.crash(Duration.ofMinutes(1));
    assertThat(account.worker.topic()).hasSizeBetween(1, 89);
    Instant outageEnd = account.loop.wallClock().plusSeconds(40);
    account.faults.when(request -> account.loop.wallClock().isBefore(outageEnd), Fault.emptyPage());
    account.worker.start(1);
    account.loop.runFor(DAY.multipliedBy(2));

    assertThat(account.worker.topic()).hasSize(90);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** A time is corrected after its window was settled, into an hour that had none. */
  @Test
  void aCallWhoseTimeIsCorrectedAfterItIsSettledComesOnce() {
    SimulatedAccount account = account(DAY.multipliedBy(20), POLL, 20);
    List<Call> calls = new ArrayList<>();
    for (int day = 18; day > 5; day -= 3) {
      calls.add(account.calls.starting(NOW.minus(DAY.multipliedBy(day)), Duration.ofSeconds(20)));
    }
    account.store.addAll(calls);
    Call moved = calls.get(2);
    account.store.edit(
        moved.callSessionId(),
        NOW.plusSeconds(3_600),
        call -> {
          Call now = call.build();
          return call.start(now.start().plus(DAY.multipliedBy(8)))
              .answer(now.answer() == null ? null : now.answer().plus(DAY.multipliedBy(8)))
              .end(now.end().plus(DAY.multipliedBy(8)));
        });
    // A call that comes too late makes a comparison look closer.
    account.store.add(account.late(NOW.minus(DAY.multipliedBy(2)), NOW.plusSeconds(7_200)));
    account.worker.start(1);
    account.loop.runFor(DAY.multipliedBy(3));

    // The late one was never sent, and its day seemed empty.
    assertThat(account.worker.topic()).hasSize(6).containsEntry(moved.callSessionId(), 1);
  }

  /** What the API has deleted must not keep what lies behind it from being compared. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anOldMonthThatTheApiHasDeletedDoesNotEndTheComparison(boolean isDeleted) {
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.newBuilder().retentionDays(400).build(),
            ReadOptionsBuilder.startingAt(NOW.minus(DAY.multipliedBy(300)))
                .retention(DAY.multipliedBy(399))
                .pollInterval(POLL)
                .lateArrival(Duration.ofHours(4))
                .build(),
            20);
    int count = 0;
    for (int day = 298; day > 2; day -= 3) {
      account.store.add(
          account.calls.starting(NOW.minus(DAY.multipliedBy(day)), Duration.ofSeconds(20)));
      count++;
    }
    account.faults.when(
        request ->
            account.loop.wallClock().isBefore(NOW.plus(Duration.ofHours(1)))
                && request.from() != null
                && request.to() != null
                && request.from().isBefore(NOW.minus(DAY.multipliedBy(35)))
                && request.to().isAfter(NOW.minus(DAY.multipliedBy(45))),
        Fault.emptyPage());
    account.faults.when(
        request ->
            isDeleted
                && account.loop.wallClock().isAfter(NOW.plus(Duration.ofMinutes(10)))
                && request.to() != null
                && request.to().isBefore(NOW.minus(DAY.multipliedBy(269))),
        Fault.emptyPage());
    account.worker.start(1);
    account.loop.runFor(DAY.multipliedBy(5));

    assertThat(account.worker.topic()).hasSize(count);
  }
}
