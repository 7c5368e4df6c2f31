package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.connect.process.IcebergComparison.Result;
import io.callrecords.simulator.LiveCalls;
import io.callrecords.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole way into a table of Apache Iceberg, with the configuration that the project ships: from
 * the simulated API through the packaged plugin and Iceberg's own sink, with a catalog in a real
 * PostgreSQL. Another JVM reads the table with Iceberg's API, and SQL compares the newest row of
 * each call with the account's own calls.
 *
 * <p>It needs Debian's package {@code postgresql} and takes some minutes, so {@code mvn verify}
 * leaves it out: {@code mvn -Psinks verify -Dit.test=IcebergSink}.
 */
class IcebergSink {
  private static final Path PLUGINS =
      Path.of(System.getProperty("sinks.folder", "target/sinks"), "plugins");
  private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "ICEBERG.md");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int CALLS = 4_000;
  private static final int LATE = 40;
  private static final int FRESH = 20;

  private static final String TOPIC = "call-records";
  private static final String PLAIN = "call-records-plain";
  private static final String TEXTS = "call-records-texts";
  private static final String SINK = "call-records-iceberg";
  private static final String BY_ID = "by-id";
  private static final String OF_TEXTS = "texts";
  private static final String OF_PLAIN = "without-schema";

  /** All that either test creates: what is not there is not restarted. */
  private static final List<String> CONNECTORS =
      List.of(TOPIC, PLAIN, TEXTS, SINK, BY_ID, OF_TEXTS, OF_PLAIN);

  private static final String TABLE = "calls.call_records";
  private static final String REFUSED = "no commit for now";

  @TempDir private Path warehouse;

  private final ProofAccount proof = new ProofAccount(CALLS);
  private final Simulator account = proof.simulator();
  private final PostgresProcess database = PostgresProcess.start("iceberg-postgresql");
  private final LocalCluster cluster =
      LocalCluster.start(
          "iceberg",
          1,
          1024,
          Map.of(
              "plugin.path",
              PLUGINS.toAbsolutePath().toString(),
              // How often a sink that gets no records is called.
              "offset.flush.interval.ms",
              "2000"));
  private final TopicReader topic = new TopicReader(cluster.broker().bootstrapServers(), TOPIC);
  private final IcebergComparison comparison = new IcebergComparison(database, account);
  private final List<AutoCloseable> readers = new ArrayList<>();
  private final FailedConnectors failed = new FailedConnectors(cluster);

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable reader : readers) {
      reader.close();
    }
    topic.close();
    cluster.close();
    database.close();
    proof.close();
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void newestRowsAreWhatTheApiShows() {
    IcebergReader reader = reader();
    assertThat(reader.table(TABLE)).as("makes the catalog").isEmpty();
    refuseCommits();
    create("converters/json-with-schema.json", TOPIC, source());
    // Else the sink's consumer makes the topic, as the broker makes any.
    cluster.await("the topic is there", PATIENCE, () -> inTopic() > 0);
    create("sinks/iceberg.json", SINK, sink());
    cluster.await(
        "the first commit is refused",
        PATIENCE,
        () -> cluster.worker().printed().contains(REFUSED));
    cluster.await("the sink fails", PATIENCE, this::hasSinkFailed);
    cluster.worker().kill();
    allowCommits();
    cluster.worker().startAgain();
    converge(reader, "backlog, and a crash of the worker (SIGKILL) before its first commit");
    int loaded = topic.ids().size();

    proof.addLate(LATE);
    try (LiveCalls live = account.live(120)) {
      cluster.await("live calls are in the topic", PATIENCE, () -> inTopic() >= CALLS + 20);
      cluster.worker().kill();
      cluster.worker().startAgain();
      cluster.await("more of them, too", PATIENCE, () -> inTopic() >= CALLS + 40);
      assertThat(live.started()).isPositive();
    }
    cluster.await("all calls have ended", PATIENCE, () -> visible() == account.store().size());
    converge(reader, "live calls, a crash meanwhile, and " + LATE + " calls up to 100 s late");

    int changed = proof.edit(LATE + FRESH, Duration.ofSeconds(100)).size();
    assertThat(changed).isGreaterThan(FRESH);
    converge(reader, changed + " calls changed: labels, remark, recording");
    assertThat(topic.repeated()).hasSizeGreaterThanOrEqualTo(changed);

    cluster.worker().rest().startOver(TOPIC);
    cluster.await("all calls are in the topic again", PATIENCE, () -> topicSize() >= 2 * loaded);
    JsonNode found = converge(reader, "all offsets reset");
    assertThat(found.path("rows")).hasSizeGreaterThanOrEqualTo(2 * loaded);
    assertThat(columns(found)).isEqualTo(columnsOfPage(false));
    assertThat(found.path("partitions").asText()).contains("callStartTime_day: day(");
    expectVersions(found, loaded, changed);
    expectAppendsAlone(found);
    expectView(reader);
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void otherRecordsMakeOtherColumns() {
    IcebergReader reader = reader();
    create("converters/json-with-schema.json", TOPIC, source());
    create("converters/json.json", PLAIN, with(source(), Map.of("topic", PLAIN)));
    create(
        "converters/json-with-schema.json",
        TEXTS,
        with(
            source(),
            Map.of(
                "topic", TEXTS,
                "labels.format", "json",
                "extra.format", "json",
                "times.format", "iso",
                "cost.format", "decimal")));
    cluster.await("all is in the topic", PATIENCE, () -> inTopic() == CALLS);
    create(
        "sinks/iceberg.json",
        BY_ID,
        with(
            sink(),
            Map.of(
                "iceberg.tables",
                "calls.by_id",
                "iceberg.tables.default-id-columns",
                "callSessionId")));
    create(
        "sinks/iceberg.json",
        OF_TEXTS,
        with(
            sink(),
            Map.of(
                "topics", TEXTS,
                "iceberg.tables", "calls.texts",
                "iceberg.tables.default-partition-by", "")));
    create(
        "sinks/iceberg.json",
        OF_PLAIN,
        with(
            sink(),
            Map.of(
                "topics", PLAIN,
                "iceberg.tables", "calls.plain",
                "value.converter.schemas.enable", "false")));
    cluster.worker().rest().startOver(TOPIC);
    JsonNode byId = awaitRows(reader, "calls.by_id", 2 * CALLS);
    assertThat(comparison.with(byId)).isEqualTo(new Result(2 * CALLS, CALLS, 0, 0, 0));
    expectAppendsAlone(byId);

    JsonNode texts = awaitRows(reader, "calls.texts", CALLS);
    assertThat(columns(texts)).isEqualTo(columnsOfPage(true));
    assertThat(texts.path("rows"))
        .hasSize(CALLS)
        .allSatisfy(
            row -> {
              assertThat(row.path("callStartTime").asText()).matches("[-0-9]+T[:0-9]+\\.[0-9]{3}Z");
              assertThat(row.path("extra").asText()).contains("\"score\":4.50");
            });

    JsonNode plain = awaitRows(reader, "calls.plain", CALLS);
    assertThat(columns(plain))
        .containsEntry("callDuration", "long")
        .containsEntry("callStartTime", "long")
        .containsEntry("labels", "list<string>")
        .hasEntrySatisfying("extra", type -> assertThat(type).startsWith("struct<"));
    assertThat(plain.path("partitions").asText()).isEqualTo("[]");
  }

  private static Map<String, String> columns(JsonNode found) {
    Map<String, String> columns = new LinkedHashMap<>();
    found
        .path("columns")
        .forEach(column -> columns.put(column.path("name").asText(), column.path("type").asText()));
    return columns;
  }

  /** The columns as the page lists them, in their usual form or in the other one. */
  private static Map<String, String> columnsOfPage(boolean other) {
    Map<String, String> columns = new LinkedHashMap<>();
    Pattern.compile("^\\| `(\\w+)` \\| `([^`]+)` \\| (?:`([^`]+)`[^|]*)? *\\|$", Pattern.MULTILINE)
        .matcher(MonitoringFiles.text(PAGE))
        .results()
        .forEach(
            row ->
                columns.put(
                    row.group(1), other && row.group(3) != null ? row.group(3) : row.group(2)));
    return columns;
  }

  /** Rows are never replaced or deleted. */
  private static void expectAppendsAlone(JsonNode found) {
    assertThat(found.path("snapshots"))
        .isNotEmpty()
        .allSatisfy(
            snapshot -> {
              assertThat(snapshot.path("operation").asText()).isEqualTo("append");
              assertThat(snapshot.path("summary").path("total-delete-files").asText())
                  .isEqualTo("0");
            });
  }

  /** The catalog keeps the view that the page shows. */
  private static void expectView(IcebergReader reader) {
    Matcher view =
        Pattern.compile("```sql\\ncreate view call_records_now as\\n(.*?)```", Pattern.DOTALL)
            .matcher(MonitoringFiles.text(PAGE));
    assertThat(view.find()).isTrue();
    Map<String, String> dialects = Map.of("spark", view.group(1), "trino", view.group(1));
    assertThat(reader.view(TABLE, "calls.call_records_now", dialects))
        .isEqualTo(new ObjectMapper().valueToTree(dialects));
  }

  /**
   * Rows tell why they are there. Without its offsets, the connector reads each call for the first
   * time.
   */
  private static void expectVersions(JsonNode found, int loaded, int changed) {
    Map<String, Integer> rows = new TreeMap<>();
    found.path("rows").forEach(row -> rows.merge(row.path("version").asText(), 1, Integer::sum));
    System.out.println("rows by version: " + rows);
    assertThat(rows).containsOnlyKeys("first", "late", "updated");
    assertThat(rows.get("first")).isGreaterThanOrEqualTo(2 * loaded);
    assertThat(rows.get("late")).isPositive();
    assertThat(rows.get("updated")).isEqualTo(changed);
  }

  private JsonNode awaitRows(IcebergReader reader, String table, int rows) {
    AtomicReference<JsonNode> found = new AtomicReference<>();
    cluster.await(
        rows + " rows are in " + table,
        PATIENCE,
        () -> {
          failed.restart(CONNECTORS);
          found.set(reader.table(table));
          return found.get().path("rows").size() >= rows;
        });
    return found.get();
  }

  private static Map<String, String> with(
      Map<String, String> settings, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(settings);
    all.putAll(others);
    return all;
  }

  private Map<String, String> source() {
    Map<String, String> settings = proof.source();
    settings.put("add.fields", "readAt,version");
    settings.put("topic.creation.default.partitions", "3");
    // What a crash leaves open stands in the way until then.
    settings.put("producer.override.transaction.timeout.ms", "10000");
    return settings;
  }

  private Map<String, String> sink() {
    Map<String, String> settings = new HashMap<>();
    settings.put("iceberg.catalog.uri", database.jdbcUrl());
    settings.put("iceberg.catalog.warehouse", warehouse.toUri().toString());
    settings.put("iceberg.kafka.bootstrap.servers", cluster.broker().bootstrapServers());
    settings.put("iceberg.control.commit.interval-ms", "3000");
    // The place of a worker that crashed is taken at once, and what it left open is given up.
    settings.put("consumer.override.session.timeout.ms", "10000");
    settings.put("iceberg.kafka.session.timeout.ms", "10000");
    settings.put("iceberg.kafka.transaction.timeout.ms", "10000");
    return settings;
  }

  private IcebergReader reader() {
    Map<String, String> settings = ConnectorFile.read("sinks/iceberg.json").with(sink());
    settings.put("iceberg.catalog.jdbc.user", database.user());
    settings.put("iceberg.catalog.jdbc.password", database.password());
    IcebergReader reader =
        new IcebergReader("iceberg-reader", PLUGINS.resolve("iceberg"), settings);
    readers.add(reader);
    return reader;
  }

  private void create(String file, String name, Map<String, String> changes) {
    cluster.worker().rest().create(name, ConnectorFile.read(file).with(changes));
  }

  /** Tables can be made, but get no snapshot: as if the database went down just then. */
  private void refuseCommits() {
    database.run(
        """
        create function refuse() returns trigger language plpgsql as $$
          begin raise exception '%s'; end $$;
        create trigger refuse before update on iceberg_tables
          for each row execute function refuse();
        """
            .formatted(REFUSED));
  }

  private void allowCommits() {
    assertThat(
            database.number(
                "select count(*) from iceberg_tables where table_name = 'call_records'"))
        .isOne();
    database.run("drop function refuse cascade");
  }

  private boolean hasSinkFailed() {
    return cluster
        .worker()
        .rest()
        .status(SINK)
        .path("tasks")
        .findValuesAsText("state")
        .contains("FAILED");
  }

  private int inTopic() {
    topic.read();
    return topic.count();
  }

  private int topicSize() {
    topic.read();
    return topic.ids().size();
  }

  private int visible() {
    Instant now = account.now();
    return account
        .store()
        .visible(now, Instant.EPOCH, Instant.ofEpochSecond(Integer.MAX_VALUE))
        .size();
  }

  /** Waits until the newest rows of the table are what the API shows, and returns all of it. */
  private JsonNode converge(IcebergReader reader, String what) {
    long since = System.nanoTime();
    cluster.await("the topic is complete", PATIENCE, () -> inTopic() >= visible());
    AtomicReference<JsonNode> found = new AtomicReference<>(reader.table(TABLE));
    AtomicReference<Result> result = new AtomicReference<>(comparison.with(found.get()));
    try {
      cluster.await(
          what,
          PATIENCE,
          () -> {
            inTopic();
            failed.restart(CONNECTORS);
            found.set(reader.table(TABLE));
            result.set(comparison.with(found.get()));
            return result.get().isEqual();
          });
    } catch (AssertionError e) {
      throw new AssertionError(what + ": " + result + " " + comparison.differences(), e);
    }
    cluster.await("the topic is read", PATIENCE, topic::readToEnd);
    System.out.printf(
        "%s: %d s, %d records in the topic, %s%n",
        what,
        Duration.ofNanos(System.nanoTime() - since).toSeconds(),
        topic.ids().size(),
        result.get());
    return found.get();
  }
}
