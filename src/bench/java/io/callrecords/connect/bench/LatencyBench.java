package io.callrecords.connect.bench;

import io.callrecords.connect.bench.ApiProcess.LoadedHistory;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.bench.LineChart.Point;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How much of what it may ask at once a connector asks while it loads a backlog from an API that
 * takes its time, and how much of its rate it uses.
 *
 * <p>The backlog is that of some days with bursts, quiet nights and quiet days. Measured is at the
 * API, from two seconds after the first page until two seconds before the first task runs out (one
 * second in the brief form).
 */
final class LatencyBench implements BenchPart {
  private static final int PAGE = 100;
  private static final int DAYS = 9;
  private static final Duration EDGE = Duration.ofSeconds(2);
  private static final Duration BRIEF_EDGE = Duration.ofSeconds(1);
  private static final double IN_FLIGHT = .9;
  private static final double OF_RATE = .97;

  /** For three tasks of 16 requests; where each has few, a share cannot be dealt so finely. */
  private static final double OVER_THE_WHOLE_LOAD = .93;

  private static final int MANY_CONCURRENT = 16;
  private static final double OF_ONE_TASK = .98;

  /** At less, the few requests of each task's start take a noticeable part of the time. */
  private static final int LEAST_RATE_COMPARED = 20;

  private static final Duration RATED_LATENCY = Duration.ofMillis(20);
  private static final int CONCURRENT_WITH_RATE = 8;
  private static final int[] LATENCIES = {100, 300};

  private final List<Load> loads = new ArrayList<>();
  private Duration edge = EDGE;

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    int seconds = brief ? 7 : 30;
    edge = brief ? BRIEF_EDGE : EDGE;
    loads.clear();
    List<Measured> lines = new ArrayList<>();
    try (ApiProcess api = ApiProcess.start()) {
      load(api, 5, 4, 1, 10_000, 200_000);
      for (int latency : LATENCIES) {
        for (int concurrent : new int[] {4, 16}) {
          for (int tasks : new int[] {1, 3}) {
            int pages = seconds * 1000 / latency * concurrent * tasks;
            Load load = load(api, latency, concurrent, tasks, 10_000, pages * PAGE);
            loads.add(load);
            lines.add(inFlight(load));
            lines.add(inFlightOfAll(load));
          }
        }
      }
      for (int rate : new int[] {5, 20, 100}) {
        Load one = rated(api, 1, rate, seconds);
        Load three = rated(api, 3, rate, seconds);
        lines.add(ofRate(one));
        lines.add(ofRate(three));
        lines.add(ofOneTask(one, three));
      }
    }
    lines.add(ApiProcess.share(loads.stream().mapToDouble(Load::apiCores).max().orElseThrow()));
    return lines;
  }

  /** At a low rate for longer, so that what tasks take to start does not count for much. */
  private Load rated(ApiProcess api, int tasks, int rate, int seconds) throws Exception {
    int times = rate == LEAST_RATE_COMPARED ? 2 : 1;
    return load(
        api,
        (int) RATED_LATENCY.toMillis(),
        CONCURRENT_WITH_RATE,
        tasks,
        rate,
        times * seconds * rate * PAGE);
  }

  /** What came of loading a backlog. */
  private record Load(
      int latency,
      int concurrent,
      int tasks,
      int rate,
      double seconds,
      double perSecond,
      double allSeconds,
      ApiMeter.ApiReading api,
      ApiMeter.ApiReading all,
      double apiCores,
      double ownCores) {
    int allowed() {
      return tasks * concurrent;
    }

    /** Records a second if all pages were full and as many under way as may be, all the time. */
    double atBest() {
      return allowed() * 1e3 / latency * PAGE;
    }
  }

  private Load load(ApiProcess api, int latency, int concurrent, int tasks, int rate, int calls)
      throws Exception {
    Instant to = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(2));
    LoadedHistory history =
        LoadedHistory.of(Shape.VARIED, to.minus(Duration.ofDays(DAYS)), DAYS, calls);
    api.has(history, Duration.ofMillis(latency));
    double apiCpu = Cpu.seconds(api.id());
    double ownCpu = Cpu.own();
    try (Tasks run = new Tasks(settings(api, history, concurrent, tasks, rate))) {
      run.awaitRecords(calls, Duration.ofMinutes(3));
      double all = Tasks.seconds(run.startedAt(), run.lastAt());
      double apiCores = (Cpu.seconds(api.id()) - apiCpu) / all;
      double ownCores = (Cpu.own() - ownCpu) / all;
      long begin = api.between(0, 1).firstNanos() + edge.toNanos();
      long end = run.firstEnd() - edge.toNanos();
      return new Load(
          latency,
          concurrent,
          run.count(),
          rate,
          Tasks.seconds(begin, end),
          calls / all,
          Tasks.seconds(run.begunAt(), run.lastAt()),
          api.between(begin, end),
          api.between(run.begunAt(), run.lastAt()),
          apiCores,
          ownCores);
    }
  }

  private static Map<String, String> settings(
      ApiProcess api, LoadedHistory history, int concurrent, int tasks, int rate) {
    return api.connector(
        history,
        Map.of(
            "tasks.max", Integer.toString(tasks),
            "requests.per.second", Integer.toString(rate),
            "max.concurrent.requests", Integer.toString(concurrent)));
  }

  @Override
  public String details() {
    StringBuilder table =
        new StringBuilder(
            "| a page takes | tasks | `max.concurrent.requests` | records/s | at best |"
                + " requests for 1000 calls |\n|---|---|---|---|---|---|\n");
    for (Load load : loads) {
      table.append(
          String.format(
              Locale.ROOT,
              "| %d ms | %d | %d | %.0f | %.0f | %.1f |%n",
              load.latency,
              load.tasks,
              load.concurrent,
              load.perSecond,
              load.atBest(),
              load.api.allRequests() * 1e3 / load.api.rows()));
    }
    return table.toString();
  }

  @Override
  public Map<String, String> pictures() {
    LineChart chart =
        new LineChart("records a second while a backlog loads", "pages at once: tasks x requests");
    for (int latency : LATENCIES) {
      List<Load> same =
          loads.stream()
              .filter(load -> load.latency == latency)
              .sorted(Comparator.comparing(Load::allowed))
              .toList();
      chart
          .line(latency + " ms a page", points(same, Load::perSecond))
          .bound("at best", points(same, Load::atBest));
    }
    return Map.of("throughput.svg", chart.draw());
  }

  private static List<Point> points(List<Load> loads, ToDoubleFunction<Load> value) {
    return loads.stream()
        .map(load -> new Point(load.allowed(), value.applyAsDouble(load)))
        .toList();
  }

  private static Measured inFlight(Load load) {
    return Measured.atLeast(
        String.format(
            Locale.ROOT,
            "pages in flight of those allowed: %d ms, %d task%s x %d",
            load.latency,
            load.tasks,
            load.tasks == 1 ? "" : "s",
            load.concurrent),
        IN_FLIGHT,
        load.api.inFlight() / load.allowed(),
        remark(load));
  }

  /** From the start of the connector until the last task has ended. */
  private static Measured inFlightOfAll(Load load) {
    String what =
        String.format(
            Locale.ROOT,
            "the same over the whole load, until the last task has ended: %d ms, %d task%s x %d",
            load.latency,
            load.tasks,
            load.tasks == 1 ? "" : "s",
            load.concurrent);
    double value = load.all.inFlight() / load.allowed();
    String remark =
        String.format(
            Locale.ROOT,
            "%.1f s; %.3f of the records that full pages would bring",
            load.allSeconds,
            load.perSecond / load.atBest());
    return load.concurrent == MANY_CONCURRENT && load.tasks > 1
        ? Measured.atLeast(what, OVER_THE_WHOLE_LOAD, value, remark)
        : Measured.told(what, value, remark);
  }

  private static Measured ofOneTask(Load one, Load several) {
    String what =
        String.format(
            Locale.ROOT,
            "records a second of %d tasks against one: %d requests a second",
            several.tasks,
            one.rate);
    String remark =
        String.format(Locale.ROOT, "%.1f and %.1f s", several.allSeconds, one.allSeconds);
    double value = one.allSeconds / several.allSeconds;
    return one.rate >= LEAST_RATE_COMPARED
        ? Measured.atLeast(what, OF_ONE_TASK, value, remark)
        : Measured.told(what, value, remark);
  }

  private static Measured ofRate(Load load) {
    return Measured.atLeast(
        String.format(
            Locale.ROOT,
            "requests of those allowed: %d a second, %d task%s",
            load.rate,
            load.tasks,
            load.tasks == 1 ? "" : "s"),
        OF_RATE,
        load.api.perSecond() / load.rate,
        remark(load));
  }

  private static String remark(Load load) {
    return String.format(
        Locale.ROOT,
        "%.0f records/s, %d requests, over %.1f s; cores: own %.2f, API %.2f",
        load.perSecond,
        load.api.allRequests(),
        load.seconds,
        load.ownCores,
        load.apiCores);
  }
}
