package io.callrecords.connect.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Where the results of the benchmark are written for people. */
final class BenchPage {
  private static final Path BASE = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
  private static final Path DOCS = BASE.resolve("docs").resolve("reports");
  private static final Path PAGE = DOCS.resolve("PERFORMANCE.md");

  private BenchPage() {}

  /** The folder for what need not be kept. */
  static Path folder() throws IOException {
    return Files.createDirectories(BASE.resolve("target").resolve("bench"));
  }

  /** The lines of a part as a table, with what it was measured on and what else it tells. */
  static String section(BenchPart part, List<Measured> lines, double load) {
    StringBuilder text = new StringBuilder();
    text.append("| target | asked for | measured | | |\n|---|---|---|---|---|\n");
    for (Measured line : lines) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s |%n",
              line.target(),
              line.bound(),
              number(line.value()),
              line.met() ? line.verdict() : "**missed**",
              line.remark()));
    }
    if (!part.details().isEmpty()) {
      text.append('\n').append(part.details().strip()).append('\n');
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%nMeasured on %s: %d processors, Java %s, load average %.1f at the end.%n",
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            load));
    return text.toString();
  }

  /** A number with as many digits as mean something. */
  static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.3f" : "%.1f", value);
  }

  /** Puts a part's section into {@code target/bench}. */
  static void keep(BenchPart part, String section) throws IOException {
    Path folder = folder();
    Files.writeString(folder.resolve(part.name() + ".md"), section, UTF_8);
    writePictures(part.pictures(), folder);
  }

  /** Puts a part's section in the place of the last one in {@code docs/reports/PERFORMANCE.md}. */
  static void publish(BenchPart part, String section) throws IOException {
    String page = Files.readString(PAGE, UTF_8);
    String begin = "<!-- measured: " + part.name() + " -->\n";
    String end = "<!-- end -->";
    int from = page.indexOf(begin);
    int to = page.indexOf(end, from);
    if (from < 0 || to < 0) {
      throw new IllegalStateException("No place for " + part.name() + " in " + PAGE);
    }
    Files.writeString(
        PAGE, page.substring(0, from + begin.length()) + section + page.substring(to), UTF_8);
    writePictures(part.pictures(), DOCS);
  }

  private static void writePictures(Map<String, String> pictures, Path folder) throws IOException {
    for (Map.Entry<String, String> picture : pictures.entrySet()) {
      Files.writeString(folder.resolve(picture.getKey()), picture.getValue(), UTF_8);
    }
  }
}
