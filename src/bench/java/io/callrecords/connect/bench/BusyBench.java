package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * A day of a million calls of which none is settled, in a JVM with a small heap: what the task
 * remembers of them, how long its offsets are, and how soon it goes on after a restart.
 *
 * <p>Each call has to come once, those after the restarts included.
 */
final class BusyBench implements BenchPart {
  private static final int MEGABYTES = 512;
  private static final int CALLS = 1_000_000;
  private static final int CALLS_WITH_UPDATES = 500_000;
  private static final int BRIEF = 5;
  private static final int LIVE_MINUTES = 240;
  private static final int PER_MINUTE = 600;
  private static final int STARTS = 5;
  private static final double KIBIBYTES = 64;
  private static final double SECONDS = 2;
  private static final Duration PATIENCE = Duration.ofMinutes(20);

  /** So long new calls come before each start. */
  private static final Duration NEW_CALLS = Duration.ofSeconds(5);

  private static final Duration FIRST_WITHIN = Duration.ofMinutes(1);

  /** The last of the history has not come yet when the day is as good as read. */
  private static final double ALMOST_ALL = .95;

  @Override
  public String name() {
    return "busy";
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    List<Measured> lines = new ArrayList<>();
    for (boolean updates : new boolean[] {false, true}) {
      int calls = (updates ? CALLS_WITH_UPDATES : CALLS) / (brief ? BRIEF : 1);
      lines.addAll(
          lines(calls, updates, MeasuringJvm.run(BusyBench.class, MEGABYTES, calls, updates)));
    }
    return lines;
  }

  private static List<Measured> lines(int calls, boolean updates, Map<String, Double> results) {
    String what =
        String.format(
            Locale.ROOT, "%,d unsettled calls%s", calls, updates ? " with emit.updates" : "");
    return List.of(
        Measured.atMost(
            "seconds from start to the first record: " + what,
            SECONDS,
            results.get("start"),
            String.format(
                Locale.ROOT,
                "the longest of %d, of an API that answers at once; the connector's own start %.2f",
                STARTS,
                results.get("connector"))),
        Measured.atMost(
            "KiB of the longest offset: " + what,
            KIBIBYTES,
            results.get("longest"),
            String.format(
                Locale.ROOT,
                "%.0f offsets of %.0f KiB together",
                results.get("offsets"),
                results.get("all"))),
        Measured.told(
            "MiB in use of -Xmx" + MEGABYTES + "m: " + what,
            results.get("heap"),
            String.format(
                Locale.ROOT,
                "after a full collection; %.0f before the task; read in %.0f s",
                results.get("empty"),
                results.get("read"))));
  }

  /**
   * Measures in this JVM.
   *
   * @param args how many calls, and whether their changes are emitted
   */
  public static void main(String[] args) throws Exception {
    int calls = Integer.parseInt(args[0]);
    Instant from =
        Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofMinutes(24 * 60 - 10));
    LoadedHistory history =
        new LoadedHistory(Shape.EVEN, from, 1, calls, 0, LIVE_MINUTES, PER_MINUTE);
    try (ApiProcess api = ApiProcess.start()) {
      api.has(history, Duration.ZERO);
      Map<String, String> settings =
          api.connector(history, Map.of("late.arrival.ms", "86400000", "emit.updates", args[1]));
      new RememberedDay(settings, history).measure(calls);
    }
  }

  /** The day, its calls as they come, and its offsets as they are stored. */
  private static final class RememberedDay {
    private final Map<String, String> settings;
    private final IdCheck check;
    private Map<Map<String, ?>, Map<String, Object>> offsets = new ConcurrentHashMap<>();

    RememberedDay(Map<String, String> settings, LoadedHistory history) {
      this.settings = settings;
      this.check = new IdCheck(history.grid(), new RecordPress(history.from()).longest());
    }

    void measure(int calls) throws InterruptedException {
      MeasuringJvm.result("empty", MeasuringJvm.heap());
      try (Tasks tasks = start()) {
        tasks.awaitRecords((long) (calls * ALMOST_ALL), PATIENCE);
        MeasuringJvm.result("read", Tasks.seconds(tasks.startedAt(), System.nanoTime()));
        MeasuringJvm.result("heap", MeasuringJvm.heap());
      }
      measureOffsets();
      double longest = 0;
      double connector = 0;
      for (int time = 0; time < STARTS; time++) {
        offsets = StartBench.restored(offsets);
        Instant someNewCalls = Instant.now().plus(NEW_CALLS);
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(someNewCalls));
        try (Tasks tasks = start()) {
          tasks.awaitRecords(1, FIRST_WITHIN);
          longest = Math.max(longest, Tasks.seconds(tasks.startedAt(), tasks.firstAt()));
          connector = Math.max(connector, Tasks.seconds(tasks.begunAt(), tasks.startedAt()));
        }
      }
      MeasuringJvm.result("start", longest);
      MeasuringJvm.result("connector", connector);
      if (check.repeated() > 0 || check.foreign() > 0 || check.distinct() < calls * ALMOST_ALL) {
        throw new AssertionError(
            "Of %d calls %d have come, %d records too many, %d of no call"
                .formatted(calls, check.distinct(), check.repeated(), check.foreign()));
      }
    }

    private Tasks start() {
      return new Tasks(settings, offsets, this::see);
    }

    private synchronized void see(List<SourceRecord> batch) {
      batch.forEach(record -> check.see(((String) record.key()).getBytes(ISO_8859_1)));
    }

    private void measureOffsets() {
      try (JsonConverter json = new JsonConverter()) {
        json.configure(Map.of("schemas.enable", "false"), false);
        List<Integer> lengths =
            offsets.values().stream()
                .map(offset -> json.fromConnectData("offsets", null, offset).length)
                .toList();
        MeasuringJvm.result("offsets", lengths.size());
        MeasuringJvm.result(
            "longest", lengths.stream().mapToInt(length -> length).max().orElseThrow() / 1024.);
        MeasuringJvm.result("all", lengths.stream().mapToInt(length -> length).sum() / 1024.);
      }
    }
  }
}
