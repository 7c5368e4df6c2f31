package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Breadth;
import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.schedule.AnomalyLog;
import io.callrecords.connect.schedule.ProgressReporter;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.OutOfRange;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What else happens to a reader: settings that change, clocks that are set, limits of the API. */
class FaultRecoveryTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void weeksOfUnsettledWindowsAreLookedAtWithinTheRangeThatTheApiAllows() {
    SimulatedAccount account =
        new SimulatedAccount(Duration.ofDays(45), Duration.ofHours(1), Duration.ofDays(50), 5);
    account.store.addAll(account.calls.uniform(100, NOW.minus(Duration.ofDays(45)), NOW));
    Call late = account.late(NOW.minus(Duration.ofDays(20)), NOW.plus(DAY));
    account.store.add(late);
    account.worker.start(1);

    account.loop.runFor(Duration.ofDays(12));

    assertThat(account.worker.topic()).hasSize(101).containsKey(late.callSessionId());
    assertThat(account.journal.refused()).isZero();
  }

  @Test
  void aStartThatMovesIntoADayThatWasReadNeitherLosesNorRepeatsAnything() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofHours(6), POLL, DAY, 5);
    account.store.addAll(account.calls.uniform(500, NOW.minus(Duration.ofHours(6)), NOW.plus(DAY)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));

    for (int hours : new int[] {-4, -5, -1, -6, -3}) {
      account.worker.stop();
      account.worker.configure(
          read -> ReadOptionsBuilder.startingAt(NOW.plus(Duration.ofHours(hours)), read).build());
      account.worker.start(2);
      account.loop.runFor(Duration.ofHours(1));
    }

    assertThat(account.worker.topic().keySet())
        .containsExactlyInAnyOrderElementsOf(
            account.store.visibleIds(account.loop.wallClock().minusSeconds(60)));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {45, 3 * 3600, 30 * 3600})
  void aStartAheadOfNowIsWaitedFor(long secondsAhead) {
    Instant start = NOW.plusSeconds(secondsAhead);
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.defaults(),
            new ReadOptions(
                start, null, Duration.ofDays(59), POLL, DAY, false, true, MalformedPolicy.FAIL),
            5);
    account.store.addAll(account.calls.uniform(300, NOW, NOW.plus(Duration.ofHours(36))));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    account.worker.stop();
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(38));

    assertThat(account.worker.topic().keySet())
        .containsExactlyInAnyOrderElementsOf(
            account.store.visibleIds(
                account.loop.wallClock(), start, NOW.plus(Duration.ofHours(36))));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** A worker's clock that is ahead begins the next day before the server does. */
  @ParameterizedTest
  @ValueSource(longs = {20, 420, 7 * 3600, 40 * 3600})
  void aWorkerWhoseClockIsAheadLosesAndRepeatsNothing(long secondsAhead) {
    Quirks quirks = Quirks.newBuilder().clockOffset(Duration.ofSeconds(-secondsAhead)).build();
    Instant server = NOW.minusSeconds(secondsAhead);
    ReadOptions read =
        new ReadOptions(
            server.minus(DAY),
            null,
            Duration.ofDays(59),
            POLL,
            Duration.ZERO,
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(quirks, read, 5);
    account.store.addAll(account.calls.uniform(600, server.minus(DAY), server.plus(DAY)));
    // Late by nothing: each call appears in the second that it starts in.
    account.worker.start(3);

    account.loop.runFor(Duration.ofHours(50));

    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.audits().stream().mapToLong(WindowAudit::emitted).sum())
        .isEqualTo(account.worker.topic().size());
  }

  @ParameterizedTest
  @CsvSource({"PT1M, PT5M", "PT1H, PT2H", "P1D, PT26H"})
  void aClockThatIsSetBackBehindWhatIsSettledRepeatsNothing(Duration late, Duration back) {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(2), POLL, late, 5);
    account.store.addAll(
        account.calls.uniform(2_000, NOW.minus(Duration.ofDays(2)), NOW.plus(Duration.ofDays(2))));
    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(12));

    account.loop.setWallClock(account.loop.wallClock().minus(back));
    account.loop.runFor(Duration.ofHours(1));
    account.worker.stop();
    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(30));

    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {-2 * 3600, -20 * 3600, 600})
  void aSecondThatTheApiFailsToAnswerForHoldsUpNothingElse(long secondsFromNow) {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(2), POLL, DAY, 20);
    Instant end = NOW.plus(Duration.ofHours(8));
    account.store.addAll(account.calls.uniform(5_000, NOW.minus(Duration.ofDays(2)), end));
    Instant bad = NOW.plusSeconds(secondsFromNow);
    account.faults.when(
        request -> request.from().isBefore(bad) && request.to().isAfter(bad), Fault.http(500));
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(7));
    int now = account.store.visibleIds(account.loop.wallClock()).size();
    Instant newest = account.worker.arrivals().values().stream().max(Instant::compareTo).get();

    assertThat(newest).isAfter(account.loop.wallClock().minus(Duration.ofMinutes(10)));
    // What lies in a window with the bad second cannot be had, and that is a day at most.
    assertThat(account.worker.topic().size()).isGreaterThan(now / 4);

    account.faults.clear();
    account.loop.runFor(Duration.ofHours(4));
    assertThat(account.worker.topic().keySet())
        .containsExactlyInAnyOrderElementsOf(
            account.store.visibleIds(account.loop.wallClock(), NOW.minus(Duration.ofDays(2)), end));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3000000000000", "50000000", "-1", "9223372036854775807"})
  void anAbsurdTotalIsAFaultThatPasses(String total) {
    SimulatedAccount account =
        new SimulatedAccount(Duration.ofMinutes(5), Duration.ofSeconds(1), DAY, 5);
    account.store.addAll(account.calls.steady(30, NOW.minusSeconds(300), NOW.plusSeconds(3600)));
    account.faults.when(
        request -> true,
        20,
        Fault.rewritten(
            "total", body -> body.replaceAll("\"total\":\"?[0-9]+\"?", "\"total\":" + total)));
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(2));

    assertThat(account.worker.topic().keySet())
        .containsExactlyInAnyOrderElementsOf(
            account.store.visibleIds(
                account.loop.wallClock(), NOW.minusSeconds(300), NOW.plus(DAY)));
  }

  /** The hour that comes twice, and the one that never comes. */
  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-10-25T01:00:00Z",
    "Europe/Berlin, 2026-03-29T01:00:00Z",
    "America/St_Johns, 2026-11-01T04:30:00Z",
    "Australia/Lord_Howe, 2026-04-04T15:00:00Z",
    "Australia/Lord_Howe, 2026-10-03T15:30:00Z"
  })
  void clocksThatAreSetForSummerLoseNothing(ZoneId zone, Instant change) {
    Quirks quirks = Quirks.newBuilder().zone(zone).build();
    Duration half = Duration.ofHours(6);
    // Once as history, and once as it happens.
    for (Duration after : List.of(half, Duration.ofHours(2).negated())) {
      ReadOptions read =
          new ReadOptions(
              change.minus(half),
              null,
              Duration.ofDays(59),
              POLL,
              DAY,
              false,
              true,
              MalformedPolicy.FAIL);
      SimulatedAccount account = new SimulatedAccount(quirks, read, 50, zone, change.plus(after));
      account.store.addAll(account.calls.uniform(3_000, change.minus(half), change.plus(half)));
      account.worker.start(2);
      account.loop.runFor(Duration.ofHours(12));

      assertThat(account.worker.topic()).hasSize(3_000);
      assertThat(account.worker.topic().values()).containsOnly(1);
    }
  }

  @Test
  void aConnectorThatWasStoppedForAWeekGoesOnWhereItWas() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(2), POLL, DAY, 20);
    account.store.addAll(
        account.calls.uniform(3_000, NOW.minus(Duration.ofDays(2)), NOW.plus(Duration.ofDays(9))));
    account.worker.start(2);
    account.loop.runFor(Duration.ofHours(5));
    account.worker.stop();
    account.loop.runFor(Duration.ofDays(7));
    account.worker.start(3);

    account.loop.runFor(Duration.ofDays(2));

    assertThat(account.worker.topic().keySet())
        .containsExactlyInAnyOrderElementsOf(
            account.store.visibleIds(
                NOW.plus(Duration.ofDays(9)),
                NOW.minus(DAY.multipliedBy(2)),
                NOW.plus(Duration.ofDays(9))));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  static IntStream callsOfABusyDay() {
    return IntStream.of(100_000, 250_000).limit(Breadth.of(1, 2));
  }

  @ParameterizedTest
  @MethodSource("callsOfABusyDay")
  void noOffsetIsLongAndNothingIsSettledEarlyHoweverManyCallsADayHas(int calls) {
    Instant midnight = Instant.parse("2026-11-11T00:00:00Z");
    Instant evening = midnight.minusSeconds(60);
    ReadOptions read =
        new ReadOptions(
            midnight.minus(DAY),
            null,
            Duration.ofDays(59),
            POLL,
            DAY,
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account =
        new SimulatedAccount(Quirks.defaults(), read, 1000, ZoneOffset.ofHours(8), evening);
    account.store.addAll(account.calls.uniform(calls, midnight.minus(DAY), evening));

    account.worker.start(1);
    assertThat(account.runUntilSent(calls - 100, Duration.ofHours(1))).isTrue();
    account.loop.runFor(Duration.ofMinutes(10));

    assertThat(account.worker.longestOffset()).isBetween(1, 64 * 1024);
    assertThat(account.worker.settledEarly()).isZero();
    assertThat(account.worker.topic()).hasSizeGreaterThan(calls - 100);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.audits())
        .noneMatch(audit -> audit.outcome() == WindowAudit.WindowOutcome.SETTLED_EARLY);
    // A task that resumes knows all of them.
    account.worker.stop();
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(10));
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @Test
  void newCallsArriveInTimeAfterTheServersClockWasSetBack() {
    SimulatedAccount account = new SimulatedAccount(DAY, POLL, DAY, 5);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(3));

    account.loop.setWallClock(account.loop.wallClock().minus(Duration.ofHours(2)));
    account.loop.runFor(POLL.multipliedBy(3));
    Instant appears = account.loop.wallClock().plusSeconds(1);
    Call call = account.late(appears.minusSeconds(5), appears);
    account.store.add(call);
    account.loop.runFor(POLL.plusSeconds(2));

    assertThat(account.worker.topic()).containsOnlyKeys(call.callSessionId());
  }

  @ParameterizedTest
  @EnumSource(
      value = OutOfRange.class,
      names = {"TIME_RANGE_STATUS", "PARAMETER_STATUS"})
  void whatTheApiNoLongerKeepsAlthoughTheSettingSaysSoIsSkippedAndCountedAndSaid(
      OutOfRange tooOld) {
    Quirks shortMemory = Quirks.newBuilder().retentionDays(40).tooOld(tooOld).build();
    Instant start = NOW.minus(Duration.ofDays(58));
    ReadOptions read =
        new ReadOptions(
            start, null, Duration.ofDays(59), POLL, DAY, false, true, MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(shortMemory, read, 5);
    account.store.addAll(account.calls.uniform(3_000, start, NOW));
    try (LogCapture anomalies = new LogCapture(AnomalyLog.class);
        LogCapture progress = new LogCapture(ProgressReporter.class)) {
      account.worker.start(1);
      account.loop.runFor(Duration.ofMinutes(10));

      Instant kept = NOW.minus(Duration.ofDays(40)).plus(Duration.ofMinutes(10));
      assertThat(account.worker.topic().keySet())
          .containsAll(account.store.visibleIds(NOW, kept, NOW));
      assertThat(account.worker.topic().values()).containsOnly(1);
      assertThat(account.worker.expiredDays()).isBetween(18L, 19L);
      assertThat(anomalies.lines()).filteredOn(line -> line.startsWith("ERROR")).hasSize(1);
      assertThat(progress.lines())
          .anyMatch(
              line ->
                  line.matches("INFO The whole backlog has been read, except for 1[89] days.*"));
      assertThat(account.journal.refused()).isLessThan(150);
    }
  }

  @Test
  void whatTheApiCallsTooOldForAMomentIsNotGivenUp() {
    Instant start = NOW.minus(Duration.ofDays(50));
    ReadOptions read =
        new ReadOptions(
            start, null, Duration.ofDays(59), POLL, DAY, false, true, MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 20);
    account.store.addAll(account.calls.uniform(500, start, NOW));
    account.faults.when(
        request ->
            request.from() != null
                && request.from().isBefore(NOW.minus(Duration.ofDays(45)))
                && account.loop.uptime().compareTo(Duration.ofSeconds(30)) < 0,
        Fault.status(-25));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(10));

    assertThat(account.worker.topic()).hasSize(500);
    assertThat(account.worker.expiredDays()).isZero();
  }

  /** An API that takes ranges of an hour only, and says so with the status for what is too old. */
  @Test
  void aYoungRangeThatTheApiCallsOutOfItsReachIsNarrowed() {
    SimulatedAccount account = new SimulatedAccount(DAY.multipliedBy(3), POLL, DAY, 50);
    account.store.addAll(account.calls.uniform(300, NOW.minus(DAY.multipliedBy(3)), NOW));
    account.faults.when(
        request ->
            request.from() != null
                && request.to() != null
                && Duration.between(request.from(), request.to()).toMinutes() > 61,
        Fault.status(-25));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));

    assertThat(account.worker.topic()).hasSize(300);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.expiredDays()).isZero();
    assertThat(account.journal.count(entry -> entry.status() != null && entry.status() == -25))
        .isLessThan(400);
  }

  @Test
  void nothingYoungIsGivenUpHoweverLongTheApiCallsItTooOld() {
    SimulatedAccount account = new SimulatedAccount(DAY.multipliedBy(3), POLL, DAY, 20);
    account.store.addAll(account.calls.uniform(300, NOW.minus(DAY.multipliedBy(3)), NOW));
    Instant noon = NOW.minus(DAY);
    account.store.add(account.calls.starting(noon, Duration.ofSeconds(20)));
    account.faults.when(
        request ->
            request.from() != null
                && request.to() != null
                && !request.from().isAfter(noon)
                && request.to().isAfter(noon)
                && account.loop.uptime().compareTo(Duration.ofHours(5)) < 0,
        Fault.status(-25));
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(4));
    int during = account.worker.topic().size();
    long asked = account.journal.count();
    account.loop.runFor(Duration.ofHours(8));

    assertThat(during).isEqualTo(300);
    assertThat(asked).isLessThan(4_000);
    assertThat(account.worker.topic()).hasSize(301);
  }

  /** A young range that is called too old now and then is no range that is too long. */
  @Test
  void aRangeThatIsRefusedNowAndThenIsNotReadSecondBySecond() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(3), POLL, DAY, 20);
    account.store.addAll(account.calls.uniform(500, NOW.minus(Duration.ofDays(3)), NOW));
    account.faults.share(.02, List.of(Fault.status(-25)));
    account.worker.start(1);

    account.loop.runFor(DAY);

    assertThat(account.worker.topic()).hasSize(500);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.journal.count()).isLessThan(5_000);
  }
}
