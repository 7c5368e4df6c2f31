package io.callrecords.connect.bench;

import io.callrecords.connect.bench.MadeUpDays.Midnight;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Days of a million calls, one after another for as long as somebody says, in a JVM with a small
 * heap: what a task holds may not grow with the days, and what its offsets take by little.
 */
final class DaysBench implements BenchPart {
  private static final int MEGABYTES = 512;
  private static final int CALLS_A_DAY = 1_000_000;
  private static final int MOST_DAYS = 180;
  private static final String MINUTES = System.getProperty("bench.days", "");
  private static final double LEVEL = 1.1;
  private static final double KIBIBYTES = 64;

  /** What is left of a day, whose offset no later record replaces, and one of the journal. */
  private static final double TWO_OFFSETS = 2 * KIBIBYTES;

  /** Until then what is unsettled is still growing, and code is being compiled. */
  private static final int FIRST_DAYS = 2;

  @Override
  public String name() {
    return "days";
  }

  @Override
  public String leftOut() {
    return MINUTES.isEmpty() ? "-Dbench.days says for how many minutes" : "";
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    Map<String, Double> results = MeasuringJvm.run(DaysBench.class, MEGABYTES, MINUTES);
    String days = String.format(Locale.ROOT, "%.0f days of a million calls", results.get("days"));
    return List.of(
        Measured.atMost(
            days + ": heap in use at midnight in the last third against the first",
            LEVEL,
            results.get("heap-last") / results.get("heap-first"),
            String.format(
                Locale.ROOT,
                "%.1f and %.1f MiB of -Xmx%dm, medians; %,.0f calls, each once, in %.0f minutes;"
                    + " %.0f lives of the worker",
                results.get("heap-last"),
                results.get("heap-first"),
                MEGABYTES,
                results.get("calls"),
                results.get("minutes"),
                results.get("lives"))),
        Measured.atMost(
            days + ": KiB that a day adds to the compacted offsets",
            TWO_OFFSETS,
            results.get("offsets-added"),
            String.format(
                Locale.ROOT,
                "at most %.0f KiB in %.0f partitions",
                results.get("offsets-most"),
                results.get("partitions-most"))),
        Measured.atMost(
            days + ": KiB of the longest offset", KIBIBYTES, results.get("longest"), ""));
  }

  /**
   * Measures in this JVM.
   *
   * @param args for how many minutes
   */
  public static void main(String[] args) {
    long begun = System.nanoTime();
    long until = begun + Duration.ofMinutes(Integer.parseInt(args[0])).toNanos();
    try (MadeUpDays days = new MadeUpDays(CALLS_A_DAY, MOST_DAYS)) {
      List<Midnight> midnights = days.midnights();
      while (System.nanoTime() - until < 0 && midnights.size() < MOST_DAYS) {
        days.liveOn();
        System.out.println(
            "  day " + midnights.size() + ": " + midnights.get(midnights.size() - 1));
      }
      int count = midnights.size();
      days.end();
      List<Midnight> level = midnights.subList(Math.min(FIRST_DAYS, count - 1), count);
      tellHeap(level);
      double added = level.get(level.size() - 1).offsets() - level.get(0).offsets();
      MeasuringJvm.result("offsets-added", added / Math.max(1, level.size() - 1));
      MeasuringJvm.result("offsets-most", most(midnights, Midnight::offsets));
      MeasuringJvm.result("partitions-most", most(midnights, Midnight::partitions));
      MeasuringJvm.result("longest", days.longestOffset() / 1024.);
      MeasuringJvm.result("days", count);
      MeasuringJvm.result("calls", days.calls());
      MeasuringJvm.result("lives", days.lives());
      MeasuringJvm.result("minutes", Tasks.seconds(begun, System.nanoTime()) / 60);
    }
  }

  private static void tellHeap(List<Midnight> midnights) {
    int count = midnights.size();
    int third = Math.max(1, count / 3);
    MeasuringJvm.result("heap-first", medianHeap(midnights.subList(0, third)));
    MeasuringJvm.result("heap-last", medianHeap(midnights.subList(count - third, count)));
  }

  private static double medianHeap(List<Midnight> midnights) {
    return Measured.median(midnights.stream().map(Midnight::heap).toList());
  }

  private static double most(List<Midnight> midnights, ToDoubleFunction<Midnight> value) {
    return midnights.stream().mapToDouble(value).max().orElseThrow();
  }
}
