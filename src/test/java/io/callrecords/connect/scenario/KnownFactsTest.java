package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ApiFacts;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * What {@code api.facts} says of an API saves a task what it would otherwise learn at each start.
 * That a wrong report costs no call is shown by the lives of {@link DeterministicSimulationTest}.
 */
class KnownFactsTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration BACK = Duration.ofDays(10);
  private static final int CALLS = 600;
  private static final Quirks QUIRKS =
      Quirks.newBuilder().emptyResult(EmptyResult.NULL_DATA).build();

  private static SimulatedAccount account(ApiFacts facts) {
    SimulatedAccount account =
        new SimulatedAccount(
            QUIRKS, ReadOptionsBuilder.startingAt(NOW.minus(BACK)).audits().build(), 5);
    account.worker.tell(facts);
    return account;
  }

  /** How long it takes until all of the backlog is read; three of its days have no calls. */
  private static Duration timeToLoad(ApiFacts facts) {
    SimulatedAccount account = account(facts);
    account.store.addAll(
        account.calls.realistic(CALLS / 2, NOW.minus(BACK), NOW.minus(Duration.ofDays(5))));
    account.store.addAll(
        account.calls.realistic(CALLS / 2, NOW.minus(Duration.ofDays(2)), NOW.minusSeconds(3_600)));
    int calls = account.store.visibleIds(NOW).size();
    account.worker.start(1);
    assertThat(
            account.loop.runUntil(
                () -> account.worker.topic().size() >= calls && !account.worker.hasBacklog(),
                Duration.ofHours(1)))
        .isTrue();
    Duration took = Duration.between(NOW, account.loop.wallClock());
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.topic())
        .hasSize(calls)
        .allSatisfy((id, times) -> assertThat(times).isOne());
    return took;
  }

  @Test
  void daysWithoutDataAreBelievedSooner() {
    Duration learned = timeToLoad(ApiFacts.NONE);
    Duration told = timeToLoad(new ApiFacts(null, LifeFacts.truth(QUIRKS)));

    assertThat(learned).isGreaterThan(Duration.ofMinutes(5));
    assertThat(told).isLessThan(Duration.ofMinutes(2));
  }
}
