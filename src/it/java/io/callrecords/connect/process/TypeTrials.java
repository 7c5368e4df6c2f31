package io.callrecords.connect.process;

import io.callrecords.connect.process.TypeTrial.TrialVerdict;
import io.callrecords.simulator.Call;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The ways to declare fields that people try first. */
final class TypeTrials {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final String MILLIS = "`callStartTime`: `1700494992000`";
  private static final String COST = "`cost`: `\"0.0120\"`";
  private static final String LABELS = "`labels`: `[\"VIP\",\"Sales\"]`";
  private static final String EXTRA = "`extra`: `{\"sipTrunk\":\"\\\"trunk-7\\\"\"}`";

  private static final String NUMBER =
      "`cost`: `0.01200000` (`cost.format=decimal`, `decimal.format=NUMERIC`)";
  private static final String BASE64 = "`cost`: `\"Ek+A\"` (`cost.format=decimal` alone)";
  private static final String LABELS_JSON =
      "`labels`: `\"[\\\"VIP\\\",\\\"Sales\\\"]\"` (`labels.format=json`)";
  private static final String EXTRA_JSON =
      "`extra`: `\"{\\\"sipTrunk\\\":\\\"trunk-7\\\"}\"` (`extra.format=json`)";

  /** The topic of costs that the JSON converter writes as it does by default. */
  private static final String DECIMALS = "call-records-decimals";

  private static final String ISO =
      "`callStartTime`: `\"2023-11-20T15:43:12.000Z\"` (`times.format=iso`)";

  /** The topic with times as texts. */
  private static final String TEXTS = "call-records-texts";

  private final String servers;
  private final List<TypeTrial> trials = new ArrayList<>();

  private TypeTrials(String servers) {
    this.servers = servers;
  }

  private static String start(Call call) {
    return time(call.start());
  }

  private static String duration(Call call) {
    return String.valueOf(call.callDuration());
  }

  /** The one unknown field of each call. */
  private static String sipTrunk(Call call) {
    return "trunk-7";
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  private static String shanghai(Instant time) {
    return TIME.withZone(ZoneId.of("Asia/Shanghai")).format(time);
  }

  /** The cost of a call as the API writes it; null where it has none. */
  static @Nullable String cost(Call call) {
    return call.cost() == null || call.cost().isEmpty() ? null : call.cost();
  }

  /** The cost with all places that a column has. */
  private static @Nullable String decimal(Call call) {
    String cost = cost(call);
    return cost == null ? null : new BigDecimal(cost).setScale(8).toPlainString();
  }

  private static @Nullable String firstLabel(Call call) {
    return call.labels() == null || call.labels().isEmpty() ? null : call.labels().get(0);
  }

  private static @Nullable String labels(Call call) {
    return call.labels() == null ? null : String.join(",", call.labels());
  }

  /** Those of Flink. */
  static List<TypeTrial> flink(String servers) {
    TypeTrials all = new TypeTrials(servers);
    String time = "DATE_FORMAT(%s, 'yyyy-MM-dd HH:mm:ss')";
    String start = time.formatted("callStartTime");
    all.flink(
        MILLIS,
        "`BIGINT`, then `TO_TIMESTAMP_LTZ(callStartTime, 3)`",
        "callStartTime BIGINT",
        time.formatted("TO_TIMESTAMP_LTZ(callStartTime, 3)"),
        TypeTrials::start,
        TrialVerdict.RIGHT);
    all.flink(
        MILLIS,
        "`BIGINT`, then `TO_TIMESTAMP_LTZ(callStartTime, 0)`",
        "callStartTime BIGINT",
        time.formatted("TO_TIMESTAMP_LTZ(callStartTime, 0)"),
        TypeTrials::start,
        TrialVerdict.NULL);
    all.flink(
        MILLIS,
        "`TIMESTAMP_LTZ(3)`",
        "callStartTime TIMESTAMP_LTZ(3)",
        start,
        TypeTrials::start,
        TrialVerdict.FAILS);
    all.flink(
        MILLIS,
        "`TIMESTAMP_LTZ(3)`, and `'json.ignore-parse-errors' = 'true'`",
        "callStartTime TIMESTAMP_LTZ(3)",
        ", 'json.ignore-parse-errors' = 'true'",
        start,
        TypeTrials::start,
        TrialVerdict.NULL);
    all.flink(
        MILLIS,
        "`TIMESTAMP(3)`",
        "callStartTime TIMESTAMP(3)",
        start,
        TypeTrials::start,
        TrialVerdict.FAILS);
    all.flink(
        MILLIS,
        "`callstarttime BIGINT`",
        "callstarttime BIGINT",
        time.formatted("TO_TIMESTAMP_LTZ(callstarttime, 3)"),
        TypeTrials::start,
        TrialVerdict.NULL);
    all.flink(
        "`callDuration`: `12`",
        "`INT`",
        "callDuration INT",
        "CAST(callDuration AS STRING)",
        TypeTrials::duration,
        TrialVerdict.RIGHT);
    all.flink(
        COST,
        "`DECIMAL(18, 8)`",
        "cost DECIMAL(18, 8)",
        "CAST(cost AS STRING)",
        TypeTrials::decimal,
        TrialVerdict.RIGHT);
    all.flink(
        COST,
        "`DECIMAL(10, 2)`",
        "cost DECIMAL(10, 2)",
        "CAST(CAST(cost AS DECIMAL(18, 8)) AS STRING)",
        TypeTrials::decimal,
        TrialVerdict.OTHER);
    all.flink(COST, "`STRING`", "cost STRING", "cost", TypeTrials::cost, TrialVerdict.RIGHT);
    all.flink(
        LABELS,
        "`ARRAY<STRING>`",
        "labels ARRAY<STRING>",
        "ARRAY_JOIN(labels, ',')",
        TypeTrials::labels,
        TrialVerdict.RIGHT);
    all.flink(
        LABELS,
        "`STRING`, then `JSON_VALUE(labels, '$[0]')`",
        "labels STRING",
        "JSON_VALUE(labels, '$[0]')",
        TypeTrials::firstLabel,
        TrialVerdict.RIGHT);
    all.flink(
        EXTRA,
        "`MAP<STRING, STRING>`, then `extra['sipTrunk']`",
        "extra MAP<STRING, STRING>",
        "extra['sipTrunk']",
        TypeTrials::sipTrunk,
        TrialVerdict.OTHER);
    all.flink(
        EXTRA,
        "`MAP<STRING, STRING>`, then `JSON_VALUE(extra['sipTrunk'], '$')`",
        "extra MAP<STRING, STRING>",
        "JSON_VALUE(extra['sipTrunk'], '$')",
        TypeTrials::sipTrunk,
        TrialVerdict.RIGHT);
    all.add(
        "the key, a text",
        "`'key.format' = 'json'`",
        all.flinkUpsert("json"),
        TypeTrials::duration,
        TrialVerdict.FAILS);
    all.add(
        "the key, a text",
        "`'key.format' = 'raw'`",
        all.flinkUpsert("raw"),
        TypeTrials::duration,
        TrialVerdict.RIGHT);
    all.add(
        "a schema in each record (`schemas.enable=true`)",
        "as without",
        all.flinkTable(
            "call-records-schemas", "callDuration INT", "", "CAST(callDuration AS STRING)"),
        TypeTrials::duration,
        TrialVerdict.NULL);
    all.add(
        "a schema in each record (`schemas.enable=true`)",
        "`'json.fail-on-missing-field' = 'true'`",
        all.flinkTable(
            "call-records-schemas",
            "callDuration INT",
            ", 'json.fail-on-missing-field' = 'true'",
            "CAST(callDuration AS STRING)"),
        TypeTrials::duration,
        TrialVerdict.FAILS);
    all.flinkOfIso();
    all.flinkOfForms();
    return all.trials;
  }

  private void flinkOfIso() {
    String start = "DATE_FORMAT(callStartTime, 'yyyy-MM-dd HH:mm:ss')";
    String iso = ", 'json.timestamp-format.standard' = 'ISO-8601'";
    add(
        ISO,
        "`TIMESTAMP_LTZ(3)`, and `'json.timestamp-format.standard' = 'ISO-8601'`",
        flinkTable(TEXTS, "callStartTime TIMESTAMP_LTZ(3)", iso, start),
        TypeTrials::start,
        TrialVerdict.RIGHT);
    add(
        ISO,
        "`TIMESTAMP_LTZ(3)`",
        flinkTable(TEXTS, "callStartTime TIMESTAMP_LTZ(3)", "", start),
        TypeTrials::start,
        TrialVerdict.FAILS);
    add(
        ISO,
        "`TIMESTAMP(3)`, and `'json.timestamp-format.standard' = 'ISO-8601'`",
        flinkTable(TEXTS, "callStartTime TIMESTAMP(3)", iso, start),
        TypeTrials::start,
        TrialVerdict.FAILS);
  }

  private void flinkOfForms() {
    String cost = "CAST(cost AS STRING)";
    add(
        NUMBER,
        "`DECIMAL(18, 8)`",
        flinkTable(TEXTS, "cost DECIMAL(18, 8)", "", cost),
        TypeTrials::decimal,
        TrialVerdict.RIGHT);
    add(
        BASE64,
        "`DECIMAL(18, 8)`",
        flinkTable(DECIMALS, "cost DECIMAL(18, 8)", "", cost),
        TypeTrials::decimal,
        TrialVerdict.FAILS);
    add(
        LABELS_JSON,
        "`STRING`, then `JSON_VALUE(labels, '$[0]')`",
        flinkTable(TEXTS, "labels STRING", "", "JSON_VALUE(labels, '$[0]')"),
        TypeTrials::firstLabel,
        TrialVerdict.RIGHT);
    add(
        LABELS_JSON,
        "`ARRAY<STRING>`",
        flinkTable(TEXTS, "labels ARRAY<STRING>", "", "ARRAY_JOIN(labels, ',')"),
        TypeTrials::labels,
        TrialVerdict.FAILS);
    add(
        EXTRA_JSON,
        "`STRING`, then `JSON_VALUE(extra, '$.sipTrunk')`",
        flinkTable(TEXTS, "extra STRING", "", "JSON_VALUE(extra, '$.sipTrunk')"),
        TypeTrials::sipTrunk,
        TrialVerdict.RIGHT);
    add(
        EXTRA_JSON,
        "`MAP<STRING, STRING>`",
        flinkTable(TEXTS, "extra MAP<STRING, STRING>", "", "extra['sipTrunk']"),
        TypeTrials::sipTrunk,
        TrialVerdict.FAILS);
  }

  private void sparkOfForms() {
    String cost = "format_number(call.cost, '0.00000000')";
    add(
        NUMBER,
        "`DECIMAL(18, 8)`",
        sparkView(TEXTS, "cost DECIMAL(18, 8)", "", cost),
        TypeTrials::decimal,
        TrialVerdict.RIGHT);
    add(
        BASE64,
        "`DECIMAL(18, 8)`",
        sparkView(DECIMALS, "cost DECIMAL(18, 8)", "", cost),
        TypeTrials::decimal,
        TrialVerdict.NULL);
    add(
        LABELS_JSON,
        "`STRING`, then `get_json_object(labels, '$[0]')`",
        sparkView(TEXTS, "labels STRING", "", "get_json_object(call.labels, '$[0]')"),
        TypeTrials::firstLabel,
        TrialVerdict.RIGHT);
    add(
        LABELS_JSON,
        "`ARRAY<STRING>`",
        sparkView(TEXTS, "labels ARRAY<STRING>", "", "array_join(call.labels, ',')"),
        TypeTrials::labels,
        TrialVerdict.NULL);
    add(
        EXTRA_JSON,
        "`STRING`, then `get_json_object(extra, '$.sipTrunk')`",
        sparkView(TEXTS, "extra STRING", "", "get_json_object(call.extra, '$.sipTrunk')"),
        TypeTrials::sipTrunk,
        TrialVerdict.RIGHT);
    add(
        EXTRA_JSON,
        "`MAP<STRING, STRING>`",
        sparkView(TEXTS, "extra MAP<STRING, STRING>", "", "call.extra['sipTrunk']"),
        TypeTrials::sipTrunk,
        TrialVerdict.NULL);
  }

  /** Those of Flink for Avro. */
  static List<TypeTrial> flinkOfAvro(String servers, String registry) {
    TypeTrials all = new TypeTrials(servers);
    String millis = "`callStartTime`: `long`, `timestamp-millis`";
    String start = "DATE_FORMAT(callStartTime, 'yyyy-MM-dd HH:mm:ss')";
    all.avro(
        registry,
        millis,
        "`BIGINT`, then `TO_TIMESTAMP_LTZ(callStartTime, 3)`",
        "callStartTime BIGINT",
        "DATE_FORMAT(TO_TIMESTAMP_LTZ(callStartTime, 3), 'yyyy-MM-dd HH:mm:ss')",
        call -> shanghai(call.start()),
        TrialVerdict.RIGHT);
    all.avro(
        registry,
        millis,
        "`TIMESTAMP_LTZ(3)`",
        "callStartTime TIMESTAMP_LTZ(3)",
        start,
        call -> shanghai(call.start()),
        TrialVerdict.FAILS);
    all.avro(
        registry,
        millis,
        "`TIMESTAMP(3)`, with `'table.local-time-zone' = 'Asia/Shanghai'`",
        "callStartTime TIMESTAMP(3)",
        start,
        call -> shanghai(call.start()),
        TrialVerdict.OTHER);
    return all.trials;
  }

  private void avro(
      String registry,
      String form,
      String declaration,
      String column,
      String expression,
      Function<Call, @Nullable String> right,
      TrialVerdict verdict) {
    String script =
        flinkTable(
                "call-records-avro",
                column,
                ", 'avro-confluent.url' = '" + registry + "/apis/ccompat/v7'",
                expression)
            .replace("'json'", "'avro-confluent'")
            .replace("'UTC'", "'Asia/Shanghai'");
    trials.add(
        new TypeTrial(
            "trial-avro-" + (trials.size() + 1), form, declaration, script, right, verdict));
  }

  private void flink(
      String form,
      String declaration,
      String column,
      String expression,
      Function<Call, @Nullable String> right,
      TrialVerdict verdict) {
    flink(form, declaration, column, "", expression, right, verdict);
  }

  private void flink(
      String form,
      String declaration,
      String column,
      String options,
      String expression,
      Function<Call, @Nullable String> right,
      TrialVerdict verdict) {
    String script = flinkTable("call-records", column, options, expression);
    add(form, declaration, script, right, verdict);
  }

  private void add(
      String form,
      String declaration,
      String script,
      Function<Call, @Nullable String> right,
      TrialVerdict verdict) {
    String name = "trial-%02d".formatted(trials.size() + 1);
    trials.add(new TypeTrial(name, form, declaration, script, right, verdict));
  }

  private String flinkTable(String topic, String column, String options, String expression) {
    return """
        SET 'execution.runtime-mode' = 'batch';
        SET 'table.local-time-zone' = 'UTC';
        CREATE TABLE trial (callSessionId STRING, %s) WITH (
          'connector' = 'kafka',
          'topic' = '%s',
          'properties.bootstrap.servers' = '%s',
          'properties.isolation.level' = 'read_committed',
          'scan.startup.mode' = 'earliest-offset',
          'scan.bounded.mode' = 'latest-offset',
          'format' = 'json'%s
        );
        SELECT callSessionId, %s FROM trial;
        """
        .formatted(column, topic, servers, options, expression);
  }

  private String flinkUpsert(String format) {
    return """
        CREATE TABLE trial (
          callSessionId STRING, callDuration INT, PRIMARY KEY (callSessionId) NOT ENFORCED
        ) WITH (
          'connector' = 'upsert-kafka',
          'topic' = 'call-records',
          'properties.bootstrap.servers' = '%s',
          'properties.isolation.level' = 'read_committed',
          'scan.bounded.mode' = 'latest-offset',
          'key.format' = '%s',
          'value.format' = 'json'
        );
        SELECT callSessionId, CAST(callDuration AS STRING) FROM trial;
        """
        .formatted(servers, format);
  }

  /** Those of Spark. */
  static List<TypeTrial> spark(String servers) {
    TypeTrials all = new TypeTrials(servers);
    String time = "date_format(%s, 'yyyy-MM-dd HH:mm:ss')";
    String start = time.formatted("call.callStartTime");
    all.spark(
        MILLIS,
        "`BIGINT`, then `timestamp_millis(callStartTime)`",
        "callStartTime BIGINT",
        time.formatted("timestamp_millis(call.callStartTime)"),
        TypeTrials::start,
        TrialVerdict.RIGHT);
    all.spark(
        MILLIS,
        "`TIMESTAMP`",
        "callStartTime TIMESTAMP",
        start,
        TypeTrials::start,
        TrialVerdict.OTHER);
    all.spark(
        MILLIS,
        "`TIMESTAMP_NTZ`",
        "callStartTime TIMESTAMP_NTZ",
        start,
        TypeTrials::start,
        TrialVerdict.NULL);
    all.spark(
        MILLIS,
        "`BIGINT`, then `CAST(callStartTime AS TIMESTAMP)`",
        "callStartTime BIGINT",
        time.formatted("CAST(call.callStartTime AS TIMESTAMP)"),
        TypeTrials::start,
        TrialVerdict.OTHER);
    all.spark(
        MILLIS,
        "`callstarttime BIGINT`",
        "callstarttime BIGINT",
        time.formatted("timestamp_millis(call.callstarttime)"),
        TypeTrials::start,
        TrialVerdict.NULL);
    all.spark(
        MILLIS,
        "`INT`",
        "callStartTime INT",
        "CAST(call.callStartTime AS STRING)",
        TypeTrials::start,
        TrialVerdict.NULL);
    all.spark(
        "`callDuration`: `12`",
        "`INT`",
        "callDuration INT",
        "CAST(call.callDuration AS STRING)",
        TypeTrials::duration,
        TrialVerdict.RIGHT);
    all.spark(
        COST,
        "`DECIMAL(18, 8)`",
        "cost DECIMAL(18, 8)",
        "format_number(call.cost, '0.00000000')",
        TypeTrials::decimal,
        TrialVerdict.RIGHT);
    all.spark(
        COST,
        "`DECIMAL(10, 2)`",
        "cost DECIMAL(10, 2)",
        "format_number(call.cost, '0.00000000')",
        TypeTrials::decimal,
        TrialVerdict.OTHER);
    all.spark(
        COST,
        "`DOUBLE`",
        "cost DOUBLE",
        "format_number(call.cost, '0.00000000')",
        TypeTrials::decimal,
        TrialVerdict.NULL);
    all.spark(COST, "`STRING`", "cost STRING", "call.cost", TypeTrials::cost, TrialVerdict.RIGHT);
    all.spark(
        LABELS,
        "`ARRAY<STRING>`",
        "labels ARRAY<STRING>",
        "array_join(call.labels, ',')",
        TypeTrials::labels,
        TrialVerdict.RIGHT);
    all.spark(
        LABELS,
        "`STRING`, then `get_json_object(labels, '$[0]')`",
        "labels STRING",
        "get_json_object(call.labels, '$[0]')",
        TypeTrials::firstLabel,
        TrialVerdict.RIGHT);
    all.spark(
        EXTRA,
        "`MAP<STRING, STRING>`, then `extra['sipTrunk']`",
        "extra MAP<STRING, STRING>",
        "call.extra['sipTrunk']",
        TypeTrials::sipTrunk,
        TrialVerdict.OTHER);
    all.spark(
        EXTRA,
        "`MAP<STRING, STRING>`, then `get_json_object(extra['sipTrunk'], '$')`",
        "extra MAP<STRING, STRING>",
        "get_json_object(call.extra['sipTrunk'], '$')",
        TypeTrials::sipTrunk,
        TrialVerdict.RIGHT);
    all.add(
        "a schema in each record (`schemas.enable=true`)",
        "as without",
        all.sparkView(
            "call-records-schemas", "callDuration INT", "", "CAST(call.callDuration AS STRING)"),
        TypeTrials::duration,
        TrialVerdict.NULL);
    String text = time.formatted("call.callStartTime");
    all.add(
        ISO,
        "`TIMESTAMP`",
        all.sparkView(TEXTS, "callStartTime TIMESTAMP", "", text),
        TypeTrials::start,
        TrialVerdict.RIGHT);
    all.add(
        ISO,
        "`TIMESTAMP_NTZ`",
        all.sparkView(TEXTS, "callStartTime TIMESTAMP_NTZ", "", text),
        TypeTrials::start,
        TrialVerdict.NULL);
    String failFast = ", map('mode', 'FAILFAST')";
    all.add(
        MILLIS,
        "`TIMESTAMP_NTZ`, and `map('mode', 'FAILFAST')`",
        all.sparkView("call-records", "callStartTime TIMESTAMP_NTZ", failFast, start),
        TypeTrials::start,
        TrialVerdict.FAILS);
    all.add(
        "a schema in each record (`schemas.enable=true`)",
        "as without, and `map('mode', 'FAILFAST')`",
        all.sparkView(
            "call-records-schemas",
            "callDuration INT",
            failFast,
            "CAST(call.callDuration AS STRING)"),
        TypeTrials::duration,
        TrialVerdict.NULL);
    all.sparkOfForms();
    return all.trials;
  }

  private void spark(
      String form,
      String declaration,
      String column,
      String expression,
      Function<Call, @Nullable String> right,
      TrialVerdict verdict) {
    add(form, declaration, sparkView("call-records", column, "", expression), right, verdict);
  }

  private String sparkView(String topic, String column, String options, String expression) {
    return """
        SET TIME ZONE 'UTC';
        CREATE TEMPORARY VIEW call_records USING kafka OPTIONS (
          kafka.bootstrap.servers '%s',
          kafka.isolation.level 'read_committed',
          subscribe '%s'
        );
        SELECT call.callSessionId, %s
        FROM (
          SELECT from_json(CAST(value AS STRING), 'callSessionId STRING, %s'%s) AS call FROM call_records
        );
        """
        .formatted(servers, topic, expression, column, options);
  }
}
