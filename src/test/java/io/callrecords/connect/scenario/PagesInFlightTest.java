package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.TimeLimits;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows that a backlog loads as fast as the API's latency and the rate allow. */
class PagesInFlightTest {
  private static final int DAYS = 20;
  private static final double NO_RATE = 10_000;

  /** All that may be asked at once is, nearly all the time, whatever the days are like. */
  @ParameterizedTest
  @CsvSource({
    "100, 4, 1, 200000",
    "300, 4, 1, 200000",
    "300, 16, 1, 200000",
    "300, 64, 1, 200000",
    "300, 4, 3, 200000",
    "100, 16, 3, 200000",
    "100, 4, 1, 30000",
    "300, 16, 1, 30000",
  })
  void asManyPagesAreInFlightAsMayBe(int latency, int concurrent, int tasks, int calls) {
    SimulatedAccount account = account(NO_RATE, new Network(concurrent, latency, latency), calls);
    account.worker.start(tasks);
    account.runUntilSent(calls / 20, Duration.ofHours(1));
    account.worker.traffic().countAnew();

    // Towards the end some tasks have nothing left to read.
    assertThat(account.runUntilSent(calls * 8 / 10, Duration.ofHours(2))).isTrue();

    assertThat(account.worker.traffic().mean() / (concurrent * tasks)).isGreaterThan(.9);
  }

  private static SimulatedAccount account(double rate, Network network, int calls) {
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.defaults(),
            new ReadOptions(
                SimulatedAccount.NOW.minus(Duration.ofDays(DAYS)),
                null,
                Duration.ofDays(59),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                false,
                true,
                MalformedPolicy.FAIL),
            rate,
            ZoneOffset.ofHours(8),
            SimulatedAccount.NOW,
            network);
    account.store.addAll(
        account.calls.realistic(
            calls,
            SimulatedAccount.NOW.minus(Duration.ofDays(DAYS)),
            SimulatedAccount.NOW.minusSeconds(9_000)));
    return account;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theRateIsUsedToTheFull(int tasks) {
    SimulatedAccount account = account(20, new Network(16, 50, 250), 200_000);
    account.worker.start(tasks);
    account.runUntilSent(3_000, Duration.ofHours(1));
    long before = account.journal.count();

    account.loop.runFor(Duration.ofMinutes(1));

    assertThat(account.journal.count() - before).isBetween(1_164L, 1_201L);
  }

  /** Each range has a timer of a minute, within which many windows may be read. */
  @Test
  void recordsThatWereHandedOverAreNotHeld() {
    SimulatedAccount account = account(NO_RATE, new Network(16, 50, 50), 100_000);
    account.worker.start(1);

    assertThat(account.runUntilSent(50_000, Duration.ofSeconds(50))).isTrue();

    // The offset of a batch that has been sent may still be asked for.
    await()
        .atMost(TimeLimits.LONG)
        .untilAsserted(() -> assertThat(account.worker.held()).isLessThan(5_000));
  }

  /** A call comes in each 100 ms, and a page takes longer, so that no two agree on the total. */
  @Test
  void newsOfSeveralPagesAreNotReadOverAndOver() {
    Network network = new Network(8, 300, 300);
    SimulatedAccount account = account(NO_RATE, network, 1_000);
    Instant end = SimulatedAccount.NOW.plusSeconds(1_800);
    List<Call> calls = account.calls.uniform(18_000, SimulatedAccount.NOW, end);
    List<Call> seen = new ArrayList<>();
    for (int i = 0; i < calls.size(); i++) {
      Instant appears = calls.get(i).start().plusMillis(i % 10 * 100L);
      seen.add(calls.get(i).with(call -> call.appearsAt(appears)));
    }
    account.store.addAll(seen);
    account.worker.start(1);

    account.loop.runFor(Duration.ofSeconds(1_900));

    // Few of them appear between two of the answers, and are found by a look.
    Duration allowed = Duration.ofMillis(30_000 + 1_000 + 2 * 300 + 600);
    long soon =
        seen.stream()
            .filter(
                call -> {
                  Instant arrival = account.worker.arrivals().get(call.callSessionId());
                  return !arrival.isAfter(call.appearsAt().plus(allowed));
                })
            .count();
    assertThat(soon).isGreaterThan(seen.size() * 97L / 100);
    assertThat(account.journal.count()).isLessThan(1_750);
  }
}
