package io.callrecords.connect.process;

import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Four tasks read an account whose records are as heavy as they may be, whatever makes them so, in
 * a worker of 256 MB, beside a healthy connector that must not notice. The name of the heavy
 * connector holds the seed.
 */
@Tag("slow")
class HeavyRecordsIT {
  private static final int MEGABYTES = 256;
  private static final int CALLS = 8_000;
  private static final int MAX_LABELS = 150;
  private static final Duration HISTORY = Duration.ofDays(28);
  private static final Duration POLL = Duration.ofSeconds(1);

  private final long seed = Long.getLong("heavy.seed", new Random().nextInt(Integer.MAX_VALUE));
  private final RandomGenerator random = new SplittableRandom(seed);

  /** What makes records heavy; what of it a call has differs from hour to hour. */
  private Call heavy(Call call) {
    long hour = call.start().getEpochSecond() / 3_600;
    return switch ((int) (hour % 5)) {
      case 0 -> call.with(to -> to.labels(labels(MAX_LABELS, 1)));
      case 1 -> call.with(to -> to.labels(labels(MAX_LABELS, 200)));
      case 2 -> call.with(to -> to.remark("r".repeat(random.nextInt(1, 200_000))));
      case 3 -> call.with(to -> to.labels(labels(random.nextInt(1, MAX_LABELS), 40)));
      default -> call;
    };
  }

  private static List<String> labels(int count, int length) {
    return Collections.nCopies(count, "b".repeat(length));
  }

  @Test
  void heavyRecordsHurtNeitherTheWorkerNorItsNeighbours() {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1));
    try (Simulator heavy = Simulator.builder().seed(seed).start();
        Simulator healthy = Simulator.builder().seed(seed + 1).start();
        LocalCluster cluster = LocalCluster.start("heavy", 1, MEGABYTES, Map.of())) {
      heavy
          .store()
          .addAll(
              heavy.generator().realistic(CALLS, end.minus(HISTORY), end).stream()
                  .map(this::heavy)
                  .toList());
      healthy.live(60);
      Map<String, String> settings =
          Map.of("tasks.max", "4", "start.time", end.minus(HISTORY).toString());
      Map<String, String> live =
          Map.of(
              "start.time", Instant.now().toString(),
              "poll.interval.ms", Long.toString(POLL.toMillis()));
      try (ConnectorRun neighbour = ConnectorRun.start(cluster, "healthy", healthy, live)) {
        neighbour.await("a first call has come", () -> neighbour.topic().count() > 0);
        try (ConnectorRun run =
            ConnectorRun.start(cluster, "heavy-seed-" + seed, heavy, settings)) {
          run.awaitRunning();
          run.await("all tasks are there", () -> run.tasks() == 4);
          run.expectAllOnce();
          run.expectValues();
        }
        neighbour.expectAllOnce();
      }
    }
  }
}
