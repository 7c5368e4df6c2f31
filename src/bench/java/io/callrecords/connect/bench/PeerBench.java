package io.callrecords.connect.bench;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.bench.QuickApi.RowSequence;
import io.callrecords.connect.process.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connector against the nearest open one, kafka-connect-http, in turns in the same worker, and
 * once each in a worker that has just started; the API gives the oldest calls first, as the peer
 * needs it.
 *
 * <p>What counts is the time from the first record in the topic to the last, as a consumer sees
 * them that reads what is committed; each turn is a connector of its own, with a start of its own.
 */
final class PeerBench implements BenchPart {
  /** The system property that names the folder with the peer's jars. */
  static final String FOLDER = "bench.peer";

  private static final String PEER = "kafka-connect-http 0.8.11";

  /** What the names of the peer's turns begin with. */
  private static final String PEERS = "peer-";

  private static final int MEGABYTES = 1024;
  private static final int CALLS_A_DAY = 10_000;
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** How long the topic is watched for calls that come again. */
  private static final Duration REPEATS = Duration.ofSeconds(2);

  private double apiCores;

  /**
   * An API and how it is read.
   *
   * @param name names what belongs to it
   * @param latency for how long it holds each answer back
   * @param requests how many may be in flight
   * @param days of {@value #CALLS_A_DAY} calls each
   * @param bound how many times the peer's records a second are asked for
   */
  private record PeerCase(String name, Duration latency, int requests, int days, double bound) {
    String target() {
      return "records/s against "
          + PEER
          + ", "
          + (latency.isZero()
              ? "an API that answers at once"
              : latency.toMillis() + " ms a page, " + requests + " requests in flight");
    }
  }

  private static final List<PeerCase> CASES =
      List.of(
          new PeerCase("at-once", Duration.ZERO, 4, 6, 4),
          new PeerCase("100-ms", Duration.ofMillis(100), 16, 3, 14));

  /**
   * What a turn came to.
   *
   * @param seconds from the first record to the last
   * @param requests how many the API had answered by then
   * @param repeated how many records were of calls that the topic had
   */
  record PeerTurn(int calls, double seconds, int requests, long repeated) {
    double perSecond() {
      return calls / seconds;
    }
  }

  @Override
  public String name() {
    return "peer";
  }

  @Override
  public String leftOut() {
    return folder().isEmpty() ? "no -D" + FOLDER + "=FOLDER names the jars of " + PEER : "";
  }

  private static String folder() {
    return System.getProperty(FOLDER, "");
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    int rounds = brief ? 1 : 3;
    Path plugins = BenchPage.folder().resolve("peer-plugins");
    PeerPlugin.linkInto(plugins, Path.of(folder()));
    List<Measured> lines = new ArrayList<>();
    apiCores = 0;
    try (ApiProcess api = ApiProcess.start()) {
      for (PeerCase one : CASES) {
        Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));
        LoadedHistory history =
            LoadedHistory.of(
                Shape.EVEN, to.minus(Duration.ofDays(one.days)), one.days, one.days * CALLS_A_DAY);
        warmUp(api, history);
        PeerRig rig = new PeerRig(api, history, one);
        List<PeerTurn> ours = new ArrayList<>();
        List<PeerTurn> theirs = new ArrayList<>();
        try (LocalCluster cluster = cluster(one.name, plugins)) {
          // Until the JVMs have compiled what they will be doing.
          turn(rig, cluster, "warm-up-ours");
          turn(rig, cluster, PEERS + "warm-up");
          for (int round = 1; round <= rounds; round++) {
            ours.add(turn(rig, cluster, "ours-" + round));
            theirs.add(turn(rig, cluster, PEERS + round));
          }
        }
        Pairs<PeerTurn> turns = new Pairs<>(ours, theirs);
        lines.add(
            Measured.atLeast(
                one.target(), one.bound, turns.ratio(PeerTurn::perSecond), remark(turns)));
        Pairs<PeerTurn> cold =
            new Pairs<>(
                List.of(coldTurn(rig, plugins, "ours-cold")),
                List.of(coldTurn(rig, plugins, PEERS + "cold")));
        lines.add(
            Measured.told(
                one.target() + ", each in a worker that has just started",
                cold.ratio(PeerTurn::perSecond),
                remark(cold)));
      }
    }
    lines.add(ApiProcess.share(apiCores));
    return lines;
  }

  /** Lets the API compile what it does, since it serves all turns. */
  private static void warmUp(ApiProcess api, LoadedHistory history) throws Exception {
    api.has(history, Duration.ZERO, RowSequence.OLDEST_FIRST);
    try (Tasks tasks =
        new Tasks(api.connector(history, Map.of()), new ConcurrentHashMap<>(), batch -> {})) {
      tasks.awaitRecords(history.calls(), PATIENCE);
    }
  }

  private static LocalCluster cluster(String name, Path plugins) {
    return LocalCluster.asDelivered(
        "bench-peer-" + name,
        MEGABYTES,
        Map.of("plugin.path", plugins.toString(), "value.converter.schemas.enable", "false"));
  }

  /** What turns are taken on. */
  private record PeerRig(ApiProcess api, LoadedHistory history, PeerCase one) {
    /** The settings of whom a name says to have a turn. */
    Map<String, String> settings(String name, String topic) {
      Map<String, String> ours =
          api.connector(history, Map.of("max.concurrent.requests", Integer.toString(one.requests)));
      return name.startsWith(PEERS)
          ? PeerPlugin.settings(ours, topic, history.from(), history.to())
          : ours;
    }
  }

  private PeerTurn coldTurn(PeerRig rig, Path plugins, String name) throws Exception {
    try (LocalCluster cluster = cluster(rig.one.name + "-" + name, plugins)) {
      return turn(rig, cluster, name);
    }
  }

  /** Lets a connector fill a topic of its own. */
  private PeerTurn turn(PeerRig rig, LocalCluster cluster, String who) throws Exception {
    ApiProcess api = rig.api;
    LoadedHistory history = rig.history;
    String name = rig.one.name + "-" + who;
    api.has(history, rig.one.latency, RowSequence.OLDEST_FIRST);
    IdCheck check = new IdCheck(history.grid(), new RecordPress(history.from()).longest());
    try (WorkerTurn turn = WorkerTurn.start(cluster, name, rig.settings(who, name));
        TopicCheck topic = new TopicCheck(cluster.broker().bootstrapServers(), name, check)) {
      double cpu = Cpu.seconds(api.id());
      long begun = System.nanoTime();
      awaitAll(turn, topic, check, history.calls());
      double seconds = Tasks.seconds(topic.firstNanos(), topic.lastNanos());
      // What it did before the first record was there counts, though not the time.
      apiCores = Math.max(apiCores, (Cpu.seconds(api.id()) - cpu) / seconds);
      int requests = api.between(begun, topic.lastNanos()).allRequests();
      topic.readFor(REPEATS);
      if (check.foreign() > 0) {
        throw new IOException(check.foreign() + " records of no call in " + name);
      }
      PeerTurn result = new PeerTurn(history.calls(), seconds, requests, check.repeated());
      System.out.printf(
          Locale.ROOT,
          "  %-16s %7.0f records/s, %.1f s, %d requests, %d repeated%n",
          name,
          result.perSecond(),
          seconds,
          requests,
          result.repeated);
      return result;
    }
  }

  private static void awaitAll(WorkerTurn turn, TopicCheck topic, IdCheck check, int calls) {
    long until = System.nanoTime() + PATIENCE.toNanos();
    long looked = System.nanoTime();
    while (check.distinct() < calls) {
      topic.readFor(Duration.ZERO);
      long now = System.nanoTime();
      if (now - until > 0) {
        throw new IllegalStateException(
            "Only " + check.distinct() + " of " + calls + " calls are in " + turn.name());
      }
      if (now - looked > LOOK.toNanos()) {
        looked = now;
        turn.expectRunning();
      }
    }
  }

  /** What else has to be known of turns. */
  static String remark(Pairs<PeerTurn> turns) {
    return String.format(
        Locale.ROOT,
        "%.0f and %.0f records/s; %d calls in %.1f and %.1f s, by %.0f and %.0f requests; each call"
            + " in each topic, %s; pairs of turns gave %s",
        turns.median(PeerTurn::perSecond),
        turns.medianOfTheirs(PeerTurn::perSecond),
        turns.ours().get(0).calls(),
        turns.median(PeerTurn::seconds),
        turns.medianOfTheirs(PeerTurn::seconds),
        turns.median(PeerTurn::requests),
        turns.medianOfTheirs(PeerTurn::requests),
        repeats(turns),
        turns.spread(PeerTurn::perSecond));
  }

  private static String repeats(Pairs<PeerTurn> turns) {
    long ours = turns.ours().stream().mapToLong(PeerTurn::repeated).sum();
    long theirs = turns.theirs().stream().mapToLong(PeerTurn::repeated).sum();
    return ours + theirs == 0 ? "once" : ours + " and " + theirs + " of them again";
  }
}
