package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.Seeds;
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

/** Ranges that the API fails to return hold up nothing but themselves, however many there are. */
class FailingRangesTest {
  private static final Instant NOW = SimulatedAccount.NOW;

  @RepeatedTest(60)
  void holdUpNoOtherDay(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int days = random.nextInt(2, 12);
    Instant start = NOW.minus(Duration.ofDays(days)).plusSeconds(random.nextInt(86_400));
    int tasks = random.nextInt(1, 4);
    Network network = new Network(random.nextInt(1, 9), 0, random.nextInt(1, 400));
    SimulatedAccount account =
        new SimulatedAccount(
            Quirks.defaults(),
            ReadOptionsBuilder.startingAt(start).build(),
            random.nextDouble(10, 100),
            ZoneOffset.ofHours(8),
            NOW,
            network);
    account.store.addAll(
        account.calls.uniform(random.nextInt(100, 4_000), start, NOW.plus(Duration.ofHours(1))));
    List<TimeRange> failing = new ArrayList<>();
    for (int count = random.nextInt(1, days + 1); count > 0; count--) {
      Instant from = start.plusSeconds(random.nextLong(days * 86_400L));
      failing.add(new TimeRange(from, from.plusSeconds(random.nextInt(1, 86_400))));
    }
    List<Fault> faults =
        List.of(Fault.http(500), Fault.http(504), Fault.reset(), Fault.status(-18), Fault.empty());
    Fault fault = faults.get(random.nextInt(faults.size()));
    account.faults.when(request -> failing.stream().anyMatch(range -> meet(request, range)), fault);
    String what =
        "seed %d: %d tasks, %s, %s for %s".formatted(seed, tasks, network, fault, failing);

    account.worker.start(tasks);
    Set<String> others = outside(failing, account, start);
    account.loop.runUntil(
        () -> account.worker.topic().keySet().containsAll(others), Duration.ofHours(2));

    Set<String> missing = new TreeSet<>(others);
    missing.removeAll(account.worker.topic().keySet());
    assertThat(missing.size() + " of " + others.size()).as(what).isEqualTo("0 of " + others.size());

    account.faults.clear();
    Set<String> all = account.store.visibleIds(account.loop.wallClock(), start, NOW);
    account.loop.runUntil(
        () -> account.worker.topic().keySet().containsAll(all), Duration.ofHours(2));
    assertThat(account.worker.topic().keySet()).as(what).containsAll(all);
    assertThat(account.worker.topic().values()).as(what).containsOnly(1);
  }

  private static boolean meet(ApiRequest request, TimeRange range) {
    return request.from().isBefore(range.to()) && request.to().isAfter(range.from());
  }

  /** The calls of days of which no part fails. */
  private static Set<String> outside(
      List<TimeRange> failing, SimulatedAccount account, Instant start) {
    Set<String> ids = new TreeSet<>();
    for (Split day = Split.of(start); day.range().from().isBefore(NOW); day = day.next()) {
      TimeRange around =
          new TimeRange(day.range().from().minusSeconds(5), day.range().to().plusSeconds(5));
      if (failing.stream().noneMatch(range -> range.overlaps(around))) {
        ids.addAll(
            account.store.visibleIds(
                NOW, day.range().from(), day.range().to().isAfter(NOW) ? NOW : day.range().to()));
      }
    }
    return ids;
  }
}
