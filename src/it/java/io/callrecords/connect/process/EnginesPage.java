package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page on engines, which shows what its tests run, and what became of the types. */
final class EnginesPage {
  static final Path FILE = Path.of(System.getProperty("basedir", ""), "docs", "ENGINES.md");

  private EnginesPage() {}

  /** Writes the table of an engine's types into the page. */
  static void writeTypes(SqlEngine engine, String rows) {
    write(
        FILE,
        "types of " + engine.word(),
        "types",
        "| in the topic | declared as | what it reads |\n|---|---|---|\n" + rows);
  }

  /** Writes the table of the sizes that converters make into the page on converters. */
  static void writeSizes(String rows) {
    write(
        FILE.resolveSibling("SINKS.md"),
        "sizes",
        "sizes",
        "| converter | bytes of a value | of its headers | the registry has |\n|---|---|---|---|\n"
            + rows);
  }

  private static void write(Path file, String what, String end, String table) {
    String begin = "<!-- The " + what + " are made by mvn -Pengines verify. -->\n";
    String page = MonitoringFiles.text(file);
    int from = page.indexOf(begin);
    int to = page.indexOf("<!-- End of the " + end + ". -->\n", from);
    if (from < 0 || to < 0) {
      throw new AssertionError(file + " has no place for the " + what);
    }
    try {
      Files.writeString(
          file,
          page.substring(0, from + begin.length()) + "\n" + table + "\n" + page.substring(to),
          UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + file, e);
    }
  }
}
