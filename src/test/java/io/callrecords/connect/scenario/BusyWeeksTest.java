package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.state.JournalLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Weeks of days that are too busy for their own offsets, with calls that appear up to twenty hours
 * late, in which the task is killed every other day: what its days come to is said by the journal
 * first, and by other days hours later.
 */
class BusyWeeksTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int DAYS = 16;
  private static final int CALLS_A_DAY = 60;

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("busy.weeks.count", 8));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachCallComesOnceHoweverOftenTheTaskIsKilled(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Duration poll = Duration.ofMinutes(5);
    SimulatedAccount account =
        random.nextInt(3) == 0
            ? new SimulatedAccount(DAY, poll, DAY, 5)
            : SimulatedAccount.withoutAudits(DAY, poll, DAY, 5);
    int day = random.nextInt(100, 600);
    account.worker.limit(new JournalLimits(day, random.nextInt(60, 400)));
    account.worker.acknowledgeWithin(
        Duration.ofMillis(random.nextLong(10, random.nextInt(3) == 0 ? 120_000 : 500)));
    int calls = addCalls(account, random);
    Instant end = SimulatedAccount.NOW.plus(DAY.multipliedBy(DAYS + 3));
    int tasks = random.nextInt(1, 4);
    account.worker.start(tasks);
    while (account.loop.wallClock().isBefore(end)) {
      account.loop.runFor(Duration.ofMinutes(random.nextInt(6 * 60, 4 * 24 * 60)));
      account.worker.crash(Duration.ofMinutes(random.nextInt(1, 60)));
      account.loop.runFor(Duration.ofMinutes(random.nextInt(3) == 0 ? random.nextInt(600) : 0));
      account.worker.start(random.nextInt(4) == 0 ? random.nextInt(1, 4) : tasks);
    }
    account.loop.runFor(Duration.ofHours(30));

    assertThat(account.worker.topic()).hasSize(calls);
    assertThat(account.worker.topic().values()).containsOnly(1);
  }

  private static int addCalls(SimulatedAccount account, SplittableRandom random) {
    int calls = DAYS * CALLS_A_DAY;
    for (int i = 0; i < calls; i++) {
      Instant start =
          SimulatedAccount.NOW.plusSeconds(i * DAY.toSeconds() / CALLS_A_DAY + random.nextInt(600));
      Duration late =
          random.nextInt(10) == 0
              ? Duration.ofMinutes(random.nextInt(20 * 60))
              : Duration.ofSeconds(random.nextInt(1, 60));
      account.store.add(account.late(start, start.plus(late)));
    }
    return calls;
  }
}
