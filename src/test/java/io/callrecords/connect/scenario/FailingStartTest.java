package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * A task that starts while the API fails to return most of its range reads what is returned,
 * whatever fails at first, and each day once that is returned.
 */
class FailingStartTest {
  private static final Instant NOW = SimulatedAccount.NOW;
  private static final Instant FAR = NOW.plus(Duration.ofDays(3));

  @RepeatedTest(100)
  void readsWhatIsReturned(RepetitionInfo repetition) {
    FailingStart start = new FailingStart(Seeds.of(repetition));

    start.failAtFirst();

    start.expectWhatIsReturned();
    start.expectEachDayOnceItIsReturned();
  }

  /** A backlog of some days, of which the API returns little. */
  private static final class FailingStart {
    private static final List<Fault> FAULTS =
        List.of(Fault.http(500), Fault.http(504), Fault.reset(), Fault.status(-18));

    private final long seed;
    private final RandomGenerator random;
    private final Instant start;
    private final SimulatedAccount account;
    private final Network network;
    private final int pageSize;
    private List<TimeRange> failing = List.of();
    private final Set<String> returned = new TreeSet<>();

    FailingStart(long seed) {
      this.seed = seed;
      random = new SplittableRandom(seed);
      start = NOW.minusSeconds(random.nextInt(86_400, 5 * 86_400));
      network = new Network(random.nextInt(1, 5), 0, random.nextInt(1, 400));
      pageSize = random.nextInt(3) == 0 ? 100 : random.nextInt(5, 30);
      // A range that ends has no live edge, whose pages would tell that the API answers.
      ReadOptionsBuilder options = ReadOptionsBuilder.startingAt(start);
      ReadOptions read = random.nextInt(3) == 0 ? options.build() : options.end(NOW).build();
      account =
          new SimulatedAccount(
              Quirks.defaults(),
              read,
              random.nextDouble(10, 50),
              ZoneOffset.ofHours(8),
              NOW,
              network,
              pageSize);
      account.store.addAll(account.calls.uniform(random.nextInt(20, 3_000), start, NOW));
      for (Split day = Split.of(start); day.range().to().isBefore(NOW); day = day.next()) {
        addAround(day.range().to());
      }
      account.faults.when(
          request -> failing.stream().anyMatch(range -> meet(request, range)),
          FAULTS.get(random.nextInt(FAULTS.size())));
    }

    /** Calls in the seconds at which something begins to fail are on pages that are returned. */
    private void addAround(Instant moment) {
      for (int second = -2; second <= 2; second++) {
        if (random.nextInt(3) == 0) {
          Instant at = moment.plusSeconds(second);
          account.store.addAll(account.calls.inSecond(random.nextInt(1, 15), at));
        }
      }
    }

    /** What fails is another range from one moment to the next, also while a window is read. */
    void failAtFirst() {
      failing = draw();
      account.worker.start(1);
      for (int changes = random.nextInt(4); changes > 0; changes--) {
        account.loop.runFor(
            Duration.ofMillis(random.nextInt(random.nextBoolean() ? 3_000 : 90_000)));
        failing = draw();
      }
    }

    private List<TimeRange> draw() {
      Instant boundary = boundary();
      return switch (random.nextInt(4)) {
        case 0 -> ranges(Instant.EPOCH, boundary);
        case 1, 2 -> ranges(boundary, FAR);
        default -> {
          Instant end = boundary.plusSeconds(random.nextInt(1, 2 * 86_400));
          List<TimeRange> around = new ArrayList<>(ranges(Instant.EPOCH, boundary));
          around.addAll(ranges(end, FAR));
          yield List.copyOf(around);
        }
      };
    }

    private static List<TimeRange> ranges(Instant from, Instant to) {
      return from.isBefore(to) ? List.of(new TimeRange(from, to)) : List.of();
    }

    private Instant boundary() {
      long seconds = Duration.between(start, NOW).toSeconds();
      Instant any = start.plusSeconds(random.nextLong(seconds));
      return random.nextBoolean() ? Split.of(any).range().to() : any;
    }

    void expectWhatIsReturned() {
      for (Split day = Split.of(start); day.range().from().isBefore(NOW); day = day.next()) {
        TimeRange asked = new TimeRange(day.range().from().minusSeconds(1), day.range().to());
        if (failing.stream().noneMatch(asked::overlaps)) {
          returned.addAll(ids(day.range()));
        }
      }
      account.loop.runUntil(
          () -> account.worker.topic().keySet().containsAll(returned), Duration.ofHours(2));
      Set<String> missing = new TreeSet<>(returned);
      missing.removeAll(account.worker.topic().keySet());
      assertThat(missing.size() + " of " + returned.size())
          .as("seed %d: %s, pages of %d, failing %s", seed, network, pageSize, failing)
          .isEqualTo("0 of " + returned.size());
    }

    private Set<String> ids(TimeRange range) {
      return account.store.visibleIds(
          account.loop.wallClock(), later(range.from(), start), earlier(range.to(), NOW));
    }

    private static Instant later(Instant a, Instant b) {
      return a.isAfter(b) ? a : b;
    }

    private static Instant earlier(Instant a, Instant b) {
      return a.isBefore(b) ? a : b;
    }

    /** One range after the other is returned, while the rest goes on failing. */
    void expectEachDayOnceItIsReturned() {
      while (!failing.isEmpty()) {
        Instant shown = boundary();
        failing =
            random.nextInt(3) == 0
                ? failing.subList(1, failing.size())
                : failing.stream()
                    .flatMap(range -> ranges(range.from(), earlier(range.to(), shown)).stream())
                    .toList();
        expectWhatIsReturned();
      }
      assertThat(account.worker.topic().values()).as("seed %d", seed).containsOnly(1);
    }
  }

  private static boolean meet(ApiRequest request, TimeRange range) {
    return request.from().isBefore(range.to()) && request.to().isAfter(range.from());
  }
}
