package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.schedule.LiveEdge;
import io.callrecords.simulator.Answer;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that nobody would send by mistake, and what must not come of them. */
class HostileResponseTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final Pattern ID = Pattern.compile("(\"callSessionId\":\")([^\"]*)");

  /** An account of 55 days whose API does not check timestamps, so that no date is refuted. */
  private static SimulatedAccount accountOfAnyTimestamp() {
    Quirks quirks = Quirks.newBuilder().timestampTolerance(DAY.multipliedBy(100_000)).build();
    return account(quirks, DAY.multipliedBy(55), MalformedPolicy.FAIL);
  }

  private static SimulatedAccount account(Duration back, MalformedPolicy policy) {
    return account(Quirks.defaults(), back, policy);
  }

  private static SimulatedAccount account(Quirks quirks, Duration back, MalformedPolicy policy) {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(back),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(30),
            Duration.ofHours(4),
            false,
            true,
            policy);
    return new SimulatedAccount(quirks, read, 20);
  }

  private static Fault dated(Function<Instant, Instant> date) {
    return new Fault(
        "odd date",
        0,
        null,
        now -> Map.of("Date", HTTP_DATE.format(date.apply(now))),
        UnaryOperator.identity(),
        null,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** A first answer that was kept for long somewhere, or whose server has lost its clock. */
  @ParameterizedTest
  @ValueSource(longs = {-20_000, -70, -1, 1, 70, 20_000, 2_900_000})
  void oneOddDateAtTheVeryBeginningLosesNothing(long days) {
    SimulatedAccount account = account(DAY.multipliedBy(55), MalformedPolicy.FAIL);
    account.store.addAll(
        account.calls.uniform(600, NOW.minus(DAY.multipliedBy(55)), NOW.plus(Duration.ofHours(2))));
    account.faults.next(1, dated(now -> now.plus(DAY.multipliedBy(days))));
    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(3));
    assertThat(account.worker.expiredDays()).isZero();
    assertThat(account.worker.topic()).hasSize(600);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** All its responses agree, and the worker's clock is right. */
  @ParameterizedTest
  @ValueSource(longs = {2, 70, 1_200, 20_000})
  void aDateThatStaysFarAheadNeitherExpiresNorSettlesAnything(long days) {
    SimulatedAccount account = accountOfAnyTimestamp();
    account.store.addAll(
        account.calls.uniform(600, NOW.minus(DAY.multipliedBy(55)), NOW.plus(Duration.ofHours(2))));
    for (int i = 0; i < 200; i++) {
      Instant start = NOW.plusSeconds(30L * i);
      account.store.add(account.late(start, start.plus(Duration.ofMinutes(i))));
    }
    account.faults.when(request -> true, dated(now -> now.plus(DAY.multipliedBy(days))));
    try (LogCapture log = new LogCapture("io.callrecords.connect.client.ClockComparison")) {
      account.worker.start(2);
      account.loop.runFor(Duration.ofSeconds(59));
      assertThat(log.lines()).isEmpty();
      account.loop.runFor(Duration.ofHours(12));

      assertThat(log.lines())
          .hasSizeBetween(1, 2)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .startsWith(
                          "WARN The Date header of the API's responses is " + days + " days")
                      .contains("ahead of the worker's clock", "doubts the API's"));
    }
    assertThat(account.worker.expiredDays()).isZero();
    assertThat(account.worker.topic()).hasSize(800);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** Whichever of the two is wrong, nothing is lost by it once it is set right. */
  @ParameterizedTest
  @ValueSource(longs = {-2, -70, -2_000})
  void aDateThatStaysFarBehindLosesNothingOnceItIsSetRight(long days) {
    SimulatedAccount account = accountOfAnyTimestamp();
    account.store.addAll(
        account.calls.uniform(600, NOW.minus(DAY.multipliedBy(55)), NOW.plus(Duration.ofHours(2))));
    Instant repaired = NOW.plus(Duration.ofHours(3));
    account.faults.when(
        request -> account.loop.wallClock().isBefore(repaired),
        dated(now -> now.plus(DAY.multipliedBy(days))));
    try (LogCapture log = new LogCapture("io.callrecords.connect.client.ClockComparison")) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(2));

      // Where nothing else is to be had by that date, it is looked at once in each poll interval.
      assertThat(account.journal.count()).isGreaterThan(200);
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN The Date header of the API's responses is " + -days + " days")
          .contains("behind the worker's clock", "doubts the worker's");
      account.loop.runFor(Duration.ofHours(2));
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(1))
          .startsWith("INFO The API's clock and the worker's agree again");
    }
    assertThat(account.worker.expiredDays()).isZero();
    assertThat(account.worker.topic()).hasSize(600);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** Several servers answer in turn, whose clocks differ. */
  @ParameterizedTest
  @CsvSource({"20, 5", "300, 5", "300, 30", "3600, 30"})
  void serversWhoseClocksDifferLoseNothingAndFillNoLog(int seconds, int poll) {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAY),
            null,
            Duration.ofDays(59),
            Duration.ofSeconds(poll),
            Duration.ofHours(4),
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 20);
    account.store.addAll(
        account.calls.uniform(2_000, NOW.minus(DAY), NOW.plus(Duration.ofHours(2))));
    SplittableRandom random = new SplittableRandom(seconds);
    account.faults.when(request -> random.nextBoolean(), dated(now -> now.plusSeconds(seconds)));
    try (LogCapture log = new LogCapture(LiveEdge.class)) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(6));
      assertThat(account.worker.topic()).hasSize(2_000);
      assertThat(account.worker.topic().values()).containsOnly(1);
      assertThat(log.lines()).filteredOn(line -> line.startsWith("WARN")).hasSizeLessThan(3);
    }
  }

  /** One of several servers has a wrong clock, and calls what the others would take expired. */
  @Test
  void oneServerThatCallsTimestampsExpiredByAWrongClockLosesNothing() {
    SimulatedAccount account = account(Duration.ofHours(6), MalformedPolicy.FAIL);
    int calls = 3_000;
    for (int i = 0; i < calls; i++) {
      Instant start = NOW.plusSeconds(12L * i);
      account.store.add(account.late(start, start.plus(Duration.ofMinutes(i % 230))));
    }
    Fault right = Fault.status(-16);
    Fault wrong =
        new Fault(
            "expired by a wrong clock",
            right.httpStatus(),
            right.status(),
            now -> Map.of("Date", HTTP_DATE.format(now.plus(Duration.ofHours(6)))),
            UnaryOperator.identity(),
            null,
            Answer.Delivery.WHOLE,
            Duration.ZERO);
    account.worker.start(1);
    for (int i = 0; i < 100; i++) {
      account.loop.runFor(Duration.ofMinutes(6));
      account.faults.next(1, wrong);
    }
    account.loop.runFor(Duration.ofHours(20));
    assertThat(account.worker.topic()).hasSize(calls);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  private static Fault ids(UnaryOperator<String> id) {
    return Fault.rewritten(
        "odd ids",
        body ->
            ID.matcher(body)
                .replaceAll(m -> Matcher.quoteReplacement(m.group(1) + id.apply(m.group(2)))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " ",
        "\\\"",
        "\\u0001",
        "\\n",
        "!",
        "\\\\",
        "=",
        "\\ud83d\\ude00",
        "é",
        "%",
        "\\u2028",
        "{}",
        "_",
        "A"
      })
  void idsOfAnyCharactersAreKnownAgainAfterARestart(String mark) {
    SimulatedAccount account = account(DAY, MalformedPolicy.FAIL);
    account.store.addAll(account.calls.uniform(300, NOW.minus(DAY), NOW));
    account.faults.when(r -> true, ids(id -> mark + id + mark));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(10));
    account.worker.stop();
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));
    assertThat(account.worker.topic()).hasSize(300);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\\ud83d", "\\ude00", "\\ude00\\ud83d", "\\u0000"})
  void idsThatCannotBeKeptAreKnownAgainAfterARestart(String half) {
    SimulatedAccount account = account(DAY, MalformedPolicy.TOPIC);
    account.store.addAll(account.calls.uniform(300, NOW.minus(DAY), NOW));
    account.faults.when(r -> true, ids(id -> id + half));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(10));
    account.worker.stop();
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(6));
    assertThat(account.worker.topic()).isEmpty();
    assertThat(account.worker.malformed()).hasSize(300);
    assertThat(account.worker.malformed().values()).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30, 111, 300})
  void longIdsDoNotOutgrowAnOffset(int length) {
    SimulatedAccount account = account(Duration.ofHours(3), MalformedPolicy.SKIP);
    for (int window = 1; window <= 4; window++) {
      Instant from = NOW.minus(Duration.ofMinutes(40L * window));
      account.store.addAll(account.calls.uniform(1_990, from, from.plusSeconds(30)));
    }
    account.faults.when(r -> true, ids(id -> noise(id, length) + id));
    // What appears later may come too late for a window that was settled early.
    int visible = account.store.visibleIds(NOW).size();
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.longestOffset()).isLessThan(512 * 1024);
    assertThat(account.worker.topic().size())
        .isGreaterThanOrEqualTo(length > 111 ? 0 : visible)
        .isLessThanOrEqualTo(length > 111 ? 0 : 4 * 1_990);
  }

  /** A text of that length, always the same for an id, that shares nothing with those of others. */
  private static String noise(String id, int length) {
    SplittableRandom random = new SplittableRandom(id.hashCode());
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(Long.toString(random.nextLong() & Long.MAX_VALUE, 36));
    }
    return text.substring(0, length);
  }
}
