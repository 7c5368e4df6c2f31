package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Totals and pages of an API that is odd in a way of its own, and must hold nothing up. */
class OddTotalsTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration POLL = Duration.ofSeconds(30);

  private static SimulatedAccount account(Duration back, Duration poll, double rate) {
    return SimulatedAccount.withoutAudits(back, poll, Duration.ofHours(4), rate);
  }

  private static boolean covers(ApiRequest request, Instant time) {
    Instant from = request.from();
    Instant to = request.to();
    return from != null && to != null && !from.isAfter(time) && !to.isBefore(time);
  }

  /** A count that forgets the range, or is cached for the account. */
  @Test
  void aTotalThatIsThatOfTheWholeAccountHoldsUpNothing() {
    SimulatedAccount account = account(DAY.multipliedBy(2), POLL, 20);
    account.store.addAll(
        account.calls.uniform(300, NOW.minus(DAY.multipliedBy(2)), NOW.minusSeconds(12_000)));
    account.faults.when(
        request -> true,
        Fault.rewritten("total", body -> body.replaceAll("\"total\":\\s*\\d+", "\"total\":3000")));
    account.worker.start(1);

    boolean all = account.runUntilSent(300, Duration.ofMinutes(10));
    assertThat(all)
        .as("%d of 300 after %d requests", account.worker.topic().size(), account.journal.count())
        .isTrue();
  }

  static Stream<Arguments> pastTheEnd() {
    return Stream.of(
        Arguments.of("status -22", Fault.status(-22)),
        Arguments.of("HTTP 404", Fault.http(404)),
        Arguments.of(
            "data null",
            Fault.body(
                "application/json", "{\"status\":\"0\",\"reason\":\"success\",\"data\":null}")));
  }

  /** The totals are right, and a page that they do not announce is refused. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("pastTheEnd")
  void aPagePastTheLastOneThatIsRefusedHoldsUpNothing(String name, Fault fault) {
    SimulatedAccount account = account(DAY, POLL, 20);
    account.store.addAll(
        account.calls.uniform(100, NOW.minus(Duration.ofHours(9)), NOW.minus(Duration.ofHours(7))));
    account.faults.when(
        request ->
            request.current() > 1
                && (request.current() - 1) * request.size()
                    >= account
                        .store
                        .visibleIds(
                            account.loop.wallClock(), request.from(), request.to().plusSeconds(1))
                        .size(),
        fault);
    account.worker.start(1);

    assertThat(account.runUntilSent(100, Duration.ofMinutes(1))).isTrue();
    account.loop.runFor(Duration.ofMinutes(20));
    assertThat(account.worker.topic()).hasSize(100);
  }

  /** The total of a quiet moment counts a call that is not returned, such as a deleted one. */
  @Test
  void aCallThatIsCountedAndNotReturnedDoesNotHoldUpTheLiveEdge() {
    Duration poll = Duration.ofSeconds(2);
    SimulatedAccount account = account(Duration.ofMinutes(5), poll, 20);
    Instant hidden = NOW.plusSeconds(31);
    List<Call> calls = new ArrayList<>();
    for (int i = 36; i < 200; i += 5) {
      Instant start = NOW.plusSeconds(i);
      calls.add(account.late(start, start.plusSeconds(1)));
    }
    account.store.addAll(calls);
    account.faults.when(
        request ->
            covers(request, hidden) && !account.loop.wallClock().isBefore(hidden.plusSeconds(1)),
        Fault.rewritten("counted", OddTotalsTest::oneMore));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(5));

    Duration longest = Duration.ZERO;
    for (Call call : calls) {
      Instant arrival = account.worker.arrivals().get(call.callSessionId());
      assertThat(arrival).isNotNull();
      Duration taken = Duration.between(call.appearsAt(), arrival);
      longest = taken.compareTo(longest) > 0 ? taken : longest;
    }
    assertThat(longest).isLessThanOrEqualTo(Duration.ofSeconds(10));
  }

  private static String oneMore(String body) {
    return Pattern.compile("\"total\":\\s*(\\d+)")
        .matcher(body)
        .replaceFirst(found -> "\"total\":" + (Long.parseLong(found.group(1)) + 1));
  }
}
