package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.Simulator;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Compares, in SQL, the rows of an Iceberg table with what the API shows: both lie side by side in
 * a PostgreSQL, where the view {@code newest} has one row for each call.
 */
final class IcebergComparison {
  private static final Instant END_OF_TIME = Instant.ofEpochSecond(Integer.MAX_VALUE);
  private static final List<String> TIMES = List.of("callStartTime", "answerTime", "callEndTime");

  /** What the table has besides the fields of the API. */
  private static final String ADDED = "array['readAt', 'version']";

  private final PostgresProcess database;
  private final Simulator account;

  /**
   * How a table compares with the API.
   *
   * @param rows how many rows it has, of which a call may have several
   * @param calls how many are left with one row for each call
   * @param missing calls of the API that have no row
   * @param surplus rows of no call
   * @param different calls whose newest row differs in any column
   */
  record Result(long rows, long calls, long missing, long surplus, long different) {
    /** Whether the newest rows are, column by column, the calls of the API. */
    boolean isEqual() {
      return missing == 0 && surplus == 0 && different == 0;
    }
  }

  IcebergComparison(PostgresProcess database, Simulator account) {
    this.database = database;
    this.account = account;
    database.run(
        """
        create table api_calls (call jsonb);
        create table table_rows (call jsonb);
        create view newest as
          select call - %s as call from (
            select call, row_number() over (
              partition by call->>'callSessionId' order by (call->>'readAt')::timestamptz desc) as nth
            from table_rows) as versions
          where nth = 1;
        """
            .formatted(ADDED));
  }

  /**
   * Compares all rows of a table with what the API shows now.
   *
   * @param found what {@link IcebergReader} has read
   */
  Result with(JsonNode found) {
    Instant now = account.now();
    lay(
        "api_calls",
        account.store().visible(now, Instant.EPOCH, END_OF_TIME).stream()
            .map(call -> withTimes(ExpectedRecord.of(call, account.quirks()))));
    lay("table_rows", StreamSupport.stream(found.path("rows").spliterator(), false));
    return new Result(
        found.path("rows").size(),
        database.number("select count(*) from newest"),
        database.number("select count(*) from (%s) as d".formatted(without("api_calls", "newest"))),
        database.number("select count(*) from (%s) as d".formatted(without("newest", "api_calls"))),
        database.number(
            "select count(*) from api_calls join newest on"
                + " api_calls.call->>'callSessionId' = newest.call->>'callSessionId'"
                + " where api_calls.call <> newest.call"));
  }

  private static String without(String some, String others) {
    return "select call->>'callSessionId' from %s except select call->>'callSessionId' from %s"
        .formatted(some, others);
  }

  /** Times as a table gives them back, whose columns are times. */
  private static JsonNode withTimes(JsonNode call) {
    ObjectNode row = call.deepCopy();
    TIMES.stream()
        .filter(row::hasNonNull)
        .forEach(time -> row.put(time, Instant.ofEpochMilli(row.path(time).asLong()).toString()));
    return row;
  }

  private void lay(String table, Stream<JsonNode> calls) {
    String rows =
        calls.map(call -> call.toString().replace("\\", "\\\\")).collect(Collectors.joining("\n"));
    String copy = "truncate %1$s;%ncopy %1$s from stdin;%n".formatted(table);
    database.run(copy + (rows.isEmpty() ? "" : rows + "\n") + "\\.\n");
  }

  /** In how many calls each column differs, of what was last compared: for a message. */
  Map<String, Long> differences() {
    Map<String, Long> columns = new TreeMap<>();
    database
        .rows(
            "select key, count(*) as calls from api_calls join newest on"
                + " api_calls.call->>'callSessionId' = newest.call->>'callSessionId',"
                + " jsonb_object_keys(api_calls.call || newest.call) as key"
                + " where api_calls.call->key is distinct from newest.call->key group by key")
        .forEach(row -> columns.put(row.path("key").asText(), row.path("calls").asLong()));
    return columns;
  }
}
