package io.callrecords.connect.bench;

import static org.awaitility.Awaitility.await;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * How soon a task hands over its first record after its start, with 59 days of offsets stored: when
 * it was caught up and new calls have come since, and in the middle of a backlog.
 *
 * <p>The offsets have been through the worker's form, JSON. Two round trips to the API are taken
 * off.
 */
final class StartBench implements BenchPart {
  private static final int DAYS = 59;
  private static final int LIVE_MINUTES = 240;
  private static final int PER_MINUTE = 600;
  private static final int TIMES = 5;
  private static final double SECONDS = 1;
  private static final int ROUND_TRIPS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** So long new calls come before the first start. */
  private static final Duration NEW_CALLS = Duration.ofSeconds(5);

  private static final Duration FIRST_WITHIN = Duration.ofSeconds(30);

  @Override
  public String name() {
    return "start";
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    int calls = brief ? 300_000 : 1_000_000;
    Instant to = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    LoadedHistory history =
        new LoadedHistory(
            Shape.EVEN, to.minus(Duration.ofDays(DAYS)), DAYS, calls, 0, LIVE_MINUTES, PER_MINUTE);
    List<Measured> lines = new ArrayList<>();
    try (ApiProcess api = ApiProcess.start()) {
      api.has(history, Duration.ZERO);
      Map<String, String> settings =
          api.connector(
              history,
              Map.of(
                  "start.time", "earliest",
                  "late.arrival.ms", "86400000"));
      Map<Map<String, ?>, Map<String, Object>> halfRead = new ConcurrentHashMap<>();
      Map<Map<String, ?>, Map<String, Object>> caughtUp = new ConcurrentHashMap<>();
      long read = read(settings, halfRead, calls / 2);
      restored(halfRead).forEach(caughtUp::put);
      read(settings, caughtUp, calls - read);
      Instant someNewCalls = Instant.now().plus(NEW_CALLS);
      await().atMost(PATIENCE).until(() -> Instant.now().isAfter(someNewCalls));
      for (int latency : new int[] {100, 300}) {
        api.has(history, Duration.ofMillis(latency));
        lines.add(line("caught up, new calls", latency, settings, caughtUp));
        lines.add(line("in the middle of a backlog", latency, settings, halfRead));
      }
    }
    return lines;
  }

  private static long read(
      Map<String, String> settings, Map<Map<String, ?>, Map<String, Object>> offsets, long records)
      throws InterruptedException {
    Tasks tasks = new Tasks(settings, offsets, batch -> {});
    try (tasks) {
      tasks.awaitRecords(records, PATIENCE);
    }
    // Those of the last polls included.
    return tasks.records();
  }

  private static Measured line(
      String where,
      int latency,
      Map<String, String> settings,
      Map<Map<String, ?>, Map<String, Object>> offsets)
      throws InterruptedException {
    List<Double> seconds = new ArrayList<>();
    for (int time = 0; time < TIMES; time++) {
      try (Tasks tasks = new Tasks(settings, restored(offsets), batch -> {})) {
        tasks.awaitRecords(1, FIRST_WITHIN);
        seconds.add(
            Tasks.seconds(tasks.startedAt(), tasks.firstAt()) - ROUND_TRIPS * latency / 1e3);
      }
    }
    return Measured.atMost(
        String.format(
            Locale.ROOT, "seconds from start to the first record: %s, %d ms", where, latency),
        SECONDS,
        seconds.stream().max(Double::compare).orElseThrow(),
        String.format(
            Locale.ROOT,
            "beyond two round trips; the longest of %d, median %.3f; %d offsets stored",
            TIMES,
            Measured.median(seconds),
            offsets.size()));
  }

  /** The offsets as a worker finds them after a restart. */
  static Map<Map<String, ?>, Map<String, Object>> restored(
      Map<Map<String, ?>, Map<String, Object>> offsets) {
    Map<Map<String, ?>, Map<String, Object>> restored = new ConcurrentHashMap<>();
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), false);
      offsets.forEach(
          (partition, offset) -> {
            byte[] stored = converter.fromConnectData("offsets", null, new HashMap<>(offset));
            restored.put(partition, map(converter.toConnectData("offsets", stored).value()));
          });
    }
    return restored;
  }

  private static Map<String, Object> map(Object value) {
    Map<String, Object> map = new HashMap<>();
    ((Map<?, ?>) value).forEach((key, entry) -> map.put((String) key, entry));
    return map;
  }
}
