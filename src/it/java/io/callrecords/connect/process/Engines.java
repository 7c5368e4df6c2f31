package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.connect.process.TypeTrial.TrialOutcome;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Flink and Spark read the topic by the SQL that {@code docs/ENGINES.md} shows: each call once,
 * with its newest version, after calls have come late, have changed and were replayed.
 *
 * <p>It takes some minutes, so {@code mvn verify} leaves it out: {@code mvn -Pengines verify},
 * which also writes the tables of types into the page.
 */
class Engines {
  private static final Path FOLDER =
      Path.of(System.getProperty("engines.folder", "target/engines"));
  private static final Instant END_OF_TIME = Instant.ofEpochSecond(Integer.MAX_VALUE);
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final int CALLS = 1_500;
  private static final int LATE = 30;

  /** That of the page's examples. */
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private static final String JSON = "call-records";
  private static final String PLAIN_JSON = "call-records-plain-json";
  private static final String SCHEMAS = "call-records-schemas";
  private static final String TEXTS = "call-records-texts";
  private static final String DECIMALS = "call-records-decimals";
  private static final String PLAIN_AVRO = "call-records-plain-avro";
  private static final String AVRO = "call-records-avro";

  /** What each way of reading has of each call; it means the same to both engines. */
  private static final String ROWS =
      """
      SELECT callSessionId, agentName, CAST(callDuration AS STRING), CAST(CAST(cost AS DECIMAL(18, 8)) AS STRING),
        DATE_FORMAT(startTime, 'yyyy-MM-dd HH:mm:ss'), DATE_FORMAT(endTime, 'yyyy-MM-dd HH:mm:ss'),
        ARRAY_JOIN(labels, '|'), remark, extra['score']
      FROM calls;
      """;

  private static final String SUMS =
      """
      SELECT CAST(COUNT(*) AS STRING), CAST(SUM(callDuration) AS STRING), CAST(SUM(CAST(cost AS DECIMAL(18, 8))) AS STRING),
        DATE_FORMAT(MIN(startTime), 'yyyy-MM-dd HH:mm:ss'), DATE_FORMAT(MAX(startTime), 'yyyy-MM-dd HH:mm:ss')
      FROM calls;
      """;

  /** What whoever counts records counts. */
  private static final String VERSIONS =
      "SELECT version, CAST(COUNT(*) AS STRING) FROM call_versions GROUP BY version;";

  private final String basedir = System.getProperty("basedir", "");
  private final ProofAccount proof = new ProofAccount(CALLS);
  private final Simulator account = proof.simulator();
  private final RegistryProcess registry =
      RegistryProcess.start("engines-registry", FOLDER.resolve("registry"));
  private final LocalCluster cluster =
      LocalCluster.start(
          "engines",
          1,
          768,
          Map.of(
              "plugin.path",
              FOLDER.resolve("plugins").toAbsolutePath().toString(),
              // The converter's jars name no plugin in service files.
              "plugin.discovery",
              "hybrid_warn"));
  private final String servers = cluster.broker().bootstrapServers();
  private final Map<String, TopicReader> topics = new LinkedHashMap<>();

  @AfterEach
  void end() {
    topics.values().forEach(TopicReader::close);
    cluster.close();
    registry.close();
    proof.close();
  }

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  void enginesReadWhatTheApiShows() throws IOException {
    fillTopics();
    Map<String, Call> calls =
        account.store().visible(account.now(), Instant.EPOCH, END_OF_TIME).stream()
            .collect(Collectors.toMap(Call::callSessionId, call -> call));
    Map<SqlEngine, Map<String, SqlResult>> results = new EnumMap<>(SqlEngine.class);
    for (SqlEngine engine : SqlEngine.values()) {
      Map<String, String> scripts = scripts(engine);
      trials(engine).forEach(trial -> scripts.put(trial.name(), trial.script()));
      results.put(engine, engine.run(scripts));
    }
    SoftAssertions.assertSoftly(
        softly ->
            results.forEach(
                (engine, its) -> {
                  compare(softly, engine, its, calls.values());
                  judge(softly, engine, its, calls);
                }));
  }

  private List<TypeTrial> trials(SqlEngine engine) {
    return engine == SqlEngine.SPARK
        ? TypeTrials.spark(servers)
        : Stream.of(TypeTrials.flink(servers), TypeTrials.flinkOfAvro(servers, registry.url()))
            .flatMap(List::stream)
            .toList();
  }

  private void fillTopics() throws IOException {
    Map<String, String> json = PageBlock.of(EnginesPage.FILE, "connector").settings();
    create(JSON, json);
    create(PLAIN_JSON, Map.of());
    create(SCHEMAS, Map.of("value.converter.schemas.enable", "true"));
    Map<String, String> avro =
        ConnectorFile.read("converters/avro.json").startingWith("value.converter");
    avro.put("value.converter.apicurio.registry.url", registry.apiUrl());
    create(PLAIN_AVRO, avro);
    Map<String, String> confluent = new HashMap<>(avro);
    confluent.putAll(PageBlock.of(EnginesPage.FILE, "connector-avro").settings());
    create(AVRO, confluent);
    create(
        TEXTS,
        Map.of(
            "labels.format", "json",
            "extra.format", "json",
            "times.format", "iso",
            "cost.format", "decimal",
            "value.converter.decimal.format", "NUMERIC"));
    create(DECIMALS, Map.of("cost.format", "decimal"));

    await("all calls are in the topics", topic -> topic.count() == CALLS);
    proof.addLate(LATE, Engines::withoutCost);
    await("late calls are in the topics", topic -> topic.count() == CALLS + LATE);
    int changed = proof.edit(LATE / 2, Duration.ofSeconds(170)).size();
    assertThat(changed).isEqualTo(LATE / 2);
    await("changes are in the topics", topic -> topic.repeated().size() == changed);
    topics.keySet().forEach(cluster.worker().rest()::startOver);
    await("all is replayed", topic -> topic.repeated().size() == CALLS + LATE);
    writeSizes();
  }

  private void writeSizes() {
    StringBuilder rows = new StringBuilder();
    size(rows, "JSON without schemas", PLAIN_JSON);
    size(rows, "JSON with the schema in each record", SCHEMAS);
    size(rows, "Avro, the schema's id in headers (`config/converters/avro.json`)", PLAIN_AVRO);
    size(rows, "Avro, the schema's id in the record as Confluent writes it", AVRO);
    EnginesPage.writeSizes(rows.toString());
  }

  private void size(StringBuilder rows, String what, String name) {
    JsonNode artifact = registry.get("/groups/default/artifacts/" + name + "-value/meta");
    rows.append(
        "| %s | %,d | %,d | %s |%n"
            .formatted(
                what,
                topics.get(name).bytesOfValue(),
                topics.get(name).bytesOfHeaders(),
                artifact.has("type") ? "`" + artifact.path("type").asText() + "`" : "nothing"));
  }

  private void create(String name, Map<String, String> converter) {
    Map<String, String> settings = new HashMap<>(converter);
    settings.putAll(proof.source());
    settings.put("topic", name);
    settings.put("tasks.max", "1");
    settings.put("topic.creation.default.partitions", "3");
    cluster.worker().rest().create(name, ConnectorFile.read("converters/json.json").with(settings));
    topics.put(name, new TopicReader(servers, name));
  }

  private void await(String what, Predicate<TopicReader> condition) {
    topics.forEach(
        (name, topic) ->
            cluster.await(
                what + ": " + name,
                PATIENCE,
                () -> {
                  cluster.worker().rest().failIfFailed(name);
                  return topic.readToEnd() && condition.test(topic);
                }));
  }

  /** Some have no cost, which the API writes in more than one way. */
  private static Call withoutCost(Call late, int number) {
    return late.with(
        call ->
            switch (number % 3) {
              case 0 -> call.cost("");
              case 1 -> call.cost(null);
              default -> call;
            });
  }

  private Map<String, String> scripts(SqlEngine engine) {
    Map<String, String> scripts = new LinkedHashMap<>();
    if (engine == SqlEngine.FLINK) {
      String calls = block("flink-calls", JSON);
      scripts.put("rows-upsert", calls + ROWS);
      scripts.put("sums-upsert", calls + SUMS);
      scripts.put("yesterday-upsert", calls + block("flink-yesterday", null));
      String batch = block("flink-batch", JSON);
      scripts.put("rows-batch", batch + ROWS);
      scripts.put("sums-batch", batch + SUMS);
      scripts.put("rows-by-offset", byOffset(batch, "`offset`") + ROWS);
      scripts.put("versions-batch", batch + VERSIONS);
      scripts.put("yesterday-batch", batch + block("flink-yesterday", null));
      String avro = block("flink-avro", AVRO).replace("http://localhost:8080", registry.url());
      scripts.put("rows-avro", avro + ROWS);
      scripts.put("sums-avro", avro + SUMS);
    } else {
      String calls = block("spark-calls", JSON);
      scripts.put("rows-json", calls + ROWS);
      scripts.put("sums-json", calls + SUMS);
      scripts.put("rows-by-offset", byOffset(calls, "offset") + ROWS);
      scripts.put("versions-json", calls + VERSIONS);
      scripts.put("yesterday-json", calls + block("spark-yesterday", null));
      String schema =
          MonitoringFiles.text(Path.of(basedir, "config", "schema", "call-record.avsc"));
      Map<String, String> text =
          Map.of("{\"type\":\"record\", …}", schema.replace("\\", "\\\\").replace("'", "\\'"));
      String avro = new PageBlock(block("spark-avro", PLAIN_AVRO)).with(text).text();
      scripts.put("rows-avro", avro + ROWS);
      scripts.put("sums-avro", avro + SUMS);
      String confluent = new PageBlock(block("spark-avro", AVRO)).with(text).text();
      scripts.put(
          "rows-avro-confluent",
          new PageBlock(confluent)
                  .with(Map.of("from_avro(value,", "from_avro(substring(value, 6),"))
                  .text()
              + ROWS);
    }
    return scripts;
  }

  private static String byOffset(String script, String offset) {
    Map<String, String> change = Map.of("ORDER BY readAt DESC", "ORDER BY " + offset + " DESC");
    return new PageBlock(script).with(change).text();
  }

  /** A block of the page, with the addresses and a topic of this test. */
  private String block(String name, @Nullable String topic) {
    PageBlock block = PageBlock.of(EnginesPage.FILE, name);
    return topic == null
        ? block.text()
        : block.with(Map.of("localhost:9092", servers, "'call-records'", "'" + topic + "'")).text();
  }

  private void compare(
      SoftAssertions softly,
      SqlEngine engine,
      Map<String, SqlResult> results,
      Iterable<Call> calls) {
    results.forEach(
        (name, result) -> {
          String kind = name.replaceFirst("-.*", "");
          List<List<@Nullable String>> expected =
              switch (kind) {
                case "rows" -> rows(calls);
                case "sums" -> List.of(sums(calls));
                case "yesterday" -> yesterday(calls);
                case "versions" -> versions();
                default -> List.of();
              };
          if (!kind.equals("trial")) {
            softly.assertThat(result.failure()).as(engine + " " + name).isEmpty();
            softly
                .assertThat(plain(result.rows()))
                .as(engine + " " + name)
                .containsExactlyInAnyOrderElementsOf(expected);
          }
        });
  }

  /** The same number may have more zeros. */
  private static List<List<@Nullable String>> plain(List<List<@Nullable String>> rows) {
    return rows.stream().map(row -> row.stream().map(Engines::plain).toList()).toList();
  }

  private static @Nullable String plain(@Nullable String value) {
    return value != null && value.matches("[0-9]+(\\.[0-9]+|E-[0-9]+)")
        ? new BigDecimal(value).stripTrailingZeros().toPlainString()
        : value;
  }

  private static List<List<@Nullable String>> rows(Iterable<Call> calls) {
    List<List<@Nullable String>> rows = new ArrayList<>();
    for (Call call : calls) {
      rows.add(
          Arrays.asList(
              call.callSessionId(),
              call.agentName(),
              String.valueOf(call.callDuration()),
              plain(TypeTrials.cost(call)),
              local(call.start()),
              local(call.end()),
              call.labels() == null ? null : String.join("|", call.labels()),
              call.remark(),
              plain("4.50")));
    }
    return rows;
  }

  private static String local(Instant time) {
    return TypeTrials.time(time.atZone(ZONE).toLocalDateTime().toInstant(ZoneOffset.UTC));
  }

  private static List<@Nullable String> sums(Iterable<Call> calls) {
    long seconds = 0;
    BigDecimal cost = BigDecimal.ZERO;
    List<String> starts = new ArrayList<>();
    for (Call call : calls) {
      seconds += call.callDuration() == null ? 0 : call.callDuration();
      String ofCall = TypeTrials.cost(call);
      cost = ofCall == null ? cost : cost.add(new BigDecimal(ofCall));
      starts.add(local(call.start()));
    }
    return Arrays.asList(
        String.valueOf(starts.size()),
        String.valueOf(seconds),
        plain(cost.toPlainString()),
        Collections.min(starts),
        Collections.max(starts));
  }

  /** The topic's records by version: more than there are calls. */
  private List<List<@Nullable String>> versions() {
    Map<String, Long> counts =
        topics.get(JSON).values().stream()
            .collect(
                Collectors.groupingBy(
                    value -> value.path("version").asText(), Collectors.counting()));
    // Without offsets, the connector does not know that it has sent a call before.
    assertThat(counts).containsOnlyKeys("first", "late", "updated");
    assertThat(counts.get("first")).isGreaterThan(CALLS);
    List<List<@Nullable String>> rows = new ArrayList<>();
    counts.forEach((version, count) -> rows.add(Arrays.asList(version, count.toString())));
    return rows;
  }

  private List<List<@Nullable String>> yesterday(Iterable<Call> calls) {
    LocalDate day = LocalDate.ofInstant(account.now(), ZONE).minusDays(1);
    Map<String, List<Call>> byAgent = new HashMap<>();
    for (Call call : calls) {
      if (LocalDate.ofInstant(call.start(), ZONE).equals(day)) {
        byAgent.computeIfAbsent(call.agentName(), agent -> new ArrayList<>()).add(call);
      }
    }
    assertThat(byAgent).isNotEmpty();
    List<List<@Nullable String>> rows = new ArrayList<>();
    byAgent.forEach(
        (agent, its) -> {
          List<@Nullable String> sums = sums(its);
          rows.add(Arrays.asList(agent, sums.get(0), sums.get(1), sums.get(2)));
        });
    return rows;
  }

  /** Compares what became of each declaration, and writes it into the page. */
  private void judge(
      SoftAssertions softly,
      SqlEngine engine,
      Map<String, SqlResult> results,
      Map<String, Call> calls) {
    StringBuilder rows = new StringBuilder();
    for (TypeTrial trial : trials(engine)) {
      TrialOutcome outcome = trial.outcome(results.get(trial.name()), calls);
      rows.append(trial.row(outcome));
      softly
          .assertThat(outcome.verdict())
          .as("%s: %s as %s: %s", engine, trial.form(), trial.declaration(), outcome)
          .isEqualTo(trial.verdict());
    }
    System.out.print(rows);
    EnginesPage.writeTypes(engine, rows.toString());
  }
}
