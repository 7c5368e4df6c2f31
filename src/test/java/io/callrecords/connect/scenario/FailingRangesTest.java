package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.simulator.ApiRequest;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.Quirks;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Ranges that the API fails to return hold up nothing but themselves, however many there are. */
class FailingRangesTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Duration HOUR = Duration.ofHours(1);

  @RepeatedTest(60)
  void holdUpNoOtherDay(RepetitionInfo repetition) {
    FailingBacklog backlog = new FailingBacklog(Seeds.of(repetition));
    backlog.failLongRanges();

    backlog.expectAllOthers(Duration.ofHours(2));

    backlog.expectEachDayOnceItIsReturned();
    backlog.expectAllOnceTheyAreReturned();
  }

  /** As a row does that the backend cannot write, or one that its database cannot read. */
  @RepeatedTest(30)
  void holdUpNoOtherSecond(RepetitionInfo repetition) {
    FailingBacklog backlog = new FailingBacklog(Seeds.of(repetition));
    backlog.failSeconds();

    try (LogCapture log = new LogCapture("io.callrecords.connect.fetch.FailureIsolation")) {
      backlog.expectAllOthers(Duration.ofHours(4));
      backlog.expectToBeNamed(log);
    }

    backlog.expectAllOnceTheyAreReturned();
  }

  /** A backlog of some days, of which the API fails to return parts. */
  private static final class FailingBacklog {
    private static final List<Fault> FAULTS =
        List.of(Fault.http(500), Fault.http(504), Fault.reset(), Fault.status(-18), Fault.empty());

    private final long seed;
    private final RandomGenerator random;
    private final int days;
    private final Instant start;
    private final int tasks;
    private final Network network;
    private final SimulatedAccount account;
    private final Fault fault;
    private final List<TimeRange> failing = new ArrayList<>();
    private final Set<String> others = new TreeSet<>();
    private boolean failsWhole;

    FailingBacklog(long seed) {
      this.seed = seed;
      random = new SplittableRandom(seed);
      days = random.nextInt(2, 12);
      start = NOW.minus(Duration.ofDays(days)).plusSeconds(random.nextInt(86_400));
      tasks = random.nextInt(1, 4);
      network = new Network(random.nextInt(1, 9), 0, random.nextInt(1, 400));
      // A range that ends has no live edge, whose pages would tell that the API answers.
      ReadOptionsBuilder options = ReadOptionsBuilder.startingAt(start);
      ReadOptions read = random.nextBoolean() ? options.build() : options.end(NOW).build();
      account =
          new SimulatedAccount(
              Quirks.defaults(),
              read,
              random.nextDouble(10, 100),
              ZoneOffset.ofHours(8),
              NOW,
              network);
      account.store.addAll(
          account.calls.uniform(random.nextInt(100, 4_000), start, NOW.plus(Duration.ofHours(1))));
      fault = FAULTS.get(random.nextInt(FAULTS.size()));
    }

    /** Fails parts of an hour to a day; of days of which no part fails, all is to come. */
    void failLongRanges() {
      fail(random.nextInt(1, days + 1), 3_600, 86_400, 1);
      findOthers();
    }

    private void findOthers() {
      for (Split day = Split.of(start); day.range().from().isBefore(NOW); day = day.next()) {
        TimeRange around = widened(day.range(), 5);
        if (failing.stream().noneMatch(range -> range.overlaps(around))) {
          others.addAll(ids(day.range()));
        }
      }
    }

    /** One range after the other is returned, while the rest goes on failing. */
    void expectEachDayOnceItIsReturned() {
      while (!failing.isEmpty()) {
        failing.remove(random.nextInt(failing.size()));
        findOthers();
        expect(others, Duration.ofHours(2));
      }
    }

    /** Fails seconds, or only what lies behind the first page; all but these is to come. */
    void failSeconds() {
      int firstPage = random.nextInt(1, 3);
      failsWhole = firstPage == 1;
      fail(random.nextInt(1, 13), 1, 2, firstPage);
      // An outage of all makes no difference.
      Instant outage = NOW.plusSeconds(random.nextInt(600));
      account.faults.between(outage, outage.plusSeconds(random.nextInt(300)), Fault.http(503));
      others.addAll(ids(new TimeRange(start, NOW)));
      failing.forEach(range -> others.removeAll(ids(widened(range, 5))));
    }

    private void fail(int count, int leastSeconds, int mostSeconds, int firstPage) {
      for (int i = 0; i < count; i++) {
        Instant from = start.plusSeconds(random.nextLong(days * 86_400L));
        failing.add(
            new TimeRange(from, from.plusSeconds(random.nextInt(leastSeconds, mostSeconds))));
      }
      account.faults.when(
          request ->
              request.current() >= firstPage
                  && failing.stream().anyMatch(range -> meet(request, range)),
          fault);
    }

    private static TimeRange widened(TimeRange range, long seconds) {
      return new TimeRange(range.from().minusSeconds(seconds), range.to().plusSeconds(seconds));
    }

    /** The calls of a range before now. */
    private Set<String> ids(TimeRange range) {
      Instant end = range.to().isAfter(NOW) ? NOW : range.to();
      return end.isAfter(range.from())
          ? account.store.visibleIds(NOW, range.from(), end)
          : Set.of();
    }

    void expectAllOthers(Duration limit) {
      account.worker.start(tasks);
      expect(others, limit);
    }

    /** A person learns which second the API does not return, or one beside it. */
    void expectToBeNamed(LogCapture log) {
      List<String> lines =
          failing.stream()
              .filter(range -> failsWhole && range.to().isBefore(NOW))
              .flatMap(
                  range ->
                      Stream.of(-1, 0, 1)
                          .map(range.from()::plusSeconds)
                          .map(from -> "records of " + new TimeRange(from, from.plusSeconds(1))))
              .toList();
      account.loop.runUntil(() -> lines.stream().anyMatch(line -> hasLine(log, line)), HOUR);
      assertThat(lines.isEmpty() || lines.stream().anyMatch(line -> hasLine(log, line)))
          .as("seed %d: %s", seed, log.lines())
          .isTrue();
    }

    private static boolean hasLine(LogCapture log, String part) {
      return log.lines().stream().anyMatch(line -> line.contains(part));
    }

    void expectAllOnceTheyAreReturned() {
      account.faults.clear();
      expect(account.store.visibleIds(account.loop.wallClock(), start, NOW), Duration.ofHours(2));
      assertThat(account.worker.topic().values()).as("seed %d", seed).containsOnly(1);
    }

    private void expect(Set<String> ids, Duration limit) {
      // Asked before each step, so only what is still missing is looked for.
      Deque<String> awaited = new ArrayDeque<>(ids);
      account.loop.runUntil(
          () -> {
            while (!awaited.isEmpty() && account.worker.topic().containsKey(awaited.peek())) {
              awaited.remove();
            }
            return awaited.isEmpty();
          },
          limit);
      Set<String> missing = new TreeSet<>(ids);
      missing.removeAll(account.worker.topic().keySet());
      assertThat(missing.size() + " of " + ids.size())
          .as("seed %d: %d tasks, %s, %s for %s", seed, tasks, network, fault, failing)
          .isEqualTo("0 of " + ids.size());
    }
  }

  private static boolean meet(ApiRequest request, TimeRange range) {
    return request.from().isBefore(range.to()) && request.to().isAfter(range.from());
  }
}
