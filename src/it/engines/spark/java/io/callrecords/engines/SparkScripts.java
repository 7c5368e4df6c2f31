package io.callrecords.engines;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Runs the scripts of a {@linkplain ScriptFolder folder} as Spark's SQL shell does. */
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
      ScriptFolder.run(Path.of(args[0]), statements -> run(spark.newSession(), statements));
    }
  }

  private static List<String> run(SparkSession session, List<String> statements) {
    List<String> lines = List.of();
    for (String statement : statements) {
      lines = session.sql(statement).collectAsList().stream().map(SparkScripts::line).toList();
    }
    return lines;
  }

  private static String line(Row row) {
    return ScriptFolder.line(row.size(), row::get);
  }
}
