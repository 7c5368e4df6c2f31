package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** How soon a task that starts hands over its first record. */
class StartupLatencyTest {
  private static final Duration TRIP = Duration.ofSeconds(4);
  private static final Duration HISTORY = Duration.ofDays(50);

  /** How often the worker of these tests looks for records, and what the rate adds. */
  private static final Duration SLACK = Duration.ofMillis(600);

  private final SimulatedAccount account =
      new SimulatedAccount(
          Quirks.defaults(),
          new ReadOptions(
              SimulatedAccount.NOW.minus(HISTORY),
              null,
              Duration.ofDays(59),
              Duration.ofSeconds(30),
              Duration.ofHours(1),
              false,
              true,
              MalformedPolicy.FAIL),
          100,
          ZoneOffset.ofHours(8),
          SimulatedAccount.NOW,
          new Network(4, (int) TRIP.toMillis(), (int) TRIP.toMillis()));

  @Test
  void takesTwoAnswersInTheMiddleOfABusyBacklog() {
    int calls = 200_000;
    account.store.addAll(
        account.calls.realistic(
            calls,
            SimulatedAccount.NOW.minus(HISTORY),
            SimulatedAccount.NOW.minus(Duration.ofDays(1))));
    account.worker.start(1);
    account.runUntilSent(calls / 3, Duration.ofHours(2));
    account.worker.stop();

    assertThat(startAgain()).isLessThan(TRIP.multipliedBy(2).plus(SLACK));
  }

  @Test
  void takesTwoAnswersForTheFirstStart() {
    account.store.addAll(
        account.calls.uniform(
            200_000,
            SimulatedAccount.NOW.minus(HISTORY),
            SimulatedAccount.NOW.minusSeconds(9_000)));

    assertThat(startAgain()).isLessThan(TRIP.multipliedBy(2).plus(SLACK));
  }

  @Test
  void takesTwoAnswersAtTheLiveEdge() {
    account.store.addAll(
        account.calls.uniform(
            5_000,
            SimulatedAccount.NOW.minus(HISTORY),
            SimulatedAccount.NOW.plus(Duration.ofDays(1))));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(2));
    account.worker.stop();
    Instant restart = account.loop.wallClock().plusSeconds(20);
    account.store.add(account.late(restart.minusSeconds(15), restart.minusSeconds(5)));
    account.loop.runFor(Duration.ofSeconds(20));

    assertThat(startAgain()).isLessThan(TRIP.multipliedBy(2).plus(SLACK));
  }

  @Test
  void asksNothingTwiceBecauseOfAWrongClock() {
    account.store.addAll(
        account.calls.uniform(
            20_000,
            SimulatedAccount.NOW.minus(HISTORY),
            SimulatedAccount.NOW.plus(Duration.ofDays(3))));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(2));
    for (int hours : new int[] {-30, 30, -1, 1}) {
      account.worker.stop();
      account.loop.setWallClock(account.loop.wallClock().plus(Duration.ofHours(hours)));
      account.worker.start(1);
      account.loop.runFor(Duration.ofMinutes(10));
    }

    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  private Duration startAgain() {
    int before = account.worker.topic().size();
    Duration start = account.loop.uptime();
    account.worker.start(1);
    assertThat(
            account.loop.runUntil(
                () -> account.worker.topic().size() > before, Duration.ofMinutes(5)))
        .isTrue();
    return account.loop.uptime().minus(start);
  }
}
