package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.state.JournalLimits;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows what reading costs in requests, and how soon a call is in the topic. */
class RequestCostTest {
  private static final Duration POLL = Duration.ofSeconds(30);

  /** How often the API is polled by accounts that live for weeks. */
  private static final Duration SELDOM = Duration.ofMinutes(2);

  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void aQuietAccountCostsARequestADayOfHistory() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(30), POLL, DAY, 5);
    account.store.addAll(
        account.calls.uniform(
            90, SimulatedAccount.NOW.minus(Duration.ofDays(30)), SimulatedAccount.NOW));
    account.worker.start(1);

    assertThat(account.runUntilSent(90, Duration.ofMinutes(1))).isTrue();

    assertThat(account.journal.count()).isLessThan(40);
  }

  @Test
  void aCaughtUpQuietAccountCostsAboutARequestAPoll() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(2), POLL, DAY, 5);
    account.store.addAll(
        account.calls.uniform(
            150,
            SimulatedAccount.NOW.minus(Duration.ofDays(2)),
            SimulatedAccount.NOW.plus(Duration.ofDays(3))));
    account.worker.start(1);
    account.loop.runFor(DAY);
    long before = account.journal.count();

    account.loop.runFor(DAY);

    double perPoll = (account.journal.count() - before) / (DAY.toSeconds() / 30.0);
    assertThat(perPoll).isBetween(1.0, 1.25);
  }

  /** No record moves the offset of a day on that has none left to send: the days after it do. */
  @Test
  void aRestartAfterWeeksCostsWhatIsNotSettledHoweverLongTheyWere() {
    ReadOptions read =
        new ReadOptions(
            SimulatedAccount.NOW.minus(DAY.multipliedBy(3)),
            null,
            Duration.ofDays(59),
            SELDOM,
            DAY,
            false,
            false,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 5);
    account.worker.visitEvery(Duration.ofSeconds(10));
    int calls = 20 * 400;
    account.store.addAll(
        account.calls.realistic(
            calls, read.start(), SimulatedAccount.NOW.plus(DAY.multipliedBy(17))));
    account.worker.start(2);
    account.loop.runFor(DAY.multipliedBy(17));
    for (int restart = 0; restart < 3; restart++) {
      account.worker.stop();
      long before = account.journal.count();

      account.worker.start(2);
      account.loop.runFor(Duration.ofMinutes(10));

      // Two days of windows of an hour at most, and the polls.
      assertThat(account.journal.count() - before).isLessThan(2 * 24 + 20 + 10);
      account.loop.runFor(DAY.multipliedBy(2));
    }
    assertThat(account.worker.topic()).hasSize(calls);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  /** Segments of the journal are used again, whatever says that their days are settled. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void busyDaysLeaveNothingInTheJournalHoweverOftenTheTaskIsStarted(boolean audits) {
    SimulatedAccount account =
        audits
            ? new SimulatedAccount(DAY, SELDOM, DAY, 5)
            : SimulatedAccount.withoutAudits(DAY, SELDOM, DAY, 5);
    account.worker.visitEvery(Duration.ofSeconds(10));
    account.worker.limit(new JournalLimits(300, 600));
    int days = 30;
    account.store.addAll(
        account.calls.realistic(
            days * 300, SimulatedAccount.NOW, SimulatedAccount.NOW.plus(DAY.multipliedBy(days))));
    account.worker.start(1);
    account.loop.runFor(DAY.multipliedBy(5));
    long segments = segments(account);
    for (int restart = 0; restart < 12; restart++) {
      account.worker.stop();
      long before = account.journal.count();

      account.worker.start(1);
      account.loop.runFor(Duration.ofMinutes(10));

      assertThat(account.journal.count() - before).isLessThan(2 * 24 + 20 + 10);
      account.loop.runFor(DAY.multipliedBy(2));
    }
    assertThat(segments(account)).isLessThan(segments + 4);
    account.loop.runFor(DAY.multipliedBy(2));
    assertThat(account.worker.topic()).hasSize(days * 300);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  private static long segments(SimulatedAccount account) {
    return account.worker.offsets().stream().filter(map -> map.containsKey("sequence")).count();
  }

  @Test
  void aBusyDayIsReadInWindowsOfTwentyPages() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(4), POLL, DAY, 1000);
    Instant day = SimulatedAccount.NOW.minus(Duration.ofDays(3));
    account.store.addAll(account.calls.realistic(40_000, day, day.plus(DAY)));
    account.worker.start(3);

    assertThat(account.runUntilSent(40_000, Duration.ofHours(1))).isTrue();

    assertThat(account.journal.maxPage()).isLessThanOrEqualTo(20);
    assertThat(account.journal.count()).isLessThan(700);
  }

  @Test
  void thousandsInOneSecondArriveAndOnlyThatSecondIsPagedDeep() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(3), POLL, DAY, 1000);
    account.store.addAll(
        account.calls.inSecond(5000, SimulatedAccount.NOW.minus(Duration.ofDays(2))));
    account.worker.start(1);

    assertThat(account.runUntilSent(5000, Duration.ofHours(1))).isTrue();

    assertThat(account.worker.topic().values()).containsOnly(1);
    List<Journal.Entry> deep = account.journal.entries(e -> e.request().current() > 20);
    assertThat(deep)
        .isNotEmpty()
        .allMatch(e -> Duration.between(e.request().from(), e.request().to()).toSeconds() <= 2);
    // A second more is asked on both sides, so the windows beside the second see it, too.
    assertThat(account.journal.count()).isLessThan(3 * 50 + 100);
  }

  @Test
  void aNewCallOvertakesTheBacklog() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(20), POLL, DAY, 5);
    account.store.addAll(
        account.calls.uniform(
            50_000,
            SimulatedAccount.NOW.minus(Duration.ofDays(20)),
            SimulatedAccount.NOW.minus(DAY)));
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(1));
    Instant appears = account.loop.wallClock().plusSeconds(1);
    Call call = account.late(appears.minusSeconds(5), appears);
    account.store.add(call);

    account.loop.runFor(POLL.plusSeconds(2));

    assertThat(account.worker.topic()).containsKey(call.callSessionId());
    assertThat(account.worker.topic()).hasSizeLessThan(50_000);
  }

  @Test
  void aLateCallIsFoundWithinHalfItsLatenessOrOnePoll() {
    SimulatedAccount account = new SimulatedAccount(DAY, POLL, Duration.ofHours(2), 5);
    SplittableRandom random = new SplittableRandom(3);
    List<Call> late = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      Instant start = SimulatedAccount.NOW.plusSeconds(random.nextInt(4 * 3600));
      late.add(account.late(start, start.plusSeconds(random.nextInt(20, 3600))));
    }
    account.store.addAll(late);
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(8));

    for (Call call : late) {
      Duration lateness = Duration.between(call.start(), call.appearsAt());
      Duration allowed = lateness.dividedBy(2).compareTo(POLL) > 0 ? lateness.dividedBy(2) : POLL;
      Instant arrival = account.worker.arrivals().get(call.callSessionId());
      assertThat(arrival)
          .as("%s late", lateness)
          .isNotNull()
          .isBeforeOrEqualTo(call.appearsAt().plus(allowed).plusSeconds(2));
    }
  }

  @Test
  void aChangeIsFoundWithinTheAgeThatItsCallHad() {
    ReadOptions read =
        new ReadOptions(
            SimulatedAccount.NOW.minus(DAY),
            null,
            Duration.ofDays(59),
            POLL,
            DAY,
            true,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 5);
    SplittableRandom random = new SplittableRandom(3);
    Map<Call, Instant> changes = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      Instant start = SimulatedAccount.NOW.plusSeconds(random.nextInt(4 * 3600));
      Call call = account.late(start, start.plusSeconds(25));
      Instant change = start.plusSeconds(random.nextInt(60, 20 * 3600));
      account.store.add(call);
      account.store.edit(call.callSessionId(), change, c -> c.remark("changed"));
      changes.put(call, change);
    }
    account.worker.start(1);

    account.loop.runFor(Duration.ofHours(50));

    changes.forEach(
        (call, change) -> {
          Duration age = Duration.between(call.start(), change);
          assertThat(account.worker.remarks(call.callSessionId())).hasSize(2).endsWith("changed");
          assertThat(account.worker.lastArrivals().get(call.callSessionId()))
              .as("changed at the age of %s", age)
              .isBeforeOrEqualTo(change.plus(age).plus(POLL).plusSeconds(5));
        });
  }

  @Test
  void lookingForChangesCostsAboutTenReadingsOfAQuietDay() {
    ReadOptions read =
        new ReadOptions(
            SimulatedAccount.NOW.minus(DAY),
            null,
            Duration.ofDays(59),
            POLL,
            DAY,
            true,
            true,
            MalformedPolicy.FAIL);
    SimulatedAccount account = new SimulatedAccount(Quirks.defaults(), read, 5);
    account.store.addAll(
        account.calls.uniform(
            150, SimulatedAccount.NOW.minus(DAY), SimulatedAccount.NOW.plus(Duration.ofDays(3))));
    account.worker.start(1);
    account.loop.runFor(DAY.multipliedBy(2));
    long before = account.journal.count();

    account.loop.runFor(DAY);

    long polls = DAY.dividedBy(POLL);
    assertThat(account.journal.count() - before).isBetween(polls, polls + polls / 2);
  }

  @Test
  void allTasksTogetherKeepToTheRate() {
    SimulatedAccount account = new SimulatedAccount(Duration.ofDays(20), POLL, DAY, 8);
    account.store.addAll(
        account.calls.uniform(
            20_000, SimulatedAccount.NOW.minus(Duration.ofDays(20)), SimulatedAccount.NOW));
    account.worker.start(4);

    account.loop.runFor(Duration.ofMinutes(1));

    assertThat(account.journal.mostWithin(Duration.ofSeconds(10))).isBetween(70, 8 * 10 + 4);
  }

  @Test
  void nothingIsAskedWhileNobodyTakesRecords() {
    SimulatedAccount account = new SimulatedAccount(DAY, POLL, DAY, 5);
    account.worker.start(1);
    account.loop.runFor(Duration.ofMinutes(5));
    account.worker.pause(true);
    account.loop.runFor(Duration.ofMinutes(1));
    long before = account.journal.count();

    account.loop.runFor(Duration.ofHours(1));
    assertThat(account.journal.count()).isEqualTo(before);

    Call call =
        account.late(SimulatedAccount.NOW.plusSeconds(600), SimulatedAccount.NOW.plusSeconds(650));
    account.store.add(call);
    account.worker.pause(false);
    account.loop.runFor(Duration.ofMinutes(1));
    assertThat(account.worker.topic()).containsKey(call.callSessionId());
  }
}
