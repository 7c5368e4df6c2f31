package io.callrecords.connect.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.loop.VirtualLoop;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.Split;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.CallStore;
import io.callrecords.simulator.Faults;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.SimulatedApi;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows that tasks which load days of very different volume end at about the same time. */
class BalanceTest {
  private static final Instant NOW = Instant.parse("2026-11-10T12:00:00Z");
  private static final Instant START = Instant.parse("2026-10-31T00:00:00Z");
  private static final int PAGE = 10;
  private static final String VARIED = "14000 6000 16500 150 10500 7000 17500 150 9500";
  private static final String ONE_HUGE_DAY = "1000 1000 1000 1000 45000 1000 1000 1000 1000";
  private static final double RATE = 50;
  private static final double NO_RATE = 10_000;

  /** A backlog, and the worker that loads it. */
  private static final class LoadedBacklog {
    final VirtualLoop loop = new VirtualLoop(NOW);
    final VirtualWorker worker;
    final Journal journal = Journal.complete();
    final int calls;

    LoadedBacklog(String days, double rate, Network network) {
      CallGenerator generator = CallGenerator.newBuilder().seed(7).build();
      CallStore store = new CallStore(Quirks.defaults().filteredTime());
      Map<Split, Long> volumes = new HashMap<>();
      Split day = Split.of(START);
      for (String part : days.split(" ", -1)) {
        int count = Integer.parseInt(part);
        List<Call> ofDay = generator.realistic(count, day.range().from(), day.range().to());
        store.addAll(ofDay);
        volumes.put(day, (long) count);
        day = day.next();
      }
      volumes.put(Split.of(NOW.minus(Duration.ofDays(1))), 0L);
      calls = Arrays.stream(days.split(" ", -1)).mapToInt(Integer::parseInt).sum();
      SimulatedApi api =
          new SimulatedApi(
              "/v3",
              "key",
              "secret",
              Quirks.defaults(),
              store,
              generator,
              journal,
              new Faults(7),
              7);
      worker =
          new VirtualWorker(
              api,
              loop,
              new SplittableRandom(7),
              new VirtualWorker.WorkerOptions(
                  ReadOptionsBuilder.startingAt(START).build(),
                  "callStartTime",
                  ZoneOffset.ofHours(8),
                  PAGE,
                  rate,
                  network));
      worker.plan(new DayVolumes(volumes, PAGE));
    }

    /** Seconds until all of it is in the topic. */
    double seconds(int tasks) {
      Duration begin = loop.uptime();
      worker.start(tasks);
      assertThat(loop.runUntil(() -> worker.topic().size() >= calls, Duration.ofHours(9))).isTrue();
      return loop.uptime().minus(begin).toMillis() / 1e3;
    }
  }

  /** Dealt by number, the tasks would have 0.8 and less than half of them in flight. */
  @ParameterizedTest
  @CsvSource({VARIED + ", 3, 16, .93", ONE_HUGE_DAY + ", 3, 16, .8", VARIED + ", 5, 8, .9"})
  void allPagesThatMayBeInFlightAreUntilTheEnd(
      String days, int tasks, int concurrent, double wanted) {
    LoadedBacklog load = new LoadedBacklog(days, NO_RATE, new Network(concurrent, 100, 100));

    load.seconds(tasks);

    assertThat(load.worker.traffic().mean() / (tasks * concurrent)).isGreaterThan(wanted);
  }

  /** Dealt by number, three tasks would load 0.8 and less than half of what one does. */
  @ParameterizedTest
  @CsvSource({VARIED + ", 3, .98", ONE_HUGE_DAY + ", 3, .97", VARIED + ", 5, .96"})
  void severalTasksLoadAsMuchAtARateAsOne(String days, int tasks, double wanted) {
    Network network = new Network(16, 20, 20);
    double alone = new LoadedBacklog(days, RATE, network).seconds(1);

    double together = new LoadedBacklog(days, RATE, network).seconds(tasks);

    assertThat(alone / together).isGreaterThan(wanted);
  }
}
