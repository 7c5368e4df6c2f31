package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ServerClock;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands between the connector and the API, and has faults of its own. */
class GatewayTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static Fault dated(Duration ahead) {
    return new Fault(
        "date of a gateway",
        0,
        null,
        now -> Map.of("Date", HTTP_DATE.format(now.plus(ahead))),
        UnaryOperator.identity(),
        null,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** It writes a time of its own into each response; the API checks timestamps by the true time. */
  @ParameterizedTest
  @ValueSource(longs = {-8, 8, 24})
  void aDateThatIsHoursOffLosesNothing(long hours) {
    SimulatedAccount account =
        new SimulatedAccount(Duration.ofDays(3), Duration.ofSeconds(30), Duration.ofHours(4), 20);
    account.store.addAll(account.calls.uniform(150, NOW.minus(Duration.ofDays(3)), NOW));
    account.store.addAll(account.calls.uniform(50, NOW, NOW.plus(Duration.ofHours(2))));
    account.faults.when(request -> true, dated(Duration.ofHours(hours)));
    try (LogCapture log = new LogCapture(ServerClock.class)) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(3));

      assertThat(account.worker.topic()).hasSize(200);
      assertThat(account.worker.topic().values()).containsOnly(1);
      assertThat(account.worker.expiredDays()).isZero();
      assertThat(log.lines()).hasSize(1);
    }
  }

  /** New calls are in the topic within a poll interval and five seconds of an outage's end. */
  @ParameterizedTest
  @CsvSource({"25, 502", "25, 503", "120, 502", "600, 500"})
  void newCallsAreThereSecondsAfterAnOutage(long seconds, int status) {
    SimulatedAccount account =
        new SimulatedAccount(Duration.ofMinutes(10), SECOND, Duration.ofHours(4), 5);
    Instant begin = NOW.plus(Duration.ofMinutes(2));
    Instant end = begin.plusSeconds(seconds);
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(2));
    account.faults.when(request -> true, Fault.http(status));
    account.loop.runFor(Duration.ofSeconds(seconds));
    account.faults.clear();
    for (int call = 0; call < 5; call++) {
      Instant appears = end.minusSeconds(4 - call);
      account.store.add(
          account
              .calls
              .starting(appears.minusSeconds(5), SECOND)
              .with(other -> other.appearsAt(appears)));
    }
    Duration ended = account.loop.uptime();

    assertThat(
            account.loop.runUntil(() -> account.worker.topic().size() == 5, Duration.ofMinutes(5)))
        .isTrue();
    assertThat(account.loop.uptime().minus(ended)).isLessThanOrEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void oneRefusalAmongManyResponsesStopsNothing() {
    SimulatedAccount account =
        new SimulatedAccount(Duration.ofDays(3), Duration.ofSeconds(30), Duration.ofHours(4), 20);
    account.store.addAll(account.calls.uniform(600, NOW.minus(Duration.ofDays(3)), NOW));
    account.faults.when(request -> request.number() % 21 == 0, Fault.status(-1));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));

    assertThat(account.worker.topic()).hasSize(600);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }
}
