package io.callrecords.connect.bench;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Compares what the connector does with a page, from its bytes to source records, with Jackson's
 * tree of the same bytes. They take turns, each time in a JVM of their own, which counts by the
 * fastest of its iterations: whatever else a machine does can only add to the others.
 */
public final class PageBench implements BenchPart {
  private static final int ROUNDS = 9;
  private static final int ROUNDS_IN_BRIEF = 2;

  /** Of a page. */
  private static final int RECORDS = 100;

  /** Runs it alone. */
  public static void main(String[] args) throws Exception {
    new PageBench().run(args.length > 0 && args[0].equals("brief")).forEach(System.out::println);
  }

  @Override
  public String name() {
    return "page";
  }

  @Override
  public List<Measured> run(boolean brief) throws Exception {
    return forking(
        () -> {
          List<Measured> lines = new ArrayList<>();
          for (boolean unknownFields : new boolean[] {false, true}) {
            int rounds = brief ? ROUNDS_IN_BRIEF : ROUNDS;
            lines.addAll(compare(unknownFields, rounds));
            lines.add(compareForms(unknownFields, rounds));
          }
          return lines;
        });
  }

  /**
   * What two pseudonymized phone numbers add to a record on its way from bytes to a worker's JSON:
   * microseconds of processor time, the median of pairs.
   */
  static double microsOfTwoNumbers(int pairs) throws Exception {
    return microsAdded("twoNumbers", false, pairs);
  }

  /** The same of a phone number and the agent's name. */
  static double microsOfNumberAndAgent(int pairs) throws Exception {
    return microsAdded("numberAndAgent", false, pairs);
  }

  /** The same of labels and four unknown fields as JSON, and times as ISO 8601. */
  static double microsOfTexts(int pairs) throws Exception {
    return microsAdded("texts", true, pairs);
  }

  private static double microsAdded(String benchmark, boolean unknownFields, int pairs)
      throws Exception {
    return forking(
        () -> {
          List<Double> added = new ArrayList<>();
          for (int pair = 0; pair < pairs; pair++) {
            double more = measure(benchmark, unknownFields).processorMicros();
            added.add((more - measure("json", unknownFields).processorMicros()) / RECORDS);
          }
          return Measured.median(added);
        });
  }

  private static <T> T forking(Callable<T> measurement) throws Exception {
    String classPath = System.getProperty("java.class.path");
    System.setProperty("java.class.path", ownClassPath(classPath));
    try {
      return measurement.call();
    } finally {
      System.setProperty("java.class.path", classPath);
    }
  }

  /** The forks take their class path from a property, which is another's inside of Maven. */
  private static String ownClassPath(String property) throws URISyntaxException {
    if (!(PageBench.class.getClassLoader() instanceof URLClassLoader loader)) {
      return property;
    }
    List<String> parts = new ArrayList<>();
    for (URL url : loader.getURLs()) {
      parts.add(Path.of(url.toURI()).toString());
    }
    return String.join(File.pathSeparator, parts);
  }

  /** What one run in a JVM of its own has measured, for a page. */
  private record MeasuredPage(double processorMicros, double wallMicros, double bytes) {}

  private static List<Measured> compare(boolean unknownFields, int rounds) throws RunnerException {
    List<MeasuredPage> records = new ArrayList<>();
    List<MeasuredPage> windows = new ArrayList<>();
    List<MeasuredPage> trees = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      // Neither is always the one that runs first.
      if (round % 2 == 0) {
        records.add(measure("records", unknownFields));
        trees.add(measure("trees", unknownFields));
        windows.add(measure("window", unknownFields));
      } else {
        windows.add(measure("window", unknownFields));
        trees.add(measure("trees", unknownFields));
        records.add(measure("records", unknownFields));
      }
    }
    String what = what(unknownFields);
    List<Measured> lines = new ArrayList<>();
    Pairs<MeasuredPage> pages = new Pairs<>(records, trees);
    lines.add(
        Measured.atMost(
            "a page of 100 calls to source records, in the time of its readTree" + what,
            1.0,
            pages.ratio(MeasuredPage::processorMicros),
            times(pages)));
    lines.add(bytes(what, pages));
    Pairs<MeasuredPage> checked = new Pairs<>(windows, trees);
    lines.add(
        Measured.told(
            "the same and all that is checked of its window, in that time" + what,
            checked.ratio(MeasuredPage::processorMicros),
            times(checked)));
    return lines;
  }

  private static Measured compareForms(boolean unknownFields, int rounds) throws RunnerException {
    List<MeasuredPage> texts = new ArrayList<>();
    List<MeasuredPage> plain = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      if (round % 2 == 0) {
        texts.add(measure("texts", unknownFields));
        plain.add(measure("json", unknownFields));
      } else {
        plain.add(measure("json", unknownFields));
        texts.add(measure("texts", unknownFields));
      }
    }
    Pairs<MeasuredPage> pages = new Pairs<>(texts, plain);
    return Measured.told(
        "a page of 100 calls to a worker's JSON, with labels and unknown fields as json and times"
            + " as iso, in the time of the default forms"
            + what(unknownFields),
        pages.ratio(MeasuredPage::processorMicros),
        times(pages));
  }

  private static String what(boolean unknownFields) {
    return unknownFields ? ", with four unknown fields in each" : "";
  }

  private static String times(Pairs<MeasuredPage> pages) {
    return String.format(
        Locale.ROOT,
        "time of the processor, each JVM's best second: medians of %.0f and %.0f us; %d pairs of"
            + " JVMs gave %s, by the wall clock %s",
        pages.median(MeasuredPage::processorMicros),
        pages.medianOfTheirs(MeasuredPage::processorMicros),
        pages.ours().size(),
        pages.spread(MeasuredPage::processorMicros),
        pages.spread(MeasuredPage::wallMicros));
  }

  private static Measured bytes(String what, Pairs<MeasuredPage> pages) {
    return Measured.atMost(
        "bytes allocated for it, in those of readTree" + what,
        1.3,
        pages.ratio(MeasuredPage::bytes),
        String.format(
            Locale.ROOT,
            "%.0f and %.0f KB; %s",
            pages.median(MeasuredPage::bytes) / 1e3,
            pages.medianOfTheirs(MeasuredPage::bytes) / 1e3,
            pages.spread(MeasuredPage::bytes)));
  }

  private static MeasuredPage measure(String benchmark, boolean unknownFields)
      throws RunnerException {
    RunResult result =
        new Runner(
                new OptionsBuilder()
                    .include(PageBenchmark.class.getName() + "\\." + benchmark + "$")
                    .param("unknownFields", Boolean.toString(unknownFields))
                    .addProfiler(GCProfiler.class)
                    .jvmArgs("-Xmx256m")
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .runSingle();
    double processorMicros = Double.MAX_VALUE;
    double wallMicros = Double.MAX_VALUE;
    double bytes = 0;
    for (BenchmarkResult fork : result.getBenchmarkResults()) {
      for (IterationResult iteration : fork.getIterationResults()) {
        double pages = secondary(iteration, "windows") * PageBenchmark.PAGES;
        processorMicros = Math.min(processorMicros, secondary(iteration, "nanos") / pages / 1e3);
        wallMicros = Math.min(wallMicros, iteration.getPrimaryResult().getScore());
        bytes = secondary(iteration, "gc.alloc.rate.norm");
      }
    }
    return new MeasuredPage(processorMicros, wallMicros, bytes);
  }

  private static double secondary(IterationResult iteration, String name) {
    Result<?> found = iteration.getSecondaryResults().get(name);
    if (found == null) {
      throw new IllegalStateException(
          "No " + name + " among " + iteration.getSecondaryResults().keySet());
    }
    return found.getScore();
  }
}
