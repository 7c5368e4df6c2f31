package io.callrecords.connect.bench;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.process.Gauge;
import io.callrecords.connect.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * The connector against one that hands over ready-made records, in turns in the same worker,
 * through the same converters to the same broker.
 *
 * <p>All share the machine: broker, worker and API. The processor time that the worker spends on a
 * record depends less on that, so it is the firmer measure of the two.
 */
final class FrameworkBench implements BenchPart {
  private static final double OF_THROUGHPUT = .9;
  private static final double OF_CPU = 1.25;

  /** What two pseudonymized fields may cost, in the time of a record without. */
  private static final double OF_TOKENS = 1.05;

  private static final double OF_TEXTS = 1.1;

  private static final int DAYS = 6;
  private static final int MEGABYTES = 1024;
  private static final int WARM_UPS = 3;
  private static final int BATCHES = 30;

  /** What the names of the worker's threads for tasks begin with. */
  private static final String THREAD = "task-thread";

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** What is measured of a turn: between these shares of its records. */
  private static final double BEGIN = .15;

  private static final double END = .95;

  private String details = "";
  private String flames = "";

  @Override
  public String name() {
    return "framework";
  }

  @Override
  public String details() {
    return details;
  }

  @Override
  public Map<String, String> pictures() {
    return flames.isEmpty() ? Map.of() : Map.of("flames.svg", flames);
  }

  /**
   * What a turn came to.
   *
   * @param perSecond records a second
   * @param worker seconds of processor time that the worker spends on a million records
   * @param broker the same of the broker
   * @param api the same of the API
   * @param thread how much of a processor the task's thread had
   */
  private record Turn(double perSecond, double worker, double broker, double api, double thread) {}

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    int rounds = brief ? 3 : 7;
    int calls = 500_000;
    Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));
    LoadedHistory history =
        LoadedHistory.of(Shape.EVEN, to.minus(Duration.ofDays(DAYS)), DAYS, calls);
    Path folder = BenchPage.folder();
    ReadyPlugin.packInto(folder.resolve("plugins"));
    Path file = folder.resolve("ready.json");
    try (ApiProcess api = ApiProcess.start()) {
      api.has(history, Duration.ZERO);
      int batch = recordTo(file, api, history);
      Map<String, String> worker =
          Map.of(
              "plugin.path",
              folder.resolve("plugins").toString(),
              "value.converter.schemas.enable",
              "false");
      try (LocalCluster cluster = LocalCluster.asDelivered("bench-framework", MEGABYTES, worker)) {
        Rig rig = new Rig(cluster, api, calls);
        Map<String, String> ours = api.connector(history, Map.of());
        Map<String, String> ready = ReadyPlugin.settings(file, calls, batch);
        // Until the JVMs have compiled what they will be doing.
        for (int round = 1; round <= WARM_UPS; round++) {
          rig.turn("warm-up-ours-" + round, ours);
          rig.turn("warm-up-ready-" + round, ready);
        }
        List<Turn> oursTurns = new ArrayList<>();
        List<Turn> readyTurns = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
          oursTurns.add(rig.turn("ours-" + round, ours));
          readyTurns.add(rig.turn("ready-" + round, ready));
        }
        Pairs<Turn> turns = new Pairs<>(oursTurns, readyTurns);
        List<Measured> lines = new ArrayList<>(lines(turns, batch));
        try {
          Profile profile = rig.profile(ours, folder.resolve("worker.jfr"));
          flames = FlameGraph.of(profile, "A worker while the connector loads a backlog");
          details = shares(profile);
        } catch (IOException e) {
          // Not every machine lets a process be profiled; what was measured holds all the same.
          details = "Where the time goes was not found out: " + e.getMessage() + ".\n";
        }
        double micros = turns.median(Turn::worker);
        lines.add(
            tokensLine(
                "the customer's number and the agent's name pseudonymized",
                micros,
                PageBench.microsOfNumberAndAgent(rounds)));
        lines.add(
            tokensLine(
                "two numbers pseudonymized that no call had before",
                micros,
                PageBench.microsOfTwoNumbers(rounds)));
        lines.add(textsLine(micros, PageBench.microsOfTexts(rounds)));
        return lines;
      }
    }
  }

  /** Lets the connector read some of the calls here; returns how many records its batches have. */
  private static int recordTo(Path file, ApiProcess api, LoadedHistory history) throws Exception {
    List<List<SourceRecord>> batches = new CopyOnWriteArrayList<>();
    try (Tasks tasks =
        new Tasks(
            api.connector(history, Map.of()),
            new ConcurrentHashMap<>(),
            batch -> {
              if (batches.size() < BATCHES) {
                batches.add(batch);
              }
            })) {
      tasks.awaitRecords(100_000, PATIENCE);
    }
    // The first is a small one, so that it is there soon.
    List<List<SourceRecord>> usual = List.copyOf(batches.subList(1, batches.size()));
    ReadyPlugin.write(usual.get(0), file);
    return (int) Measured.median(usual.stream().map(batch -> (double) batch.size()).toList());
  }

  /** What turns are taken on. */
  private record Rig(LocalCluster cluster, ApiProcess api, int calls) {
    Turn turn(String name, Map<String, String> settings) throws Exception {
      try (WorkerTurn turn = WorkerTurn.start(cluster, name, settings)) {
        TurnReading begin = await(turn, (long) (calls * BEGIN));
        TurnReading end = await(turn, (long) (calls * END));
        double millions = (end.records - begin.records) / 1e6;
        Turn result =
            new Turn(
                millions * 1e6 / Tasks.seconds(begin.nanos, end.nanos),
                (end.worker - begin.worker) / millions,
                (end.broker - begin.broker) / millions,
                (end.api - begin.api) / millions,
                (end.thread - begin.thread) / Tasks.seconds(begin.nanos, end.nanos));
        System.out.printf(
            Locale.ROOT,
            "  %-16s %7.0f records/s; s of CPU a million records: worker %5.1f, broker %5.1f,"
                + " API %5.1f%n",
            name,
            result.perSecond,
            result.worker,
            result.broker,
            result.api);
        return result;
      }
    }

    Profile profile(Map<String, String> settings, Path file) throws Exception {
      Files.deleteIfExists(file);
      Path profiler = Profile.profiler(file.resolveSibling("async-profiler.so"));
      ask(profiler, "start,event=itimer,interval=5ms,cstack=no,jfr,file=" + file);
      turn("profiled", settings);
      ask(profiler, "stop,file=" + file);
      return Profile.read(file);
    }

    private void ask(Path profiler, String what) throws IOException {
      String answer =
          Gauge.command(
              cluster.worker().id(), "JVMTI.agent_load", profiler.toString(), '"' + what + '"');
      if (!answer.contains("return code: 0")) {
        throw new IOException("the profiler did not " + what.replaceAll(",.*", ""));
      }
    }

    private TurnReading await(WorkerTurn turn, long records) throws Exception {
      long there = turn.await(records, PATIENCE);
      return new TurnReading(
          System.nanoTime(),
          there,
          Cpu.seconds(cluster.worker().id()),
          Cpu.seconds(cluster.broker().id()),
          Cpu.seconds(api.id()),
          Cpu.seconds(cluster.worker().id(), THREAD));
    }
  }

  /** Where things stand at a moment. */
  private record TurnReading(
      long nanos, long records, double worker, double broker, double api, double thread) {}

  private static List<Measured> lines(Pairs<Turn> turns, int batch) throws IOException {
    return List.of(
        Measured.atLeast(
            "records/s against ready-made records",
            OF_THROUGHPUT,
            turns.ratio(Turn::perSecond),
            String.format(
                Locale.ROOT,
                "%.0f and %.0f records/s; batches of %d; the task's thread had %.2f and %.2f of a"
                    + " processor; medians of %d turns, %s",
                turns.median(Turn::perSecond),
                turns.medianOfTheirs(Turn::perSecond),
                batch,
                turns.median(Turn::thread),
                turns.medianOfTheirs(Turn::thread),
                turns.ours().size(),
                turns.spread(Turn::perSecond))),
        Measured.atMost(
            "the worker's CPU a record against ready-made records",
            OF_CPU,
            turns.ratio(Turn::worker),
            String.format(
                Locale.ROOT,
                "%.1f and %.1f us a record; beside it the broker %.1f and %.1f, the API %.1f us; %s",
                turns.median(Turn::worker),
                turns.medianOfTheirs(Turn::worker),
                turns.median(Turn::broker),
                turns.medianOfTheirs(Turn::broker),
                turns.median(Turn::api),
                turns.spread(Turn::worker))),
        ApiProcess.share(
            turns.ours().stream()
                .mapToDouble(turn -> turn.api * turn.perSecond / 1e6)
                .max()
                .orElseThrow()));
  }

  private static Measured tokensLine(String which, double worker, double tokens) {
    return Measured.atMost(
        "the worker's CPU a record with " + which + ", against none",
        OF_TOKENS,
        (worker + tokens) / worker,
        String.format(
            Locale.ROOT,
            "%.1f us a record, as above, and %.2f us that two tokens add from a page's bytes to JSON:"
                + " JMH, the median of pairs of JVMs; two turns in a worker differ by more than that",
            worker,
            tokens));
  }

  private static Measured textsLine(double worker, double texts) {
    return Measured.atMost(
        "the worker's CPU a record with labels and unknown fields as json and times as iso, against"
            + " the default forms",
        OF_TEXTS,
        (worker + texts) / worker,
        String.format(
            Locale.ROOT,
            "%.1f us a record, as above, and %.2f us that the texts add from a page's bytes to JSON,"
                + " with four unknown fields in each call: measured as that of the tokens",
            worker,
            texts));
  }

  /** What of the worker's time goes where. */
  private static String shares(Profile profile) {
    StringBuilder table = new StringBuilder("| of the worker's time | share |\n|---|---|\n");
    Map<String, Predicate<String>> parts = new LinkedHashMap<>();
    parts.put("converter and producer, in the task's thread", is("WorkerSourceTask.sendRecords"));
    parts.put("the producer's own thread", is("Sender.run"));
    parts.put("`poll()`: source records", is("CallRecordSourceTask.poll"));
    parts.put("answers parsed", is("PageParser.parse"));
    parts.put("the rest of HTTP", name -> name.startsWith("RealCall$AsyncCall.run"));
    parts.put("the loop: windows checked, ids kept", is("ThreadLoop.lambda$guarded"));
    parts.put(
        "the JVM's compilers and collector",
        name ->
            name.startsWith("CN Compiler") || name.startsWith("GC Th") || name.startsWith("GN "));
    double known = 0;
    for (Map.Entry<String, Predicate<String>> part : parts.entrySet()) {
      double share = profile.share(part.getValue());
      if (part.getKey().startsWith("the rest")) {
        share -= profile.share(is("PageParser.parse"));
      }
      known += share;
      table.append(String.format(Locale.ROOT, "| %s | %.0f %% |%n", part.getKey(), share * 100));
    }
    table.append(String.format(Locale.ROOT, "| all else | %.0f %% |%n", (1 - known) * 100));
    return table.toString();
  }

  private static Predicate<String> is(String part) {
    return name -> name.contains(part);
  }
}
