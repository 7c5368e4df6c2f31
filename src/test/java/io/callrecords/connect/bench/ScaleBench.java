package io.callrecords.connect.bench;

import io.callrecords.connect.bench.ApiProcess.History;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.bench.LineChart.Point;
import io.callrecords.connect.bench.LoadCourse.Sample;
import io.callrecords.connect.process.LocalCluster;
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

/**
 * Ten million calls of two months through a worker with a small heap, and a tenth of them before
 * that, to warm up, and after it: whether time, requests and heap depend on how much there is, or
 * has been.
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

  /** What share of the calls that the API shows has to arrive meanwhile: some are on their way. */
  private static final double ARRIVING = .8;

  private static final int ROUNDS = 3;

  /** So much of the time to load is the first tenth of calls left out, when a worker warms up. */
  private static final double WARM = .1;

  private static final int TENTHS = 10;
  private static final double LEVEL = 1.1;
  private static final double LAST_TENTH = .9;
  private static final double LIVE = 1.25;

  private final List<Sample> samples = new ArrayList<>();
  private Duration watched = Duration.ZERO;
  private Duration betweenSamples = Duration.ZERO;
  private double idleCores;

  /** Each load is a connector of its own: one that has read before goes on where it was. */
  private int loads;

  /**
   * What came of a history.
   *
   * @param seconds how long it took
   * @param requests how many requests
   * @param tenths records a second in each tenth of it
   * @param apiCores how many processors the API took
   * @param live what new calls cost then
   */
  private record Result(
      int calls, double seconds, int requests, List<Double> tenths, double apiCores, Live live) {}

  /**
   * What new calls cost.
   *
   * @param millis of the worker's processor time, for each
   */
  private record Live(int calls, int requests, double millis) {
    double requestsPerCall() {
      return requests / (double) calls;
    }
  }

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public Map<String, String> pictures() {
    LineChart chart =
        new LineChart("MiB in use after a full collection, of " + MEGABYTES, "minutes")
            .line(
                "live heap",
                samples.stream()
                    .map(sample -> new Point(sample.seconds() / 60, sample.heapMegabytes()))
                    .toList());
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
      load(cluster, api, large / 10, new ArrayList<>());
      idleCores = idle(cluster);
      samples.clear();
      Result whole = load(cluster, api, large, samples);
      Result tenth = load(cluster, api, large / 10, new ArrayList<>());
      Result none = load(cluster, api, 0, new ArrayList<>());
      return lines(none, tenth, whole);
    }
  }

  private Result load(LocalCluster cluster, ApiProcess api, int calls, List<Sample> samples)
      throws Exception {
    Instant from =
        Instant.now()
            .truncatedTo(ChronoUnit.MINUTES)
            .minus(Duration.ofDays(DAYS))
            .minus(Duration.ofMinutes(REST_MINUTES));
    History history =
        new History(Shape.EVEN, from, DAYS, calls, REST_MINUTES, LIVE_MINUTES, PER_MINUTE);
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
      samples.addAll(course.samples());
      int requests = api.between(0, Long.MAX_VALUE).allRequests();
      double apiCores = (Cpu.seconds(api.id()) - apiCpu) / Tasks.seconds(begin, System.nanoTime());
      settings.put("poll.interval.ms", Long.toString(POLL_INTERVAL.toMillis()));
      turn.reconfigure(settings);
      Live live = watch(cluster, api, turn, topic, check, visible, calls);
      course.expectOnce();
      return new Result(
          calls,
          course.seconds(1),
          requests,
          calls == 0
              ? List.of()
              : IntStream.range(0, TENTHS)
                  .mapToObj(i -> course.rate(i * .1, (i + 1) * .1))
                  .toList(),
          apiCores,
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
    int requests = 0;
    int shown = 0;
    List<Double> millis = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      int requestsBefore = api.between(0, Long.MAX_VALUE).allRequests();
      double cpuBefore = Cpu.seconds(cluster.worker().id());
      int before = calls.visible();
      topic.readFor(watched);
      int more = calls.visible() - before;
      double idle = idleCores * watched.toSeconds();
      millis.add((Cpu.seconds(cluster.worker().id()) - cpuBefore - idle) * 1e3 / more);
      requests += api.between(0, Long.MAX_VALUE).allRequests() - requestsBefore;
      shown += more;
    }
    turn.expectRunning();
    int arrived = check.distinct() - arrivedBefore;
    if (arrived < ARRIVING * shown) {
      throw new AssertionError("Only " + arrived + " of " + shown + " new calls have come");
    }
    return new Live(shown, requests, Measured.median(millis));
  }

  /** How much of a processor the worker takes while no connector runs in it. */
  private double idle(LocalCluster cluster) throws Exception {
    double before = Cpu.seconds(cluster.worker().id());
    long begin = System.nanoTime();
    // Nothing is waited for: a worker with nothing to do is what is measured.
    TimeUnit.SECONDS.sleep(watched.toSeconds());
    return (Cpu.seconds(cluster.worker().id()) - before) / Tasks.seconds(begin, System.nanoTime());
  }

  /** The calls that the API shows. */
  private record NewCalls(CallGrid grid, int longest) {
    int visible() {
      return grid.before(Instant.now().getEpochSecond() - longest + 1);
    }
  }

  private List<Measured> lines(Result none, Result tenth, Result whole) {
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
            whole.seconds / whole.calls / (tenth.seconds / tenth.calls),
            String.format(Locale.ROOT, "%.1f and %.1f s", whole.seconds, tenth.seconds)));
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
    for (Result history : List.of(tenth, whole)) {
      String after = String.format(Locale.ROOT, "after %,d calls against none", history.calls);
      lines.add(
          Measured.atMost(
              "requests for a new call " + after,
              LIVE,
              history.live.requestsPerCall() / none.live.requestsPerCall(),
              String.format(
                  Locale.ROOT,
                  "%.3f and %.3f; %d and %d new calls, poll.interval.ms=%d",
                  history.live.requestsPerCall(),
                  none.live.requestsPerCall(),
                  history.live.calls,
                  none.live.calls,
                  POLL_INTERVAL.toMillis())));
      lines.add(
          Measured.atMost(
              "the worker's CPU for a new call " + after,
              LIVE,
              history.live.millis / none.live.millis,
              String.format(
                  Locale.ROOT,
                  "%.2f and %.2f ms, without the %.1f %% of a processor of an idle worker; the median of"
                      + " %d times %d s",
                  history.live.millis,
                  none.live.millis,
                  idleCores * 100,
                  ROUNDS,
                  watched.toSeconds())));
    }
    return lines;
  }

  private static double perCall(Result result) {
    return result.requests / (double) result.calls;
  }

  private double heap(double from, double to, int calls) {
    List<Sample> warm =
        samples.stream().filter(sample -> sample.records() >= WARM * calls).toList();
    return warm.subList((int) (warm.size() * from), (int) Math.ceil(warm.size() * to)).stream()
        .mapToDouble(Sample::heapMegabytes)
        .average()
        .orElse(Double.NaN);
  }
}
