package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Breadth;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.JournalLimits;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
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
    // With the last one, calls came twice when late.arrival.ms had been raised.
    return LongStream.concat(
        LongStream.rangeClosed(
            Long.getLong("busy.weeks.from", 1),
            Integer.getInteger("busy.weeks.count", Breadth.of(4, 12))),
        LongStream.of(54));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eachCallComesOnceHoweverOftenTheTaskIsKilled(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean audits = random.nextInt(3) == 0;
    SimulatedAccount account =
        new SimulatedAccount(Quirks.defaults(), read(audits, random.nextInt(3) == 0), 5);
    account.worker.visitEvery(Duration.ofSeconds(10));
    account.worker.limit(new JournalLimits(random.nextInt(100, 600), random.nextInt(60, 400)));
    account.worker.acknowledgeWithin(
        Duration.ofMillis(random.nextLong(10, random.nextInt(3) == 0 ? 120_000 : 500)));
    boolean drops = !audits && random.nextInt(3) == 0;
    if (drops) {
      account.worker.drop(id -> Math.floorMod(id.hashCode() + seed, 7) == 0);
    }
    Set<String> calls = addCalls(account, random);
    calls.removeIf(account.worker::drops);
    Map<String, Integer> wanted = new HashMap<>();
    calls.forEach(id -> wanted.put(id, 1));
    // Audits tell of the range as it was.
    boolean moves = !audits && random.nextInt(3) == 0;
    SplittableRandom people = new SplittableRandom(-seed);
    Runnable change = () -> {};
    if (seed % 3 == 0) {
      change = () -> changeLateArrival(account, people);
    } else if (seed % 3 == 1 && !drops) {
      // Where the record is dropped that has a day's name, nobody knows whether the day has one.
      change = () -> reset(account, people, wanted);
    }
    liveThroughThem(account, random, moves, change);

    assertThat(account.worker.topic()).isEqualTo(wanted);
  }

  private static ReadOptions read(boolean audits, boolean updates) {
    ReadOptionsBuilder options =
        ReadOptionsBuilder.startingAt(SimulatedAccount.NOW.minus(DAY))
            .pollInterval(Duration.ofMinutes(5))
            .lateArrival(DAY);
    options = audits ? options.audits() : options;
    return (updates ? options.updates() : options).build();
  }

  private static void liveThroughThem(
      SimulatedAccount account, SplittableRandom random, boolean moves, Runnable change) {
    Instant end = SimulatedAccount.NOW.plus(DAY.multipliedBy(DAYS + 3));
    int tasks = random.nextInt(1, 4);
    account.worker.start(tasks);
    while (account.loop.wallClock().isBefore(end)) {
      account.loop.runFor(Duration.ofMinutes(random.nextInt(6 * 60, 4 * 24 * 60)));
      account.worker.crash(Duration.ofMinutes(random.nextInt(1, 60)));
      account.loop.runFor(Duration.ofMinutes(random.nextInt(3) == 0 ? random.nextInt(600) : 0));
      if (moves) {
        moveStart(account, random);
      }
      change.run();
      account.worker.start(random.nextInt(4) == 0 ? random.nextInt(1, 4) : tasks);
    }
    account.loop.runFor(Duration.ofHours(30));
    if (moves) {
      account.worker.crash(Duration.ofMinutes(10));
      account.worker.configure(
          read -> ReadOptionsBuilder.startingAt(SimulatedAccount.NOW.minus(DAY), read).build());
      account.worker.start(1);
      account.loop.runFor(Duration.ofHours(12));
    }
  }

  /** Calls come later than somebody thought, or not so late. */
  private static void changeLateArrival(SimulatedAccount account, SplittableRandom random) {
    Duration late = DAY.multipliedBy(random.nextInt(1, 5));
    account.worker.configure(
        read -> ReadOptionsBuilder.startingAt(read.start(), read).lateArrival(late).build());
  }

  /** Somebody wants a day again. */
  private static void reset(
      SimulatedAccount account, SplittableRandom random, Map<String, Integer> wanted) {
    Instant second = account.loop.wallClock().minusSeconds(random.nextInt(8 * 86_400));
    if (random.nextInt(3) == 0 && account.worker.reset(Split.of(second))) {
      Map<String, Integer> topic = account.worker.topic();
      wanted.replaceAll(
          (id, times) ->
              topic.containsKey(id)
                      && Split.of(account.worker.times().get(id)).equals(Split.of(second))
                  ? topic.get(id) + 1
                  : times);
    }
  }

  /** Somebody wants less of the past, or all of it again. */
  private static void moveStart(SimulatedAccount account, SplittableRandom random) {
    Instant first = SimulatedAccount.NOW.minus(DAY);
    Instant start = account.loop.wallClock().minusSeconds(random.nextInt(5 * 86_400));
    Instant moved = start.isBefore(first) || random.nextBoolean() ? first : start;
    account.worker.configure(
        read -> ReadOptionsBuilder.startingAt(moved.truncatedTo(ChronoUnit.SECONDS), read).build());
  }

  private static Set<String> addCalls(SimulatedAccount account, SplittableRandom random) {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < DAYS * CALLS_A_DAY; i++) {
      Instant start =
          SimulatedAccount.NOW.plusSeconds(i * DAY.toSeconds() / CALLS_A_DAY + random.nextInt(600));
      Duration late =
          random.nextInt(10) == 0
              ? Duration.ofMinutes(random.nextInt(20 * 60))
              : Duration.ofSeconds(random.nextInt(1, 60));
      Call call = account.late(start, start.plus(late));
      account.store.add(call);
      ids.add(call.callSessionId());
    }
    return ids;
  }
}
