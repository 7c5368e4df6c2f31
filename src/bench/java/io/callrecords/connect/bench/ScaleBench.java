package io.callrecords.connect.bench;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.bench.LineChart.Point;
import io.callrecords.connect.bench.LoadCourse.LoadSample;
import io.callrecords.connect.process.LocalCluster;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ten million calls of two months through a worker with a small heap, and none and a tenth of them
 * before and after that: whether time, requests and heap depend on how much there is, or has been.
 *
 * <p>The connector has the settings of the project's example, but for a rate that does not hold it
 * up. What the topic holds is read meanwhile, and has to be each call once. Between the history and
 * the first new call lie two days without any, so that the histories leave equally little
 * unsettled.
 */
final class ScaleBench implements BenchPart {
  private static final int DAYS = 56;
  private static final int REST_MINUTES = 2 * 1440;
  private static final int LIVE_MINUTES = 300;
  private static final int PER_MINUTE = 600;
  private static final int MEGABYTES = 256;
  private static final Duration POLL_INTERVAL = Duration.ofSeconds(2);

  /** So often that a worker that has just started soon has compiled what a poll takes. */
  private static final Duration OFTEN = Duration.ofSeconds(1);

  /**
   * When the first new calls come: after the load, so that each finds as few unsettled before it.
   */
  private static final Duration SOON = Duration.ofMinutes(1);

  private static final Duration A_WHILE = Duration.ofMinutes(7);
  private static final int WORTH_A_WHILE = 2_000_000;

  /** What share of the calls that the API shows has to arrive meanwhile: some are on their way. */
  private static final double ARRIVING = .8;

  private static final Duration LONG_ENOUGH = Duration.ofSeconds(30);

  /** So many times what an idle worker takes in the same time. */
  private static final double STANDING_OUT = 1.25;

  /** So much of the time to load is the first tenth of calls left out, when a worker warms up. */
  private static final double WARM = .1;

  private static final int TENTHS = 10;
  private static final double LEVEL = 1.1;
  private static final double LAST_TENTH = .9;
  private static final double LIVE = 1.25;

  private final List<LoadSample> samples = new ArrayList<>();
  private Duration watched = Duration.ZERO;
  private Duration betweenSamples = Duration.ZERO;

  /** Each load is a connector of its own: one that has read before goes on where it was. */
  private int loads;

  /**
   * What came of a history.
   *
   * @param seconds how long it took
   * @param requests how many requests
   * @param tenths records a second in each tenth of it
   * @param apiCores how many processors the API took
   * @param samples of its course
   * @param live what new calls cost then
   */
  private record ScaleResult(
      int calls,
      double seconds,
      int requests,
      List<Double> tenths,
      double apiCores,
      List<LoadSample> samples,
      Live live) {
    /** The same, where the worker is known to take so much of a processor by itself. */
    ScaleResult less(double idleCores) {
      double idle = idleCores * live.elapsed;
      Live known = new Live(live.calls, live.requests, live.elapsed, live.seconds, idle);
      return new ScaleResult(calls, seconds, requests, tenths, apiCores, samples, known);
    }
  }

  /**
   * What new calls cost.
   *
   * @param elapsed seconds that it was watched
   * @param seconds of the worker's processor time
   * @param idle of them those that the worker takes in that time while it has no connector
   */
  private record Live(int calls, int requests, double elapsed, double seconds, double idle) {
    double requestsPerCall() {
      return requests / (double) calls;
    }

    double millis() {
      return (seconds - idle) * 1e3 / calls;
    }

    double idlePercent() {
      return idle / elapsed * 100;
    }

    /** Whether the calls' part can be told from what an idle worker takes. */
    boolean standsOut() {
      return seconds > STANDING_OUT * idle;
    }

    /** Both together. */
    Live and(Live other) {
      return new Live(
          calls + other.calls,
          requests + other.requests,
          elapsed + other.elapsed,
          seconds + other.seconds,
          idle + other.idle);
    }
  }

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public Map<String, String> pictures() {
    double minutes = samples.isEmpty() ? 0 : samples.get(samples.size() - 1).seconds() / 60;
    LineChart chart =
        new LineChart("MiB in use after a full collection", "minutes")
            .line(
                "live heap",
                samples.stream()
                    .map(sample -> new Point(sample.seconds() / 60, sample.heapMegabytes()))
                    .toList())
            .bound(
                "the limit, -Xmx" + MEGABYTES + "m",
                List.of(new Point(0, MEGABYTES), new Point(minutes, MEGABYTES)));
    return Map.of("heap.svg", chart.draw());
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    int large = brief ? 600_000 : 10_000_000;
    watched = Duration.ofSeconds(brief ? 12 : 40);
    betweenSamples = Duration.ofSeconds(brief ? 2 : 10);
    Map<String, String> worker = Map.of("value.converter.schemas.enable", "false");
    try (ApiProcess api = ApiProcess.start();
        LocalCluster cluster = LocalCluster.asDelivered("bench-scale", MEGABYTES, worker)) {
      // Until the worker has compiled what it does in a backlog and at the live edge.
      load(cluster, api, large / 10, OFTEN);
      ScaleResult none = measure(cluster, api, 0);
      ScaleResult before = load(cluster, api, large / 10, null);
      ScaleResult whole = measure(cluster, api, large);
      ScaleResult after = measure(cluster, api, large / 10);
      ScaleResult noneAfter = measure(cluster, api, 0);
      samples.addAll(whole.samples);
      return lines(none, before, whole, after, noneAfter);
    }
  }

  /** Loads calls, and looks what new ones cost after that. */
  private ScaleResult measure(LocalCluster cluster, ApiProcess api, int calls) throws Exception {
    return load(cluster, api, calls, POLL_INTERVAL).less(idle(cluster));
  }

  /**
   * Loads calls.
   *
   * @param pollInterval with which new calls are watched after that; null when they are not
   */
  private ScaleResult load(
      LocalCluster cluster, ApiProcess api, int calls, @Nullable Duration pollInterval)
      throws Exception {
    Instant from =
        Instant.now()
            .truncatedTo(ChronoUnit.MINUTES)
            .plus(calls > WORTH_A_WHILE ? A_WHILE : SOON)
            .minus(Duration.ofDays(DAYS))
            .minus(Duration.ofMinutes(REST_MINUTES));
    LoadedHistory history =
        new LoadedHistory(Shape.EVEN, from, DAYS, calls, REST_MINUTES, LIVE_MINUTES, PER_MINUTE);
    api.has(history, Duration.ZERO);
    Map<String, String> settings = new HashMap<>(api.connector(history, Map.of()));
    settings.put("tasks.max", "2");
    settings.put("start.time", "earliest");
    settings.put("late.arrival.ms", "86400000");
    long begin = System.nanoTime();
    double apiCpu = Cpu.seconds(api.id());
    NewCalls visible = new NewCalls(history.grid(), new RecordPress(from).longest());
    IdCheck check = new IdCheck(visible.grid, visible.longest);
    try (WorkerTurn turn = WorkerTurn.start(cluster, "scale-" + loads++ + "-" + calls, settings);
        TopicCheck topic =
            new TopicCheck(cluster.broker().bootstrapServers(), turn.name(), check)) {
      LoadCourse course =
          new LoadCourse(cluster.worker(), turn, topic, check, calls, betweenSamples);
      course.await();
      int requests = api.between(0, Long.MAX_VALUE).allRequests();
      double apiCores = (Cpu.seconds(api.id()) - apiCpu) / Tasks.seconds(begin, System.nanoTime());
      Live live = new Live(0, 0, 0, 0, 0);
      if (pollInterval != null) {
        settings.put("poll.interval.ms", Long.toString(pollInterval.toMillis()));
        turn.reconfigure(settings);
        live = watch(cluster, api, turn, topic, check, visible, calls);
      }
      course.expectOnce();
      return new ScaleResult(
          calls,
          course.seconds(1),
          requests,
          calls == 0
              ? List.of()
              : IntStream.range(0, TENTHS)
                  .mapToObj(i -> course.rate(i * .1, (i + 1) * .1))
                  .toList(),
          apiCores,
          course.samples(),
          live);
    }
  }

  /** Lets new calls come for a while, expects them in the topic, and looks what they cost. */
  private Live watch(
      LocalCluster cluster,
      ApiProcess api,
      WorkerTurn turn,
      TopicCheck topic,
      IdCheck check,
      NewCalls calls,
      int history)
      throws Exception {
    // Until the first new calls are there, and the connector goes on as usual.
    while (calls.visible() <= history) {
      topic.readFor(POLL_INTERVAL);
    }
    topic.readFor(watched);
    int arrivedBefore = check.distinct();
    int requestsBefore = api.between(0, Long.MAX_VALUE).allRequests();
    Map<Path, Double> cpuBefore = Cpu.ofThreads(cluster.worker().id());
    long begin = System.nanoTime();
    int shownBefore = calls.visible();
    topic.readFor(watched.multipliedBy(3));
    int shown = calls.visible() - shownBefore;
    double elapsed = Tasks.seconds(begin, System.nanoTime());
    double cpu = Cpu.since(cluster.worker().id(), cpuBefore);
    int requests = api.between(0, Long.MAX_VALUE).allRequests() - requestsBefore;
    turn.expectRunning();
    int arrived = check.distinct() - arrivedBefore;
    if (arrived < ARRIVING * shown) {
      throw new AssertionError("Only " + arrived + " of " + shown + " new calls have come");
    }
    return new Live(shown, requests, elapsed, cpu, 0);
  }

  /** How much of a processor the worker takes while no connector runs in it. */
  private double idle(LocalCluster cluster) throws Exception {
    // Nothing is waited for: a worker with nothing to do is what is measured, once what a connector
    // leaves behind is gone.
    TimeUnit.SECONDS.sleep(watched.toSeconds() / 4);
    Map<Path, Double> before = Cpu.ofThreads(cluster.worker().id());
    long begin = System.nanoTime();
    TimeUnit.SECONDS.sleep(watched.toSeconds());
    return Cpu.since(cluster.worker().id(), before) / Tasks.seconds(begin, System.nanoTime());
  }

  /** The calls that the API shows. */
  private record NewCalls(CallGrid grid, int longest) {
    int visible() {
      return grid.before(Instant.now().getEpochSecond() - longest + 1);
    }
  }

  private List<Measured> lines(
      ScaleResult none,
      ScaleResult before,
      ScaleResult whole,
      ScaleResult tenth,
      ScaleResult noneAfter) {
    Live fresh = none.live.and(noneAfter.live);
    List<Measured> lines = new ArrayList<>();
    String size = String.format(Locale.ROOT, "%,d calls", whole.calls);
    double last = whole.tenths.get(TENTHS - 1);
    double usual = Measured.median(whole.tenths.subList(1, TENTHS - 1));
    lines.add(
        Measured.atLeast(
            size + ": records/s in the last tenth against the second to the ninth",
            LAST_TENTH,
            last / usual,
            String.format(
                Locale.ROOT,
                "%.0f records/s, and a median of %.0f; all in %.0f s; each call once, as a bit for"
                    + " each shows",
                last,
                usual,
                whole.seconds)));
    lines.add(
        Measured.atMost(
            size + ": time for a call against a tenth of them",
            LEVEL,
            whole.seconds / whole.calls / ((before.seconds + tenth.seconds) / 2 / tenth.calls),
            String.format(
                Locale.ROOT,
                "%.1f s; a tenth took %.1f s before it and %.1f s after it",
                whole.seconds,
                before.seconds,
                tenth.seconds)));
    lines.add(
        Measured.atMost(
            size + ": requests a call against a tenth of them",
            LEVEL,
            perCall(whole) / perCall(tenth),
            String.format(
                Locale.ROOT,
                "%.2f and %.2f requests for 1000 calls",
                perCall(whole) * 1000,
                perCall(tenth) * 1000)));
    double first = heap(0, .5, whole.calls);
    double second = heap(.5, 1, whole.calls);
    lines.add(
        Measured.atMost(
            size + ": live heap in the last half against the first",
            LEVEL,
            second / first,
            String.format(
                Locale.ROOT,
                "%.1f and %.1f MiB of -Xmx%dm, after a full collection every %d s",
                second,
                first,
                MEGABYTES,
                betweenSamples.toSeconds())));
    lines.add(ApiProcess.share(whole.apiCores));
    for (ScaleResult history : List.of(tenth, whole)) {
      String after = String.format(Locale.ROOT, "after %,d calls against none", history.calls);
      lines.add(
          Measured.atMost(
              "requests for a new call " + after,
              LIVE,
              history.live.requestsPerCall() / fresh.requestsPerCall(),
              String.format(
                  Locale.ROOT,
                  "%.3f and %.3f; %d and %d new calls, poll.interval.ms=%d",
                  history.live.requestsPerCall(),
                  fresh.requestsPerCall(),
                  history.live.calls,
                  fresh.calls,
                  POLL_INTERVAL.toMillis())));
      lines.add(
          processorTime(
              history.live, none.live, noneAfter.live, "the worker's CPU for a new call " + after));
    }
    return lines;
  }

  /**
   * In a short run, what a worker takes for a few calls is lost in what else it does: no verdict.
   */
  private Measured processorTime(Live history, Live before, Live after, String what) {
    double ratio = history.millis() / before.and(after).millis();
    String remark =
        String.format(
            Locale.ROOT,
            "%.2f ms; %.2f and %.2f ms before and after; each in %.0f s, without the JVM's compilers"
                + " and collector, and without what the worker takes when it is idle (%.1f, %.1f and"
                + " %.1f %% of a processor)",
            history.millis(),
            before.millis(),
            after.millis(),
            history.elapsed,
            history.idlePercent(),
            before.idlePercent(),
            after.idlePercent());
    boolean isClear =
        watched.compareTo(LONG_ENOUGH) >= 0
            && Stream.of(history, before, after).allMatch(Live::standsOut);
    return isClear
        ? Measured.atMost(what, LIVE, ratio, remark)
        : Measured.told(what, ratio, remark);
  }

  private static double perCall(ScaleResult result) {
    return result.requests / (double) result.calls;
  }

  private double heap(double from, double to, int calls) {
    List<LoadSample> warm =
        samples.stream().filter(sample -> sample.records() >= WARM * calls).toList();
    return warm.subList((int) (warm.size() * from), (int) Math.ceil(warm.size() * to)).stream()
        .mapToDouble(LoadSample::heapMegabytes)
        .average()
        .orElse(Double.NaN);
  }
}
