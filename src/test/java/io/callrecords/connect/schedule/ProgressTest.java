package io.callrecords.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.SimulatedAccount;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a task's metrics and its log say while it works, in made-up time. */
class ProgressTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration LATE = Duration.ofHours(4);

  @Test
  void theBacklogIsEstimatedWhileItLoads() {
    SimulatedAccount account = new SimulatedAccount(DAY.multipliedBy(10), POLL, LATE, 2);
    account.store.addAll(account.calls.uniform(40_000, NOW.minus(DAY.multipliedBy(10)), NOW));
    account.worker.start(1);
    Progress progress = account.worker.progress();
    account.loop.runFor(Duration.ofSeconds(90));

    int sent = account.worker.topic().size();
    assertThat(sent).isBetween(5_000, 35_000);
    assertThat(progress.backlogRecords()).isCloseTo(40_000.0 - sent, within(4_000.0));
    assertThat(progress.backlogDays()).isCloseTo(10 * (1 - sent / 40_000.0), within(1.0));
    double left = progress.backlogSecondsLeft();
    Instant then = account.loop.wallClock();
    account.runUntilSent(39_900, Duration.ofHours(1));
    double took = Duration.between(then, account.loop.wallClock()).toSeconds();
    assertThat(left).isBetween(took / 1.5, took * 1.5);

    account.loop.runFor(Duration.ofMinutes(1));
    assertThat(progress.backlogDays()).isZero();
    assertThat(progress.backlogRecords()).isZero();
    assertThat(progress.backlogSecondsLeft()).isZero();
  }

  @Test
  void whatNobodyKnowsYetIsNotANumber() {
    SimulatedAccount account = new SimulatedAccount(DAY, POLL, LATE, 2);
    account.faults.when(request -> true, Fault.http(503));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(2));

    assertThat(account.worker.progress().backlogRecords()).isNaN();
    assertThat(account.worker.progress().backlogSecondsLeft()).isNaN();
    assertThat(account.worker.requests().latencyMaxMillis()).isPositive();
    assertThat(account.worker.requests().clockOffsetSeconds()).isNaN();
  }

  @Test
  void theEdgesLagGrowsWhileTheApiFailsAndShrinksAgain() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofHours(1), POLL, LATE, 5);
    account.worker.start(1);
    Progress progress = account.worker.progress();
    for (int minute = 0; minute < 10; minute++) {
      account.loop.runFor(Duration.ofSeconds(61));
      assertThat(progress.liveLagSeconds()).isBetween(0L, 32L);
    }

    account.faults.when(request -> true, Fault.http(503));
    account.loop.runFor(Duration.ofMinutes(10));
    assertThat(progress.liveLagSeconds()).isBetween(600L - 32, 632L);
    assertThat(account.worker.requests().outageSeconds()).isBetween(500L, 600L);

    account.faults.clear();
    account.loop.runFor(Duration.ofMinutes(3));
    assertThat(progress.liveLagSeconds()).isBetween(0L, 32L);
    assertThat(account.worker.requests().outageSeconds()).isZero();
  }

  @Test
  void aLagBeginsWithTheTaskWhenTheApiNeverAnswers() {
    SimulatedAccount account = new SimulatedAccount(DAY, POLL, LATE, 2);
    account.faults.when(request -> true, Fault.http(503));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(5));

    assertThat(account.worker.progress().liveLagSeconds()).isEqualTo(300);
  }

  @Test
  void theOldestUnsettledMomentIsAsOldAsCallsMayBeLate() {
    SimulatedAccount account = new SimulatedAccount(DAY, POLL, LATE, 5);
    account.store.addAll(account.calls.uniform(2_000, NOW.minus(DAY), NOW.plus(DAY)));
    account.worker.start(1);
    assertThat(account.worker.progress().oldestUnsettledSeconds()).isZero();
    account.loop.runFor(Duration.ofHours(6));

    assertThat(account.worker.progress().oldestUnsettledSeconds())
        .isBetween(LATE.toSeconds(), LATE.plusHours(2).toSeconds());
    assertThat(account.worker.counts().rechecks()).isPositive();
  }

  @Test
  void aRangeThatHasEndedLagsBehindNothing() {
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAY),
            NOW.plusSeconds(600),
            Duration.ofDays(59),
            POLL,
            Duration.ofMinutes(30),
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 5);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(5));

    assertThat(account.worker.progress().liveLagSeconds()).isZero();
    assertThat(account.worker.progress().oldestUnsettledSeconds()).isZero();
  }

  @Test
  void everyRequestHasAnOutcome() {
    Quirks quirks = Quirks.newBuilder().clockOffset(Duration.ofHours(-3)).build();
    ReadOptions read =
        new ReadOptions(
            NOW.minus(DAY.multipliedBy(3)),
            null,
            Duration.ofDays(59),
            POLL,
            LATE,
            false,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(quirks, read, 5);
    account.store.addAll(account.calls.uniform(5_000, NOW.minus(DAY.multipliedBy(3)), NOW));
    account.faults.when(request -> request.number() == 30, Fault.retryAfter(429, POLL));
    account.faults.when(request -> request.number() % 7 == 0, Fault.http(500));
    account.worker.start(1);
    double whole = account.worker.requests().allowedPerSecond();
    account.loop.runFor(Duration.ofMinutes(5));

    var requests = account.worker.requests();
    long ended =
        requests.answered() + requests.throttled() + requests.failed() + requests.refused();
    assertThat(ended).isBetween(account.journal.count() - 4L, account.journal.count());
    assertThat(requests.throttled()).isOne();
    assertThat(requests.failed()).isBetween(account.journal.count() / 7 - 5L, 1_000L);
    assertThat(requests.retries()).isBetween(requests.failed() - 4, requests.failed() + 1);
    assertThat(requests.throttledMillis()).isEqualTo(POLL.toMillis());
    assertThat(requests.allowedPerSecond()).isBetween(whole / 2, whole);
    assertThat(requests.latencyMeanMillis()).isBetween(1.0, 200.0);
    assertThat(requests.latencyMaxMillis()).isBetween(requests.latencyMeanMillis(), 200.0);
    assertThat(requests.latencyTotalMillis()).isBetween(ended, ended * 200);
    assertThat(requests.clockOffsetSeconds()).isCloseTo(-3 * 3600.0, within(2.0));
  }

  @Test
  void theLogTellsOfTheBacklogEveryHalfMinuteUntilItIsRead() {
    try (LogCapture log = new LogCapture(ProgressReporter.class)) {
      SimulatedAccount account = new SimulatedAccount(DAY.multipliedBy(10), POLL, LATE, 2);
      account.store.addAll(account.calls.uniform(40_000, NOW.minus(DAY.multipliedBy(10)), NOW));
      account.worker.start(1);
      account.loop.runFor(Duration.ofSeconds(125));

      List<String> lines = log.lines().stream().filter(l -> l.contains("Backlog ")).toList();
      assertThat(lines)
          .hasSize(4)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .matches(
                          "INFO Backlog \\d+\\.\\d % read: [\\d,]+ records emitted \\(\\d+ per second\\);"
                              + " \\d+\\.\\d days left, about [\\d,]+ records and \\d+ (s|min)\\."));
      account.loop.runFor(Duration.ofHours(1));
      assertThat(log.lines())
          .filteredOn(l -> l.contains("The whole backlog has been read"))
          .hasSize(1);
      assertThat(log.lines()).last().asString().contains("The whole backlog has been read");
    }
  }

  @Test
  void aPausedConnectorTellsNothing() {
    try (LogCapture log = new LogCapture(ProgressReporter.class)) {
      SimulatedAccount account = new SimulatedAccount(DAY.multipliedBy(10), POLL, LATE, 2);
      account.store.addAll(account.calls.uniform(40_000, NOW.minus(DAY.multipliedBy(10)), NOW));
      account.worker.start(1);
      account.worker.pause(true);
      account.loop.runFor(Duration.ofMinutes(5));

      assertThat(log.lines()).noneMatch(l -> l.contains("Backlog "));
    }
  }
}
