package io.callrecords.connect.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.cli.CallRecordsCli;
import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.process.LocalCluster;
import java.io.PrintWriter;
import java.io.StringWriter;
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

/**
 * How long the command line takes to reconcile a topic, against what a task takes to read the same
 * calls from the same API, in the same JVM: the comparison is to cost hardly more than asking
 * again.
 */
final class ReconcileBench implements BenchPart {
  private static final int DAYS = 20;
  private static final int WARM_UP = 20_000;
  private static final int MEGABYTES = 512;
  private static final double BOUND = 1.2;
  private static final Duration LATENCY = Duration.ofMillis(100);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What is reconciled.
   *
   * @param calls how many calls there are
   * @param requests how many requests are in flight
   */
  private record ReconcileCase(int calls, int requests) {}

  @Override
  public String name() {
    return "reconcile";
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    List<ReconcileCase> cases =
        brief
            ? List.of(new ReconcileCase(100_000, 16))
            : List.of(new ReconcileCase(200_000, 4), new ReconcileCase(1_000_000, 16));
    List<Measured> lines = new ArrayList<>();
    try (ApiProcess api = ApiProcess.start();
        LocalCluster cluster = LocalCluster.asDelivered("bench-reconcile", MEGABYTES, Map.of())) {
      // Until this JVM has compiled what it will be doing.
      measure(api, cluster, new ReconcileCase(WARM_UP, 16));
      for (ReconcileCase one : cases) {
        lines.add(measure(api, cluster, one));
      }
    }
    return lines;
  }

  private static Measured measure(ApiProcess api, LocalCluster cluster, ReconcileCase one)
      throws Exception {
    Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));
    LoadedHistory history =
        LoadedHistory.of(Shape.EVEN, to.minus(Duration.ofDays(DAYS)), DAYS, one.calls);
    String name = "reconcile-" + one.calls;
    Map<String, String> settings =
        api.connector(history, Map.of("max.concurrent.requests", Integer.toString(one.requests)));
    api.has(history, Duration.ZERO);
    IdCheck check = new IdCheck(history.grid(), new RecordPress(history.from()).longest());
    try (WorkerTurn turn = WorkerTurn.start(cluster, name, settings);
        TopicCheck topic = new TopicCheck(cluster.broker().bootstrapServers(), name, check)) {
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (check.distinct() < one.calls) {
        topic.readFor(LOOK);
        turn.expectRunning();
        if (System.nanoTime() - until > 0) {
          throw new IllegalStateException("Only " + check.distinct() + " of " + one.calls);
        }
      }
      cluster.worker().rest().stop(name);
      api.has(history, LATENCY);
      double reading = secondsToRead(settings, one.calls);
      double reconciling = secondsToReconcile(cluster, name, settings, history, one.calls);
      String remark =
          String.format(
              Locale.ROOT,
              "%.1f s and %.1f s; answers after %d ms, %d requests in flight",
              reconciling,
              reading,
              LATENCY.toMillis(),
              one.requests);
      System.out.println("  " + name + ": " + remark);
      return Measured.atMost(
          String.format(Locale.ROOT, "to reconcile %,d calls, in the time to read them", one.calls),
          BOUND,
          reconciling / reading,
          remark);
    }
  }

  private static double secondsToRead(Map<String, String> settings, int calls) throws Exception {
    try (Tasks tasks = new Tasks(settings)) {
      tasks.awaitRecords(calls, PATIENCE);
      return Tasks.seconds(tasks.begunAt(), tasks.lastAt());
    }
  }

  private static double secondsToReconcile(
      LocalCluster cluster,
      String name,
      Map<String, String> settings,
      LoadedHistory history,
      int calls)
      throws Exception {
    Path config = Files.createTempFile("bench", ".json");
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    try {
      Map<String, String> all = new HashMap<>(settings);
      all.put("name", name);
      all.put("topic", name);
      JSON.writeValue(config.toFile(), all);
      long begun = System.nanoTime();
      int code =
          CallRecordsCli.run(
              new PrintWriter(out),
              new PrintWriter(err),
              "reconcile",
              name,
              "--config",
              config.toString(),
              "--bootstrap-server",
              cluster.broker().bootstrapServers(),
              "--from",
              history.from().toString(),
              "--to",
              history.to().toString(),
              "--rate-share",
              "1",
              "--json");
      double seconds = Tasks.seconds(begun, System.nanoTime());
      int found = code == 0 ? JSON.readTree(out.toString()).at("/summary/counts/topic").asInt() : 0;
      if (found != calls) {
        throw new IllegalStateException("Not well: " + code + " " + out + err);
      }
      return seconds;
    } finally {
      Files.delete(config);
    }
  }
}
