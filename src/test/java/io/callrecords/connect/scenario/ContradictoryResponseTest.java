package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.fetch.TimeSettingsException;
import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.EmptyResult;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Odd answers of the API, which must neither accuse a setting nor lose or multiply anything. */
class ContradictoryResponseTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final String NO_DATA = "{\"status\":\"0\",\"reason\":\"success\",\"data\":null}";

  private static SimulatedAccount account(Quirks quirks, Duration back, MalformedPolicy policy) {
    return account(quirks, back, policy, ZoneOffset.ofHours(8), NOW, 20);
  }

  private static SimulatedAccount account(
      Quirks quirks, Duration back, MalformedPolicy policy, ZoneId set, Instant now, double rate) {
    ReadOptions read =
        new ReadOptions(
            now.minus(back),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            policy);
    return new SimulatedAccount(quirks, read, rate, set, now);
  }

  private static Fault json(String body) {
    return Fault.body("application/json", body);
  }

  /** One empty answer in place of the proof, and a call that ended at once. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 20})
  void oneEmptyAnswerDuringTheProofAccusesNobody(long seconds) {
    SimulatedAccount account = account(Quirks.defaults(), DAY, MalformedPolicy.FAIL);
    account.store.add(
        account.calls.starting(NOW.minus(Duration.ofHours(9)), Duration.ofSeconds(seconds)));
    account.faults.when(
        r -> r.size() > 1 && r.from() != null && r.from().plusSeconds(2).equals(r.to()),
        1,
        json(NO_DATA));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(5));
    assertThat(account.worker.topic()).hasSize(1);
  }

  /** An answer without data is not believed because an earlier pass over the window failed, too. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5})
  void oneEmptyAnswerInAnyPassLosesNothing(int pass) {
    Quirks quirks = Quirks.newBuilder().emptyResult(EmptyResult.NULL_DATA).build();
    SimulatedAccount account = account(quirks, DAY.multipliedBy(2), MalformedPolicy.FAIL);
    Instant second = NOW.minus(Duration.ofHours(30));
    account.store.addAll(account.calls.inSecond(250, second));
    AtomicInteger passes = new AtomicInteger();
    AtomicInteger empty = new AtomicInteger();
    account.faults.when(
        r -> {
          boolean counts =
              r.current() == 1
                  && r.from().plusSeconds(2).isBefore(r.to())
                  && r.from().isBefore(second)
                  && r.to().isAfter(second);
          boolean begins = counts && passes.incrementAndGet() == pass;
          empty.addAndGet(begins ? 1 : 0);
          return begins;
        },
        json(NO_DATA));
    account.faults.when(
        r -> r.current() > 1 && passes.get() < pass,
        Fault.rewritten("a row more", body -> body.replace("\"total\":250", "\"total\":251")));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(empty).hasValue(1);
    assertThat(account.worker.topic()).hasSize(250);
  }

  /** The first answer for a day says that it is empty, the second that it is more than a window. */
  @Test
  void aFirstAnswerWithoutDataDoesNotHideABusyDay() {
    Quirks quirks = Quirks.newBuilder().emptyResult(EmptyResult.NULL_DATA).build();
    SimulatedAccount account = account(quirks, DAY.multipliedBy(2), MalformedPolicy.FAIL);
    Instant from = NOW.minus(Duration.ofHours(30));
    account.store.addAll(account.calls.uniform(5_000, from, from.plusSeconds(3_600)));
    AtomicInteger empty = new AtomicInteger();
    account.faults.when(
        r ->
            r.from().plusSeconds(2).isBefore(r.to())
                && r.from().isBefore(from)
                && r.to().isAfter(from)
                && empty.getAndIncrement() == 0,
        json(NO_DATA));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(empty.get()).isPositive();
    assertThat(account.worker.topic()).hasSize(5_000);
  }

  /** The last minute of a range that ended long ago is not the present. */
  @Test
  void oneEmptyAnswerForTheEndOfAnOldRangeLosesNothing() {
    Instant end = NOW.minus(Duration.ofHours(10));
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAY),
            end,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 20);
    account.store.addAll(account.calls.inSecond(20, end.minusSeconds(30)));
    AtomicInteger empty = new AtomicInteger();
    account.faults.when(
        r -> r.to().equals(end) && empty.getAndIncrement() == 0,
        json("{\"status\":\"0\",\"data\":{}}"));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(empty.get()).isPositive();
    assertThat(account.worker.topic()).hasSize(20);
  }

  /** One row in UTC among a thousand that are right, and malformed.records=skip. */
  @Test
  void oneRowInAnotherZoneDoesNotAccuseTheSetting() {
    SimulatedAccount account = account(Quirks.defaults(), DAY, MalformedPolicy.SKIP);
    List<Call> calls =
        List.copyOf(account.calls.uniform(3000, NOW.minus(DAY), NOW.minusSeconds(3_600)));
    account.store.addAll(calls);
    Call odd = calls.get(1701);
    String utc =
        odd.start().atOffset(ZoneOffset.UTC).toLocalDateTime().toString().replace('T', ' ');
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "one in UTC",
            body ->
                body.replaceAll(
                    "(\\{[^{}]*\"callSessionId\":\""
                        + odd.callSessionId()
                        + "\"[^{}]*\"callStartTime\":\")[^\"]*",
                    "$1" + utc)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.topic()).hasSize(2999);
  }

  /** The clocks of the zone that is set change in a week; those of the API do not. */
  @Test
  void aZoneThatGoesWrongWithinAWeekIsNamed() {
    ZoneId api = ZoneId.of("-04:00");
    Instant now = Instant.parse("2026-11-04T12:00:00Z");
    SimulatedAccount account =
        account(
            Quirks.newBuilder().zone(api).build(),
            Duration.ofDays(10),
            MalformedPolicy.FAIL,
            ZoneId.of("America/New_York"),
            now,
            20);
    for (int day = 1; day < 9; day++) {
      account.store.add(
          account.calls.starting(
              now.plusSeconds(3_600).minus(DAY.multipliedBy(day)), Duration.ofMinutes(2)));
    }
    account.worker.start(1);
    assertThatThrownBy(() -> account.loop.runFor(Duration.ofHours(5)))
        .rootCause()
        .isInstanceOf(TimeSettingsException.class)
        .hasMessageContaining("it is America/New_York, but -04:00 would fit");
  }

  /** A single -25 for a young range. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void oneWrongOutOfRangeForAYoungRangeDoesNotMultiplyRequests(int wrong) {
    SimulatedAccount account = account(Quirks.defaults(), DAY, MalformedPolicy.FAIL);
    account.store.addAll(account.calls.uniform(500, NOW.minus(DAY), NOW.plus(DAY)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(30));
    int before = account.journal.entries().size();
    account.loop.runFor(Duration.ofHours(1));
    int healthy = account.journal.entries().size() - before;
    account.faults.when(r -> true, wrong, Fault.status(-25));
    account.loop.runFor(Duration.ofMinutes(1));
    before = account.journal.entries().size();
    account.loop.runFor(Duration.ofHours(1));
    int after = account.journal.entries().size() - before;
    assertThat(after).isLessThan(3 * healthy);
  }

  /** A node of the API says -25 to everything that is old, for five seconds. */
  @Test
  void aFewWrongOutOfRangesLoseNothing() {
    SimulatedAccount account =
        account(Quirks.defaults(), DAY.multipliedBy(55), MalformedPolicy.FAIL);
    for (int day = 1; day < 55; day++) {
      account.store.add(
          account.calls.starting(NOW.minus(DAY.multipliedBy(day)), Duration.ofMinutes(2)));
    }
    account.faults.when(
        r ->
            r.to() != null
                && r.to().isBefore(NOW.minus(DAY.multipliedBy(35)))
                && account.loop.wallClock().isAfter(NOW.plusMillis(1_000))
                && account.loop.wallClock().isBefore(NOW.plusMillis(6_000)),
        Fault.status(-25));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.topic()).hasSize(54);
  }

  /** The API keeps less than half of what the setting says. */
  @Test
  void anApiThatKeepsFourteenDaysHoldsUpNothingThatItKeeps() {
    SimulatedAccount account =
        account(
            Quirks.newBuilder().retentionDays(14).build(),
            DAY.multipliedBy(40),
            MalformedPolicy.FAIL);
    for (int day = 1; day < 40; day++) {
      account.store.add(
          account.calls.starting(NOW.minus(DAY.multipliedBy(day)), Duration.ofMinutes(2)));
    }
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(10));
    assertThat(account.worker.topic()).hasSize(13);
  }

  /** A row without id whose recording's address is signed anew in each answer. */
  @Test
  void aRowWithoutIdThatIsSignedAnewIsPutAsideOnce() {
    SimulatedAccount account = account(Quirks.defaults(), DAY, MalformedPolicy.TOPIC);
    List<Call> calls = List.copyOf(account.calls.uniform(500, NOW.minus(DAY), NOW));
    account.store.addAll(calls);
    AtomicInteger signature = new AtomicInteger();
    account.faults.when(
        request -> true,
        Fault.rewritten(
            "no id",
            body ->
                body.replace(
                    "\"callSessionId\":\"" + calls.get(490).callSessionId() + "\"",
                    "\"signed\":\"https://x/y?sig=" + signature.incrementAndGet() + "\"")));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));
    assertThat(account.worker.malformed()).hasSize(1);
  }

  /** Success without data or total, for a second. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":\"0\",\"data\":null}",
        "{\"status\":\"0\",\"data\":{}}",
        "{\"status\":\"0\",\"data\":{\"total\":null,\"records\":null}}"
      })
  void successWithoutDataForASecondLosesNothing(String body) {
    SimulatedAccount account =
        account(Quirks.defaults(), DAY.multipliedBy(30), MalformedPolicy.FAIL);
    for (int day = 1; day < 30; day++) {
      account.store.add(
          account.calls.starting(NOW.minus(DAY.multipliedBy(day)), Duration.ofMinutes(2)));
    }
    account.faults.when(
        r ->
            account.loop.wallClock().isAfter(NOW.plusMillis(700))
                && account.loop.wallClock().isBefore(NOW.plusMillis(1_700)),
        json(body));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));
    assertThat(account.worker.topic()).hasSize(29);
  }

  /** No setting fits an API that filters by a time which its records do not carry. */
  @Test
  void anApiThatFiltersByCreationStopsTheTask() {
    Quirks quirks =
        Quirks.newBuilder()
            .filteredTime(FilteredTime.CREATION)
            .lag(Duration.ofSeconds(1), Duration.ofSeconds(5))
            .build();
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAY),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            MalformedPolicy.FAIL);
    VirtualLoop loop = new VirtualLoop(NOW);
    CallGenerator calls =
        CallGenerator.newBuilder()
            .seed(7)
            .zone(ZoneOffset.ofHours(8))
            .lag(Duration.ofSeconds(1), Duration.ofSeconds(5))
            .build();
    CallStore store = new CallStore(FilteredTime.CREATION);
    SimulatedApi api =
        new SimulatedApi(
            "/v3", "key", "secret", quirks, store, calls, Journal.complete(), new Faults(7), 7);
    VirtualWorker worker =
        new VirtualWorker(
            api,
            loop,
            new SplittableRandom(7),
            new VirtualWorker.WorkerOptions(
                read, "callEndTime", ZoneOffset.ofHours(8), 100, 20, Network.upTo(200)));
    store.addAll(calls.uniform(60_000, NOW.minus(DAY), NOW.minusSeconds(7_200)));
    worker.start(1);

    assertThatThrownBy(() -> loop.runFor(Duration.ofHours(6)))
        .rootCause()
        .isInstanceOf(DataException.class)
        .hasMessageContaining("callEndTime lies outside of the range that was requested");
  }
}
