package io.callrecords.connect.process;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Compares, in SQL, tables that a sink fills with what the API shows: the simulated account's own
 * calls lie beside them, as {@code api}.
 */
final class TableComparison {
  private static final Instant END_OF_TIME = Instant.ofEpochSecond(Integer.MAX_VALUE);

  /** Keeps the digits of numbers. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** What the pages show; %s is a table. */
  static final String MISSING =
      "select count(*) from api where not exists"
          + " (select 1 from %s t where t.call_session_id = api.call_session_id)";

  static final String SURPLUS =
      "select count(*) from %s t where not exists"
          + " (select 1 from api where t.call_session_id = api.call_session_id)";

  private final SqlServer database;
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

  TableComparison(SqlServer database, Simulator account) {
    this.database = database;
    this.account = account;
    database.run(database.calls().create());
  }

  /** Lays what the API shows now beside the tables, and returns how many calls it is. */
  int look() {
    Instant now = account.now();
    List<JsonNode> calls =
        account.store().visible(now, Instant.EPOCH, END_OF_TIME).stream().map(this::call).toList();
    database.run(database.calls().load(calls));
    return calls.size();
  }

  /** What a record holds, with the values of {@code extra} as JSON instead of its text. */
  private JsonNode call(Call call) {
    ObjectNode record = ExpectedRecord.of(call, account.quirks()).deepCopy();
    if (record.path("extra") instanceof ObjectNode extra) {
      for (Map.Entry<String, JsonNode> field : extra.properties()) {
        field.setValue(parsed(field.getValue().asText()));
      }
    }
    return record;
  }

  private static JsonNode parsed(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + json, e);
    }
  }

  /**
   * Compares tables with what was last looked at.
   *
   * @param tables of which each call has to be in one
   * @param sql how their columns are compared
   */
  ComparisonResult with(List<String> tables, CallSql sql) {
    String from =
        tables.size() == 1
            ? tables.get(0)
            : tables.stream()
                .map(table -> "select * from " + table)
                .collect(joining(" union all ", "(", ")"));
    String named = from + (tables.size() == 1 ? "" : " as u");
    return new ComparisonResult(
        database.number("select count(*) from " + from + " as t"),
        database.number(MISSING.formatted(from)),
        database.number(SURPLUS.formatted(from)),
        database.number(sql.different(named)));
  }
}
