package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.connect.process.TableComparison.ComparisonResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** How the tables of a database compared with the API, as a page for people. */
final class SinkReport {
  private static final Path DOCS = Path.of(System.getProperty("basedir", "")).resolve("docs");

  private final StringBuilder steps = new StringBuilder();

  /** Begins a step that has come to its end. */
  void step(String what, int calls, int records, Duration took) {
    add(
        "| **%s** | | | | | |%n| in the API: %,d calls; in the topic: %,d records; %d s | | | | | |%n"
            .formatted(what, calls, records, took.toSeconds()));
  }

  /** How tables compared at the end of that step. */
  void compared(String tables, ComparisonResult result) {
    row("`" + tables.replace(", ", "`, `") + "`", result, result.isEqual() ? "yes" : "no");
  }

  /** How a table compared before a step, while it had to be different. */
  void differed(ComparisonResult result) {
    row("meanwhile", result, "no");
  }

  private void row(String what, ComparisonResult result, String equal) {
    add(
        "| %s | %,d | %,d | %,d | %,d | %s |%n"
            .formatted(
                what,
                result.rows(),
                result.missing(),
                result.surplus(),
                result.different(),
                equal));
  }

  private void add(String line) {
    System.out.print(line);
    steps.append(line);
  }

  /** All steps, as a table of the page. */
  String steps() {
    return """
        | tables | rows | missing | surplus | different | equal |
        |---|---|---|---|---|---|
        """
        + steps;
  }

  /** The columns of a table, as a table of the page. */
  static String columns(JsonNode found) {
    StringBuilder lines = new StringBuilder("| column | type | not null |\n|---|---|---|\n");
    found.forEach(
        column ->
            lines.append(
                "| `%s` | `%s` | %s |%n"
                    .formatted(
                        column.path("name").asText(),
                        column.path("type").asText(),
                        column.path("required").asBoolean() ? "yes" : "")));
    return lines.toString();
  }

  /** The queries by which a table was compared, as the end of a page. */
  static String queries(String table, CallSql sql) {
    return """
        *Missing* and *different* are these queries, *surplus* the first one the other way round:

        ```sql
        %s;
        %s;
        ```

        `read_at` and `version` are compared with the last record of each call in the topic; those of changed calls are `updated`, and their `read_at`
        has risen.
        """
        .formatted(TableComparison.MISSING.formatted(table), sql.different(table));
  }

  /** The lines of a source that choose the form of its records, as a page shows them. */
  static String forms(String file) {
    return ConnectorFile.read(file).settings().entrySet().stream()
        .filter(setting -> setting.getKey().matches(".*\\.format|add\\.fields"))
        .map(setting -> "\"%s\": \"%s\"".formatted(setting.getKey(), setting.getValue()))
        .collect(joining(",\n   "));
  }

  /** Writes a page into {@code docs}. */
  static void publish(String name, String text) {
    try {
      Files.writeString(DOCS.resolve(name), text, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + name, e);
    }
  }
}
