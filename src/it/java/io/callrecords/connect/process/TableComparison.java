package io.callrecords.connect.process;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.simulator.Simulator;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares, in SQL, tables that a sink fills with what the API shows: the simulated account's own
 * calls lie beside them, as the view {@code api}.
 */
final class TableComparison {
  private static final Instant END_OF_TIME = Instant.ofEpochSecond(Integer.MAX_VALUE);

  /** How a text becomes what a column holds; all others are texts. */
  private static final Map<String, String> CASTS =
      Map.of(
          "callDuration", "(call->>'%1$s')::integer",
          "callType", "(call->>'%1$s')::integer",
          "hangupReason", "(call->>'%1$s')::integer",
          "hangingDirection", "(call->>'%1$s')::integer",
          "callStartTime", "to_timestamp((call->>'%1$s')::bigint / 1000) at time zone 'UTC'",
          "answerTime", "to_timestamp((call->>'%1$s')::bigint / 1000) at time zone 'UTC'",
          "callEndTime", "to_timestamp((call->>'%1$s')::bigint / 1000) at time zone 'UTC'",
          "labels",
              "case jsonb_typeof(call->'%1$s') when 'array'"
                  + " then array(select jsonb_array_elements_text(call->'%1$s')) end");

  private static final List<String> FIELDS =
      List.of(
          "callSessionId",
          "callId",
          "called",
          "calledInfo",
          "caller",
          "ccode",
          "ccodeName",
          "agentName",
          "agentGroupName",
          "agentAccount",
          "callDuration",
          "callType",
          "hangupCode",
          "hangupReason",
          "hangingDirection",
          "labels",
          "remark",
          "baseCost",
          "cost",
          "callStartTime",
          "answerTime",
          "callEndTime",
          "voiceUrl");

  private static final String COLUMNS =
      FIELDS.stream().map(TableComparison::column).collect(joining(", "));

  /** What the page shows; %s is a table. */
  static final String MISSING =
      "select count(*) from api where not exists"
          + " (select from %s t where t.call_session_id = api.call_session_id)";

  static final String SURPLUS =
      "select count(*) from %s t where not exists"
          + " (select from api where t.call_session_id = api.call_session_id)";

  static final String DIFFERENT =
      "select count(*) from (select * from api except select " + COLUMNS + " from %s) as d";

  private final PostgresProcess database;
  private final Simulator account;

  /**
   * How a table compares with the API.
   *
   * @param rows how many rows it has
   * @param missing calls of the API that have no row
   * @param surplus rows of no call
   * @param different calls that are not, with the same value in every column, a row
   */
  record ComparisonResult(long rows, long missing, long surplus, long different) {
    boolean isEqual() {
      return missing == 0 && surplus == 0 && different == 0;
    }
  }

  TableComparison(PostgresProcess database, Simulator account) {
    this.database = database;
    this.account = account;
    String values =
        FIELDS.stream()
            .map(
                field ->
                    CASTS.getOrDefault(field, "call->>'%1$s'").formatted(field)
                        + " as "
                        + column(field))
            .collect(joining(",\n  "));
    database.run(
        "create table api_json (call jsonb);\n"
            + "create view api as select\n  "
            + values
            + "\nfrom api_json;");
  }

  private static String column(String field) {
    return field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  /** How many columns are compared. */
  static int columns() {
    return FIELDS.size();
  }

  /** Lays what the API shows now beside the tables, and returns how many calls it is. */
  int look() {
    Instant now = account.now();
    List<JsonNode> calls =
        account.store().visible(now, Instant.EPOCH, END_OF_TIME).stream()
            .map(call -> ExpectedRecord.of(call, account.quirks()))
            .toList();
    String rows =
        calls.stream()
            .map(call -> call.toString().replace("\\", "\\\\"))
            .collect(Collectors.joining("\n"));
    database.run("truncate api_json;\ncopy api_json from stdin;\n" + rows + "\n\\.\n");
    return calls.size();
  }

  /** Compares tables of which each call has to be in one, with what was last looked at. */
  ComparisonResult with(String... tables) {
    String all =
        Stream.of(tables)
            .map(table -> "select * from " + table)
            .collect(joining(" union all ", "(", ")"));
    String from = tables.length == 1 ? tables[0] : all;
    return new ComparisonResult(
        database.number("select count(*) from " + from + " as t"),
        database.number(MISSING.formatted(from)),
        database.number(SURPLUS.formatted(from)),
        database.number(DIFFERENT.formatted(from + (tables.length == 1 ? "" : " as u"))));
  }
}
