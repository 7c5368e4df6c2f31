package io.callrecords.connect.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Measures how fast the connector is, and prints a table of targets, ratios and verdicts.
 *
 * <p>{@code mvn -Pbench verify}; with {@code -Dbench.args="brief"} in minutes; words that are names
 * of parts choose those. What was measured in full goes into {@code docs/reports/PERFORMANCE.md}. A
 * missed target fails the build with {@code -Dbench.strict} only, since a busy machine misses some,
 * too; a part that cannot be measured fails it in any case.
 */
final class Bench {
  private static final String BRIEF = "brief";
  private static final List<BenchPart> PARTS =
      List.of(
          new PageBench(),
          new OffsetBench(),
          new LatencyBench(),
          new StartBench(),
          new BusyBench(),
          new DaysBench(),
          new AccountsBench(),
          new FrameworkBench(),
          new PeerBench(),
          new ReconcileBench(),
          new ScaleBench());

  private final List<String> rows = new ArrayList<>();
  private boolean missed;
  private boolean broken;

  private Bench() {}

  public static void main(String[] args) {
    Set<String> words = new HashSet<>();
    for (String arg : args) {
      words.addAll(Arrays.asList(arg.trim().split("\\s+", -1)));
    }
    words.remove("");
    boolean brief = words.remove(BRIEF);
    if (!names().containsAll(words)) {
      System.err.println("The words that it knows are " + BRIEF + " and " + names());
      System.exit(2);
    }
    Bench bench = new Bench();
    for (BenchPart part : PARTS) {
      if (words.isEmpty() || words.contains(part.name())) {
        bench.run(part, brief);
      }
    }
    System.exit(bench.end());
  }

  /** The names of all parts. */
  static List<String> names() {
    return PARTS.stream().map(BenchPart::name).toList();
  }

  // Whatever a part fails with, the others are measured, and what was measured is printed.
  @SuppressWarnings("CatchingUnchecked")
  private void run(BenchPart part, boolean brief) {
    if (!part.leftOut().isEmpty()) {
      rows.add(String.format(Locale.ROOT, "%-9s left out: %s", part.name(), part.leftOut()));
      return;
    }
    System.out.println("Measuring: " + part.name());
    try {
      List<Measured> lines = part.run(brief);
      String section = BenchPage.section(part, lines, load());
      BenchPage.keep(part, section);
      if (!brief) {
        BenchPage.publish(part, section);
      }
      lines.forEach(line -> add(part, line));
    } catch (Throwable e) {
      broken = true;
      e.printStackTrace();
      rows.add(part.name() + ": could not be measured: " + e);
    }
  }

  private static double load() {
    return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
  }

  private void add(BenchPart part, Measured line) {
    missed |= !line.met();
    rows.add(
        String.format(
            Locale.ROOT,
            "%-9s %-66s %8s %9s  %-7s %s",
            part.name(),
            line.target(),
            line.bound(),
            BenchPage.number(line.value()),
            line.verdict(),
            line.remark()));
  }

  /** Prints all that was measured; returns how the process is to end. */
  private int end() {
    System.out.println();
    rows.forEach(System.out::println);
    System.out.printf(
        Locale.ROOT,
        "%nOn %d processors, with a load average of %.1f: above that number, what is measured is the"
            + " machine as well.%n",
        Runtime.getRuntime().availableProcessors(),
        load());
    return broken || (missed && Boolean.getBoolean("bench.strict")) ? 1 : 0;
  }
}
