package io.callrecords.connect.bench;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.process.ConnectRest;
import io.callrecords.connect.process.Gauge;
import io.callrecords.connect.process.LocalCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Many connectors of as many accounts without calls in one worker, against as many connectors that
 * have nothing to do: heap, threads, and how long it takes until all of them run. Neither sends a
 * record, since a producer keeps buffers once it has.
 */
final class AccountsBench implements BenchPart {
  private static final int CONNECTORS = 50;
  private static final int WARM_UPS = 5;
  private static final int MEGABYTES = 1024;
  private static final int ROUNDS = 2;
  private static final double HEAP = 1.25;
  private static final double THREADS = 1.34;
  private static final double TIME = 2;

  /** Until connections and buffers of the start have gone. */
  private static final Duration QUIET = Duration.ofSeconds(75);

  @Override
  public String name() {
    return "accounts";
  }

  /**
   * What a connector comes to.
   *
   * @param heap KiB in use after a full collection
   * @param threads how many threads
   * @param seconds until all of them ran, divided by their number
   */
  private record Share(double heap, double threads, double seconds) {}

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    Instant from = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(1));
    LoadedHistory quiet = new LoadedHistory(Shape.EVEN, from, 1, 0, 0, 60, 0);
    Path folder = BenchPage.folder();
    ReadyPlugin.packInto(folder.resolve("plugins"));
    Path nothing = Files.writeString(folder.resolve("nothing.json"), "");
    Map<String, String> ready = ReadyPlugin.settings(nothing, 0, 0);
    List<Share> ours = new ArrayList<>();
    List<Share> theirs = new ArrayList<>();
    try (ApiProcess api = ApiProcess.start()) {
      api.has(quiet, Duration.ZERO);
      Map<String, String> settings =
          api.connector(quiet, Map.of("requests.per.second", "5", "late.arrival.ms", "86400000"));
      for (int round = 1; round <= (brief ? 1 : ROUNDS); round++) {
        ours.add(share("ours-" + round, folder, settings));
        theirs.add(share("ready-" + round, folder, ready));
      }
    }
    Pairs<Share> pairs = new Pairs<>(ours, theirs);
    return List.of(
        line(pairs, "heap", HEAP, "KiB", Share::heap),
        line(pairs, "threads", THREADS, "threads", Share::threads),
        line(pairs, "time until all run", TIME, "seconds", Share::seconds));
  }

  private static Measured line(
      Pairs<Share> pairs, String what, double bound, String unit, ToDoubleFunction<Share> value) {
    return Measured.atMost(
        CONNECTORS + " connectors in a worker against idle ones: " + what,
        bound,
        pairs.ratio(value),
        String.format(
            Locale.ROOT,
            "%.2f and %.2f %s a connector; %s",
            pairs.median(value),
            pairs.medianOfTheirs(value),
            unit,
            pairs.spread(value)));
  }

  private static Share share(String name, Path folder, Map<String, String> settings)
      throws Exception {
    Map<String, String> worker = Map.of("plugin.path", folder.resolve("plugins").toString());
    try (LocalCluster cluster =
        LocalCluster.asDelivered("bench-accounts-" + name, MEGABYTES, worker)) {
      ConnectRest rest = cluster.worker().rest();
      create(rest, "warm-up", WARM_UPS, settings);
      IntStream.range(0, WARM_UPS).forEach(i -> rest.delete("warm-up-" + i));
      Gauge.ProcessReading before = idle(cluster);
      long begin = System.nanoTime();
      create(rest, "account", CONNECTORS, settings);
      double seconds = Tasks.seconds(begin, System.nanoTime());
      Gauge.ProcessReading after = idle(cluster);
      Share share =
          new Share(
              (after.heap() - before.heap()) / (double) CONNECTORS,
              (after.threads() - before.threads()) / (double) CONNECTORS,
              seconds / CONNECTORS);
      System.out.println("  " + name + ": " + share);
      return share;
    }
  }

  private static void create(
      ConnectRest rest, String prefix, int count, Map<String, String> settings) {
    for (int i = 0; i < count; i++) {
      Map<String, String> all = new HashMap<>(settings);
      all.put("name", prefix + "-" + i);
      all.put("topic", prefix + "-" + i);
      rest.create(prefix + "-" + i, all);
    }
    IntStream.range(0, count).forEach(i -> rest.awaitRunning(prefix + "-" + i));
  }

  /** What the worker holds once it has been left alone for a while: that is what is measured. */
  private static Gauge.ProcessReading idle(LocalCluster cluster) throws InterruptedException {
    TimeUnit.SECONDS.sleep(QUIET.toSeconds());
    Gauge.read(cluster.worker().id());
    return Gauge.read(cluster.worker().id());
  }
}
