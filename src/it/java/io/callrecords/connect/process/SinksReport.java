package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.process.TableComparison.ComparisonResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** How the tables of a PostgreSQL compared with the API, as a page for people. */
final class SinksReport {
  private static final Path PAGE =
      Path.of(System.getProperty("basedir", "")).resolve("docs").resolve("POSTGRESQL.md");

  private final StringBuilder steps = new StringBuilder();
  private final StringBuilder columns = new StringBuilder();

  /** Begins a step that has come to its end. */
  void step(String what, int calls, int records, Duration took) {
    add(
        steps,
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
        steps,
        "| %s | %,d | %,d | %,d | %,d | %s |%n"
            .formatted(
                what,
                result.rows(),
                result.missing(),
                result.surplus(),
                result.different(),
                equal));
  }

  private static void add(StringBuilder text, String line) {
    System.out.print(line);
    text.append(line);
  }

  /** The columns of the table that the sink has made. */
  void columns(JsonNode found) {
    found.forEach(
        column ->
            add(
                columns,
                "| `%s` | `%s` | %s |%n"
                    .formatted(
                        column.path("name").asText(),
                        column.path("type").asText(),
                        column.path("required").asBoolean() ? "yes" : "")));
  }

  /** Writes the page into {@code docs}. */
  void publish(String kafka, String postgres) {
    String page =
        """
        # Calls in PostgreSQL, compared by SQL

        Written by `mvn -Psinks verify` on %s: Kafka %s, Debezium's JDBC sink %s, Apicurio's converter %s with
        Apicurio Registry %s, PostgreSQL %s. What is set up there and how to do the same: [SINKS.md](SINKS.md).

        Two connectors read one simulated account into two topics, as JSON with schemas and as Avro, and three
        sinks write them into tables. After each step, all of it is compared with the account's own calls, which
        lie beside the tables as the view `api`. *Meanwhile* is how they differed before the step that follows was over.

        | tables | rows | missing | surplus | different | equal |
        |---|---|---|---|---|---|
        %s
        *Missing* and *different* are these queries, *surplus* the first one the other way round:

        ```sql
        %s;
        %s;
        ```

        ## The table that the sink makes

        | column | type | not null |
        |---|---|---|
        %s"""
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                kafka,
                System.getProperty("debezium.version"),
                System.getProperty("apicurio-converter.version"),
                System.getProperty("apicurio-registry.version"),
                postgres,
                steps,
                TableComparison.MISSING.formatted("call_records"),
                TableComparison.DIFFERENT.formatted("call_records"),
                columns);
    try {
      Files.writeString(PAGE, page, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + PAGE, e);
    }
  }
}
