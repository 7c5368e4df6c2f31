package io.callrecords.connect.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.ZoneOffset;
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
    Account account = account(NO_RATE, new Network(concurrent, latency, latency), calls);
    account.worker.start(tasks);
    account.runUntilSent(calls / 20, Duration.ofHours(1));
    account.worker.traffic().countAnew();

    // Towards the end some tasks have nothing left to read.
    assertThat(account.runUntilSent(calls * 8 / 10, Duration.ofHours(2))).isTrue();

    assertThat(account.worker.traffic().mean() / (concurrent * tasks)).isGreaterThan(.9);
  }

  private static Account account(double rate, Network network, int calls) {
    Account account =
        new Account(
            Quirks.defaults(),
            new ReadOptions(
                Account.NOW.minus(Duration.ofDays(DAYS)),
                null,
                Duration.ofDays(59),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                false,
                true,
                MalformedPolicy.FAIL),
            rate,
            ZoneOffset.ofHours(8),
            Account.NOW,
            network);
    account.store.addAll(
        account.calls.realistic(
            calls, Account.NOW.minus(Duration.ofDays(DAYS)), Account.NOW.minusSeconds(9_000)));
    return account;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theRateIsUsedToTheFull(int tasks) {
    Account account = account(20, new Network(16, 50, 250), 200_000);
    account.worker.start(tasks);
    account.runUntilSent(3_000, Duration.ofHours(1));
    long before = account.journal.count();

    account.loop.runFor(Duration.ofMinutes(1));

    assertThat(account.journal.count() - before).isBetween(1_164L, 1_201L);
  }
}
