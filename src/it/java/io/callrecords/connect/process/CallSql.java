package io.callrecords.connect.process;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How a database turns a call, a JSON document, into the values that a row of it has, and a row
 * into values that can be compared.
 */
enum CallSql {
  POSTGRESQL(
      Map.of(
          Kind.TEXT, "doc->>'%s'",
          Kind.NUMBER, "(doc->>'%s')::integer",
          Kind.COST, "nullif(doc->>'%s', '')::numeric",
          Kind.TIME, "to_timestamp((doc->>'%s')::bigint / 1000)",
          Kind.LABELS,
              "case jsonb_typeof(doc->'%1$s') when 'array'"
                  + " then array(select jsonb_array_elements_text(doc->'%1$s')) end",
          Kind.EXTRA, "nullif(doc->'%s', 'null')"),
      Map.of(Kind.EXTRA, "%s::jsonb")),

  /** A table that was made of records in the form that they have where nothing else is set. */
  POSTGRESQL_OF_DEFAULTS(
      Map.of(), Map.of(Kind.COST, "nullif(%s, '')::numeric", Kind.TIME, "%s at time zone 'UTC'")) {
    @Override
    List<String> fields() {
      return FIELDS.stream().filter(field -> !field.equals("extra")).toList();
    }
  },

  MARIADB(
      Map.of(
          Kind.TEXT, "cast(json_value(doc, '$.%s') as binary)",
          Kind.NUMBER, "cast(json_value(doc, '$.%s') as signed)",
          Kind.COST, "cast(nullif(json_value(doc, '$.%s'), '') as decimal(38, 8))",
          Kind.TIME,
              "cast(timestampadd(microsecond, 1000 * json_value(doc, '$.%s'),"
                  + " timestamp'1970-01-01 00:00:00') as datetime(3))",
          Kind.LABELS, "nullif(json_compact(json_extract(doc, '$.%s')), 'null')",
          Kind.EXTRA, "json_normalize(nullif(json_extract(doc, '$.%s'), 'null'))"),
      Map.of(
          Kind.TEXT, "cast(%s as binary)",
          Kind.TIME, "cast(%s as datetime(3))",
          Kind.LABELS, "json_compact(%s)",
          Kind.EXTRA, "json_normalize(%s)")) {
    private static final DateTimeFormatter LITERAL =
        DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

    private static final int ROWS = 500;
    private static final String ID =
        "varchar(128) character set utf8mb4 collate utf8mb4_nopad_bin primary key";

    @Override
    String create() {
      return "create table api_json (doc json) character set utf8mb4;";
    }

    @Override
    String load(List<JsonNode> calls) {
      StringBuilder sql = new StringBuilder("truncate api_json;\n");
      for (int i = 0; i < calls.size(); i += ROWS) {
        sql.append(
            calls.subList(i, Math.min(i + ROWS, calls.size())).stream()
                .map(call -> call.toString().replace("\\", "\\\\").replace("'", "''"))
                .collect(joining("'), ('", "insert into api_json values ('", "');\n")));
      }
      // A table with a key, since a view would read all documents for each row.
      return sql
          + "create or replace table api (call_session_id "
          + ID
          + ") as select\n  "
          + selected()
          + "\nfrom api_json;";
    }

    @Override
    String literal(Instant moment) {
      return "timestamp'" + LITERAL.format(moment) + "'";
    }
  };

  /** What a field holds. */
  private enum Kind {
    TEXT,
    NUMBER,
    COST,
    TIME,
    LABELS,
    EXTRA
  }

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
          "voiceUrl",
          "extra");

  private static final Set<String> NUMBERS =
      Set.of("callDuration", "callType", "hangupReason", "hangingDirection");

  private final Map<Kind, String> ofDocument;
  private final Map<Kind, String> ofColumn;

  CallSql(Map<Kind, String> ofDocument, Map<Kind, String> ofColumn) {
    this.ofDocument = ofDocument;
    this.ofColumn = ofColumn;
  }

  /** Creates what the account's calls are laid into. */
  String create() {
    return "create table api_json (doc jsonb);\ncreate view api as select\n  "
        + selected()
        + "\nfrom api_json;";
  }

  /** Lays calls there, as {@code api}, in the place of what there was. */
  String load(List<JsonNode> calls) {
    return "truncate api_json;\ncopy api_json from stdin;\n"
        + calls.stream()
            .map(call -> call.toString().replace("\\", "\\\\"))
            .collect(joining("\n", "", "\n"))
        + "\\.\n";
  }

  /** A moment as a literal, of the type that a column of a time has. */
  String literal(Instant moment) {
    return "timestamptz '" + moment + "'";
  }

  private static Kind kind(String field) {
    if (NUMBERS.contains(field)) {
      return Kind.NUMBER;
    }
    if (field.endsWith("Time")) {
      return Kind.TIME;
    }
    return switch (field) {
      case "cost", "baseCost" -> Kind.COST;
      case "labels" -> Kind.LABELS;
      case "extra" -> Kind.EXTRA;
      default -> Kind.TEXT;
    };
  }

  /** The fields of documents as the columns of a row. */
  final String selected() {
    return FIELDS.stream()
        .map(
            field ->
                (isKey(field) && this == MARIADB
                        ? "json_value(doc, '$.callSessionId')"
                        : ofDocument.get(kind(field)).formatted(field))
                    + " as "
                    + column(field))
        .collect(joining(",\n  "));
  }

  private static boolean isKey(String field) {
    return field.equals("callSessionId");
  }

  /** The query for calls that are not, with the same value in every column, a row of a table. */
  String different(String table) {
    String columns =
        fields().stream()
            .map(
                field ->
                    isKey(field)
                        ? column(field)
                        : ofColumn.getOrDefault(kind(field), "%s").formatted(column(field)))
            .collect(joining(", "));
    String ofApi =
        fields().equals(FIELDS)
            ? "*"
            : fields().stream().map(CallSql::column).collect(joining(", "));
    return "select count(*) from (select "
        + ofApi
        + " from api except select "
        + columns
        + " from "
        + table
        + ") as d";
  }

  /** The fields that a row has. */
  List<String> fields() {
    return FIELDS;
  }

  private static String column(String field) {
    return field.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
