package io.callrecords.engines;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Runs the scripts of a folder, {@code NAME.sql}, as Spark's SQL shell does, each in a session of
 * its own, and writes what the last statement of each returned into {@code NAME.rows}: a line for
 * each row, with tabs between the values, or what it failed with.
 */
public final class SparkScripts {
  private SparkScripts() {}

  /** Takes the folder. */
  public static void main(String[] args) throws IOException {
    // The page is of its own interest, and nothing else of this belongs to a script.
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.warehouse.dir", args[0] + "/warehouse")
            .getOrCreate()) {
      for (Path script : scripts(Path.of(args[0]))) {
        List<String> lines;
        try {
          lines = run(spark.newSession(), Files.readString(script));
        } catch (Exception e) {
          lines = List.of("failed\t" + causes(e));
        }
        Files.write(Path.of(script.toString().replaceFirst("sql$", "rows")), lines);
        System.out.println(script.getFileName() + ": " + lines.size() + " lines");
      }
    }
  }

  private static List<Path> scripts(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".sql")).sorted().toList();
    }
  }

  private static List<String> run(SparkSession session, String script) {
    List<String> lines = List.of();
    for (String statement : script.split(";\\s*(?:\n|$)", -1)) {
      if (!statement.isBlank()) {
        lines = session.sql(statement).collectAsList().stream().map(SparkScripts::line).toList();
      }
    }
    return lines;
  }

  private static String line(Row row) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < row.size(); i++) {
      values.add(value(row.get(i)));
    }
    return String.join("\t", values);
  }

  private static String value(Object value) {
    return value == null
        ? "\\N"
        : value.toString().replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n");
  }

  /** The messages of an exception and of what caused it, in one line. */
  private static String causes(Throwable failure) {
    List<String> messages = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.add(value(String.valueOf(cause.getMessage())));
    }
    return String.join("\t", messages);
  }
}
