package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An outage behind a gateway that says success loses nothing, whatever it says beside that. */
class ResponseWithoutDataTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final int CALLS = 600;

  private static SimulatedAccount account(double requestsPerSecond) {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(Duration.ofDays(30)),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, requestsPerSecond);
    account.store.addAll(account.calls.uniform(CALLS, NOW.minus(Duration.ofDays(30)), NOW));
    return account;
  }

  private static void fail(SimulatedAccount account, String body, long from, long to) {
    account.faults.when(
        r ->
            !account.loop.wallClock().isBefore(NOW.plusSeconds(from))
                && account.loop.wallClock().isBefore(NOW.plusSeconds(to)),
        Fault.body("application/json", body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":\"0\",\"reason\":\"success\",\"data\":null}",
        "{\"status\":\"0\",\"reason\":\"success\"}",
        "{\"status\":\"0\",\"data\":{}}",
        "{\"status\":\"0\",\"data\":{\"error\":\"down\",\"records\":[]}}",
        "{\"status\":\"0\",\"data\":{\"error\":\"down\",\"total\":0,\"records\":[]}}",
        "{\"status\":\"0\",\"data\":\"down\"}",
        "{\"status\":\"0\",\"data\":[]}",
        ""
      })
  void losesNothingToAnOutageAtTheStart(String body) {
    SimulatedAccount account = account(20);
    fail(account, body, 0, 45);
    account.worker.start(1);

    assertThat(account.runUntilSent(CALLS, Duration.ofMinutes(10))).isTrue();
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.topic()).hasSize(CALLS);
  }

  @ParameterizedTest
  @CsvSource({"1, 61", "3, 63", "5, 305"})
  void losesNothingToAnOutageInTheMiddleOfTheBacklog(long from, long to) {
    SimulatedAccount account = account(5);
    fail(account, "{\"status\":\"0\",\"reason\":\"success\",\"data\":null}", from, to);
    account.worker.start(1);

    assertThat(account.runUntilSent(CALLS, Duration.ofMinutes(30))).isTrue();
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.topic()).hasSize(CALLS);
  }
}
