package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.simulator.Simulator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two workers that share a connector are killed again and again while it reads a day with more
 * unsettled calls than the offset of a day has room for, and follows live calls. The names of the
 * connectors, with which every message begins, hold the seed.
 */
@Tag("slow")
class BusyDayCrashIT {
  private static final int CALLS = 20_000;
  private static final int LIVE_PER_MINUTE = 600;
  private static final int MAX_OFFSET_LENGTH = 64 * 1024;

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration SINCE_HISTORY = Duration.ofHours(4);

  private final long seed = Long.getLong("crash.seed", new Random().nextInt(Integer.MAX_VALUE));

  @Test
  void noCallIsLostOrComesTwiceAndNoOffsetIsLong() {
    Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(SINCE_HISTORY);
    Instant start = end.minus(Duration.ofHours(16));
    Map<String, String> settings =
        Map.of(
            "start.time",
            start.toString(),
            "requests.per.second",
            "15",
            "producer.override.transaction.timeout.ms",
            "10000");
    try (Simulator simulator = Simulator.builder().seed(seed).start();
        LocalCluster cluster = CrashBacklog.cluster("busy", Map.of())) {
      simulator.store().addAll(simulator.generator().realistic(CALLS, start, end));
      simulator.live(LIVE_PER_MINUTE);
      String name = "busy-seed-" + seed;
      try (ConnectorRun run = ConnectorRun.start(cluster, name, simulator, settings)) {
        Crashes crashes = new Crashes(cluster, run, seed);
        run.expectCrashes();
        crashes.strike(6);

        run.expectAllOnce();
        expectSegments(cluster.worker().rest().offsets(name), name);
      }
    }
  }

  private static void expectSegments(JsonNode offsets, String name) {
    List<String> segments = new ArrayList<>();
    for (JsonNode offset : offsets) {
      String split = offset.path("partition").path("split").asText();
      assertThat(offset.path("offset").toString().length())
          .as("length of the offset of %s in %s", split, name)
          .isLessThan(MAX_OFFSET_LENGTH);
      if (split.startsWith("segment ")) {
        segments.add(split);
      }
    }
    assertThat(segments).as("segments of %s", name).hasSizeGreaterThan(3);
  }
}
