package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Pagination;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.TotalCount;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An API that for a while says that there is nothing loses no call: totals are compared later. */
class EmptyPagesTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration POLL = Duration.ofSeconds(30);
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MONTH = Duration.ofDays(30);

  private final SimulatedAccount account = new SimulatedAccount(MONTH, POLL, DAY, 1);

  private void addCalls(int count) {
    account.store.addAll(account.calls.uniform(count, NOW.minus(MONTH), NOW));
  }

  private void emptyFor(Duration duration) {
    account.faults.when(request -> true, Fault.emptyPage());
    account.loop.runFor(duration);
    account.faults.clear();
  }

  private void moveOutOfRange(String id) {
    Instant longAgo = NOW.minus(DAY.multipliedBy(90));
    account.store.edit(
        id, account.loop.wallClock(), c -> c.start(longAgo).answer(null).end(longAgo));
  }

  private long sumOfAudits() {
    return account.worker.audits().stream().mapToLong(WindowAudit::emitted).sum();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aMinuteOfEmptyPagesInMidBacklogLosesNothing(int tasks) {
    addCalls(600);
    account.worker.start(tasks);
    account.loop.runFor(Duration.ofSeconds(6));

    emptyFor(Duration.ofMinutes(1));
    assertThat(account.worker.topic()).hasSizeLessThan(300);

    account.loop.runFor(Duration.ofMinutes(10));
    Instant settled = Split.of(NOW.minus(DAY)).range().from();
    Set<String> missing = account.store.visibleIds(NOW, NOW.minus(MONTH), settled);
    missing.removeAll(account.worker.topic().keySet());
    assertThat(missing).isEmpty();
    // What is not settled is rechecked, the oldest of it after half a day.
    assertThat(account.runUntilSent(600, DAY)).isTrue();
    account.loop.runFor(DAY);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @Test
  void theAuditCountsWhatIsReadAgain() {
    addCalls(600);
    account.worker.start(1);
    account.loop.runFor(Duration.ofSeconds(6));
    emptyFor(Duration.ofMinutes(1));

    account.loop.runFor(DAY.multipliedBy(3));

    assertThat(account.worker.topic()).hasSize(600);
    assertThat(sumOfAudits()).isEqualTo(600);
  }

  /** What was read again is settled by its day's own offset. */
  @Test
  void aRestartRepeatsNothing() {
    addCalls(600);
    account.worker.start(1);
    account.loop.runFor(Duration.ofSeconds(6));
    emptyFor(Duration.ofMinutes(1));
    assertThat(account.runUntilSent(600, DAY)).isTrue();

    for (int restart = 0; restart < 3; restart++) {
      account.worker.stop();
      account.worker.start(1);
      account.loop.runFor(DAY);
    }

    assertThat(account.worker.topic()).hasSize(600);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  @Test
  void anHonestApiIsAskedTwiceForAMonthAndAgainADayLater() {
    addCalls(600);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(20));
    assertThat(comparisons()).hasSizeBetween(1, 3);

    account.loop.runFor(Duration.ofHours(5));

    assertThat(comparisons()).hasSizeBetween(2, 6);
  }

  private List<Journal.Entry> comparisons() {
    return account.journal.entries(
        entry ->
            Duration.between(entry.request().from(), entry.request().to())
                    .compareTo(Duration.ofDays(2))
                > 0);
  }

  /** A total of labels confirms nothing, so that what was empty is read once more. */
  @ParameterizedTest
  @CsvSource({"1, 5", "3, 5", "1, 12", "1, 20", "2, 90"})
  void whereTotalsSayNothingWhatWasEmptyIsReadOnceMore(int tasks, int minutes) {
    ReadOptions read =
        ReadOptionsBuilder.startingAt(NOW.minus(MONTH))
            .lateArrival(DAY)
            .pollInterval(POLL)
            .audits()
            .build();
    Quirks quirks = Quirks.newBuilder().pagination(Pagination.HONEST.percent(150)).build();
    SimulatedAccount blind = new SimulatedAccount(quirks, read, 1);
    blind.store.addAll(blind.calls.uniform(600, NOW.minus(MONTH), NOW));
    blind.worker.start(tasks);
    blind.loop.runFor(Duration.ofSeconds(20));
    assertThat(blind.worker.topic()).hasSizeBetween(10, 300);
    blind.faults.when(request -> true, Fault.emptyPage());
    blind.loop.runFor(Duration.ofMinutes(minutes));
    blind.faults.clear();

    blind.loop.runFor(Duration.ofHours(3));

    Instant settled = Split.of(NOW.minus(DAY)).range().from();
    Set<String> missing = blind.store.visibleIds(NOW, NOW.minus(MONTH), settled);
    missing.removeAll(blind.worker.topic().keySet());
    assertThat(missing).isEmpty();
    blind.loop.runFor(DAY.multipliedBy(2));
    assertThat(blind.worker.topic()).hasSize(600);
    assertThat(blind.worker.topic().values()).containsOnly(1);
    assertThat(blind.worker.audits().stream().mapToLong(WindowAudit::emitted).sum()).isEqualTo(600);
  }

  /** The daily reading of what was empty may fall into the outage that made it so. */
  @ParameterizedTest
  @ValueSource(ints = {180, 246, 249, 252, 300})
  void whereTotalsSayNothingNoReadingOfTheSameOutageConfirmsAnother(int minutes) {
    ReadOptions read =
        ReadOptionsBuilder.startingAt(NOW.minus(DAY.multipliedBy(4)))
            .lateArrival(Duration.ofHours(1))
            .pollInterval(POLL)
            .build();
    Quirks quirks = Quirks.newBuilder().pagination(Pagination.HONEST.percent(150)).build();
    SimulatedAccount blind = new SimulatedAccount(quirks, read, 5);
    blind.store.addAll(blind.calls.uniform(2_000, read.start(), NOW.plus(DAY.multipliedBy(2))));
    blind.worker.start(1);
    blind.loop.runFor(Duration.ofHours(20));
    blind.faults.when(request -> true, Fault.http(502));
    blind.loop.runFor(Duration.ofMinutes(minutes));
    blind.faults.clear();
    blind.faults.when(request -> true, Fault.emptyPage());
    blind.loop.runFor(Duration.ofMinutes(3));
    blind.faults.clear();

    blind.loop.runFor(DAY.multipliedBy(2));

    assertThat(blind.store.visibleIds(blind.loop.wallClock()))
        .hasSizeLessThan(blind.worker.topic().size() + 8);
  }

  /** A total that has not changed says nothing where the page itself has a row. */
  @Test
  void aLateCallUnderATotalThatIsAlwaysZeroIsFoundWithinHalfItsLateness() {
    ReadOptions read =
        ReadOptionsBuilder.startingAt(NOW.minus(DAY)).lateArrival(DAY).pollInterval(POLL).build();
    Quirks quirks =
        Quirks.newBuilder().pagination(Pagination.HONEST.total(TotalCount.ZERO)).build();
    SimulatedAccount blind = new SimulatedAccount(quirks, read, 5);
    blind.store.add(blind.late(NOW.minusSeconds(600), NOW.plus(Duration.ofHours(3))));
    blind.worker.start(1);

    blind.loop.runFor(Duration.ofHours(5));

    assertThat(blind.worker.topic()).hasSize(1);
  }

  /** Nobody can tell the new row from those that were emitted: it is reported. */
  @Test
  void aDayThatGrowsAfterItIsSettledIsReportedOnce() {
    addCalls(600);
    Call late = account.late(NOW.minus(Duration.ofDays(20)), NOW.plus(Duration.ofHours(3)));
    account.store.add(late);
    account.worker.start(1);

    try (LogCapture log = new LogCapture("io.callrecords.connect.schedule.DriftLog")) {
      account.loop.runFor(DAY.multipliedBy(4));

      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0))
          .startsWith("WARN The API now returns ")
          .contains("\"split\": \"2026-10-21\"", "drifted-windows-total");
    }
    assertThat(account.worker.topic()).hasSize(600).doesNotContainKey(late.callSessionId());
    assertThat(account.worker.counts().drifted()).isOne();
    assertThat(account.worker.audits())
        .filteredOn(audit -> audit.outcome() == WindowOutcome.DRIFTED)
        .singleElement()
        .satisfies(
            audit -> {
              assertThat(audit.window().contains(late.start().getEpochSecond())).isTrue();
              assertThat(audit.emitted()).isZero();
              assertThat(audit.distinct()).isOne();
            });
    assertThat(sumOfAudits()).isEqualTo(600);
  }

  /** What an earlier run has read is held to the totals that the API reports when a task starts. */
  @Test
  void whatAnEarlierRunHasReadIsHeldToItsTotals() {
    addCalls(600);
    account.worker.start(1);
    account.loop.runFor(DAY.multipliedBy(2));
    account.worker.stop();
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.worker.counts().drifted()).isZero();
    Call late = account.late(NOW.minus(Duration.ofDays(20)), account.loop.wallClock());
    account.store.add(late);

    try (LogCapture log = new LogCapture("io.callrecords.connect.schedule.DriftLog")) {
      account.loop.runFor(DAY.multipliedBy(4));

      assertThat(log.lines()).hasSize(1);
    }
    assertThat(account.worker.counts().drifted()).isOne();
  }

  @Test
  void deletedCallsAreNoDrift() {
    addCalls(600);
    account.worker.start(1);
    account.loop.runFor(Duration.ofHours(1));
    account.store.visibleIds(NOW, NOW.minus(MONTH), NOW.minus(DAY.multipliedBy(2))).stream()
        .limit(20)
        .forEach(this::moveOutOfRange);

    account.loop.runFor(DAY.multipliedBy(4));

    assertThat(account.worker.counts().drifted()).isZero();
    assertThat(account.worker.topic()).hasSize(600);
  }

  /** The totals that are compared may be a moment's fault, too. */
  @Test
  void emptyPagesDuringTheComparisonAreNotBelieved() {
    addCalls(600);
    account.worker.start(1);
    account.loop.runFor(Duration.ofSeconds(6));
    emptyFor(Duration.ofMinutes(5));

    // What is not settled is rechecked, the oldest of it after half a day.
    account.loop.runFor(DAY);

    assertThat(account.worker.topic()).hasSize(600);
    assertThat(account.worker.topic().values()).containsOnly(1);
    assertThat(account.worker.counts().drifted()).isZero();
  }

  /** Whenever it is that the API says so, and however many calls there are. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void minutesOfEmptyPagesAtAnyTimeLoseNothing(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Duration back = Duration.ofDays(random.nextInt(3, 50));
    ReadOptions read =
        ReadOptionsBuilder.startingAt(NOW.minus(back))
            .lateArrival(Duration.ofHours(random.nextInt(1, 12)))
            .pollInterval(Duration.ofMinutes(random.nextInt(1, 5)))
            .audits()
            .build();
    SimulatedAccount drawn = new SimulatedAccount(Quirks.defaults(), read, random.nextInt(1, 20));
    int count = random.nextInt(1, 9_000);
    drawn.store.addAll(drawn.calls.realistic(count, read.start(), NOW));
    drawn.worker.start(random.nextInt(1, 4));
    for (int outage = 0; outage < 3; outage++) {
      drawn.loop.runFor(Duration.ofMillis(random.nextInt(1, 60_000)));
      drawn.faults.when(request -> true, Fault.emptyPage());
      drawn.loop.runFor(Duration.ofMillis(random.nextInt(1, 60_000)));
      drawn.faults.clear();
    }

    drawn.loop.runFor(Duration.ofHours(40));

    assertThat(drawn.worker.topic()).as("%s back, %s calls", back, count).hasSize(count);
    assertThat(drawn.worker.topic().values()).containsOnly(1);
    assertThat(drawn.worker.audits().stream().mapToLong(WindowAudit::emitted).sum())
        .isEqualTo(count);
  }
}
