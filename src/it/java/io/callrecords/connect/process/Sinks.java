package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.connect.process.TableComparison.ComparisonResult;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.LiveCalls;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The whole way into a real PostgreSQL, with the configurations that the project ships: from the
 * simulated API through the packaged plugin, once as JSON with schemas and once as Avro with a real
 * registry, and Debezium's JDBC sink, into tables that SQL compares with the account's own calls.
 *
 * <p>It needs Debian's package {@code postgresql} and takes some minutes, so {@code mvn verify}
 * leaves it out: {@code mvn -Psinks verify}, which also writes {@code docs/POSTGRESQL.md}.
 */
class Sinks {
  private static final Path TUTORIAL =
      Path.of(System.getProperty("basedir", ""), "docs", "TUTORIAL.md");
  private static final Path FOLDER = Path.of(System.getProperty("sinks.folder", "target/sinks"));
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration STATUS_EVERY = Duration.ofSeconds(3);
  private static final Duration HISTORY = Duration.ofDays(3);

  /** Longer than any call of the history, so that all of them are over. */
  private static final Duration SINCE_HISTORY = Duration.ofHours(5);

  private static final int CALLS = 4_000;
  private static final int LATE = 40;
  private static final int FRESH = 20;

  /** What a window may still gain or change, so that all of it is over within minutes. */
  private static final long LATE_ARRIVAL_MS = 180_000;

  private static final String JSON = "call-records";
  private static final String AVRO = "call-records-avro";
  private static final List<String> SOURCES = List.of(JSON, AVRO);
  private static final List<String> SINKS = List.of("to-" + JSON, "to-" + AVRO, "by-type");
  private static final String TABLE = "call_records";
  private static final String AVRO_TABLE = "call_records_avro";

  /** By call type, as {@code config/sinks/postgresql-by-call-type.json} names them. */
  private static final String[] TABLES_BY_TYPE = {
    "call_records_group", "call_records_incoming", "call_records_outgoing"
  };

  private final Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final Simulator account =
      Simulator.builder()
          .quirks(Quirks.newBuilder().unknownFields(true).build())
          .calls(CALLS, begin.minus(HISTORY), begin.minus(SINCE_HISTORY))
          .start();
  private final PostgresProcess database = PostgresProcess.start("sinks-postgresql");
  private final RegistryProcess registry =
      RegistryProcess.start("sinks-registry", FOLDER.resolve("registry"));
  private final LocalCluster cluster =
      LocalCluster.start(
          "sinks",
          1,
          768,
          Map.of(
              "plugin.path",
              FOLDER.resolve("plugins").toAbsolutePath().toString(),
              // The converter's jars name no plugin in service files.
              "plugin.discovery",
              "hybrid_warn"));
  private final TopicReader topic = new TopicReader(cluster.broker().bootstrapServers(), JSON);
  private final TableComparison comparison = new TableComparison(database, account);
  private final SinksReport report = new SinksReport();
  private long lastStatus = System.nanoTime();

  @AfterEach
  void end() {
    topic.close();
    cluster.close();
    registry.close();
    database.close();
    account.close();
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void tablesConvergeToWhatTheApiShows() throws IOException {
    startConnectors();
    cluster.await("half of the calls are in the topic", PATIENCE, () -> inTopic() >= CALLS / 2);
    cluster.worker().kill();
    cluster.worker().startAgain();
    converge("backlog, and a crash of the worker in mid-load (SIGKILL)");
    int loaded = topic.ids().size();

    addLateCalls();
    try (LiveCalls live = account.live(120)) {
      cluster.await("live calls are in the topic", PATIENCE, () -> inTopic() >= CALLS + 20);
      assertThat(live.started()).isPositive();
    }
    cluster.await("all calls have ended", PATIENCE, () -> comparison.look() == allCalls());
    converge("live calls, and " + LATE + " that appeared up to 100 s late");

    // Else some of the changes are in the tables before anybody has compared.
    SINKS.forEach(cluster.worker().rest()::pause);
    int changed = change();
    expect(result -> result.different() == changed);
    SINKS.forEach(cluster.worker().rest()::resume);
    converge(changed + " calls changed: labels, remark, recording");
    assertThat(topic.repeated()).hasSizeGreaterThanOrEqualTo(changed);

    damage();
    expect(result -> result.missing() > loaded / 6 && result.different() > loaded / 2);
    replay();
    converge("rows deleted and overwritten by hand, then all offsets reset");
    assertThat(topic.ids()).hasSizeGreaterThanOrEqualTo(2 * loaded);

    expectTypes();
    expectSchemaInRegistry();
    followTheTutorial();
    report.publish(KafkaJars.ofTests().version(), database.version());
  }

  private void startConnectors() {
    Map<String, String> avro =
        ConnectorFile.read("converters/avro.json").startingWith("value.converter");
    avro.put("value.converter.apicurio.registry.url", registry.apiUrl());
    create("converters/json-with-schema.json", JSON, source(Map.of()));
    create("converters/avro.json", AVRO, source(avro));
    create("sinks/postgresql.json", "to-" + JSON, sink(Map.of()));
    Map<String, String> other = new HashMap<>(avro);
    other.put("topics", AVRO);
    other.put("collection.name.format", AVRO_TABLE);
    create("sinks/postgresql.json", "to-" + AVRO, sink(other));
    create("sinks/postgresql-by-call-type.json", "by-type", sink(Map.of()));
  }

  private void create(String file, String name, Map<String, String> changes) {
    Map<String, String> settings = ConnectorFile.read(file).with(changes);
    settings.computeIfPresent("topic", (key, topicOfFile) -> name);
    cluster.worker().rest().create(name, settings);
  }

  private Map<String, String> source(Map<String, String> others) {
    Map<String, String> settings = new HashMap<>(others);
    settings.put("api.url", account.url());
    settings.put("start.time", begin.minus(HISTORY).toString());
    settings.put("requests.per.second", "20");
    settings.put("poll.interval.ms", "1000");
    settings.put("emit.updates", "true");
    settings.put("late.arrival.ms", Long.toString(LATE_ARRIVAL_MS));
    // What a crash leaves open stands in the way until then.
    settings.put("producer.override.transaction.timeout.ms", "10000");
    return settings;
  }

  private Map<String, String> sink(Map<String, String> others) {
    Map<String, String> settings = new HashMap<>(others);
    settings.put("connection.url", database.jdbcUrl());
    // The place of a worker that crashed is taken at once.
    settings.put("consumer.override.session.timeout.ms", "10000");
    return settings;
  }

  private int inTopic() {
    topic.read();
    return topic.count();
  }

  /** Waits until each way's tables hold what the API shows, and notes how it went. */
  private void converge(String what) {
    long since = System.nanoTime();
    for (String[] tables : ways()) {
      cluster.await(
          what + " in " + List.of(tables),
          PATIENCE,
          () -> {
            inTopic();
            restartFailed();
            comparison.look();
            return isThere(tables) && comparison.with(tables).isEqual();
          });
    }
    cluster.await("the topic is read", PATIENCE, topic::readToEnd);
    int calls = comparison.look();
    Duration took = Duration.ofNanos(System.nanoTime() - since);
    report.step(what, calls, topic.ids().size(), took);
    for (String[] tables : ways()) {
      ComparisonResult result = comparison.with(tables);
      report.compared(String.join(", ", tables), result);
      assertThat(result).isEqualTo(new ComparisonResult(calls, 0, 0, 0));
    }
  }

  /** What the crash has left behind is started again, as its operator would. */
  private void restartFailed() {
    long now = System.nanoTime();
    if (now - lastStatus >= STATUS_EVERY.toNanos()) {
      lastStatus = now;
      SOURCES.forEach(cluster.worker().rest()::restartFailed);
      SINKS.forEach(cluster.worker().rest()::restartFailed);
    }
  }

  private static List<String[]> ways() {
    return List.of(new String[] {TABLE}, new String[] {AVRO_TABLE}, TABLES_BY_TYPE);
  }

  private boolean isThere(String... tables) {
    String names = "'" + String.join("','", tables) + "'";
    return database.number("select count(*) from pg_tables where tablename in (" + names + ")")
        == tables.length;
  }

  /**
   * Expects that the tables differ from the API now: a comparison that sees nothing proves nothing.
   */
  private void expect(Predicate<ComparisonResult> difference) {
    comparison.look();
    for (String[] tables : ways()) {
      assertThat(comparison.with(tables)).matches(difference, "differs from the API");
      report.differed(comparison.with(tables));
    }
  }

  private int allCalls() {
    return account.store().size();
  }

  private void addLateCalls() {
    Instant now = account.now();
    account
        .store()
        .addAll(
            IntStream.range(0, LATE)
                .mapToObj(i -> now.minusSeconds(30 + i * 70L / LATE))
                .map(start -> account.generator().starting(start, Duration.ofSeconds(20)))
                .map(call -> call.with(late -> late.appearsAt(now)))
                .toList());
  }

  /** Somebody labels calls and remarks on them, and a machine adds recordings. */
  private int change() {
    Instant now = account.now();
    List<Call> young =
        account.store().visible(now, now.minusSeconds(100), now).stream()
            .limit(LATE + FRESH)
            .toList();
    assertThat(young).hasSizeGreaterThan(FRESH);
    young.forEach(
        call ->
            account
                .store()
                .edit(
                    call.callSessionId(),
                    now,
                    edited ->
                        edited
                            .labels(List.of("Called back", "It's \"vip\", {really}", "重要"))
                            .remark("Said: \"tomorrow\"\nand 'then' \\ too")
                            .voiceUrl("https://recordings.example/" + call.callSessionId())));
    return young.size();
  }

  /** What no sink does by itself. */
  private void damage() {
    for (String[] tables : ways()) {
      for (String table : tables) {
        database.run(
            "delete from %1$s where hashtext(call_session_id) %% 5 = 0; update %1$s set remark = 'gone'"
                .formatted(table));
      }
    }
  }

  private void replay() {
    for (String connector : SOURCES) {
      ConnectRest rest = cluster.worker().rest();
      rest.stop(connector);
      rest.deleteOffsets(connector);
      rest.resume(connector);
    }
  }

  /** Sends the worker what the tutorial tells people to send, and asks what it asks. */
  private void followTheTutorial() throws IOException {
    ConnectRest rest = cluster.worker().rest();
    SOURCES.forEach(rest::delete);
    SINKS.forEach(rest::delete);
    database.run("drop table " + TABLE);
    List<CurlCommand> commands = CurlCommand.of(TUTORIAL);
    assertThat(commands)
        .extracting(CurlCommand::path)
        .contains("/connectors/call-records-postgresql/config");
    for (CurlCommand command : commands) {
      if (command.path().endsWith("/stop")) {
        cluster.await("the table is filled", PATIENCE, this::isTutorialsTableFull);
        rest.stop(JSON);
      } else {
        rest.request(command.method(), command.path(), body(command));
        if (command.path().endsWith("/config")) {
          rest.awaitRunning(command.path().split("/", -1)[2]);
        }
      }
    }
    rest.awaitRunning(JSON);
    Matcher queries =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL).matcher(MonitoringFiles.text(TUTORIAL));
    assertThat(queries.results().map(block -> database.run(block.group(1))))
        .hasSizeGreaterThan(1)
        .allSatisfy(answer -> assertThat(answer).isNotBlank());
    cluster.await("the table is still full", PATIENCE, this::isTutorialsTableFull);
  }

  private boolean isTutorialsTableFull() {
    int calls = comparison.look();
    return isThere(TABLE) && comparison.with(TABLE).equals(new ComparisonResult(calls, 0, 0, 0));
  }

  /** The body of a request, with the addresses of this test. */
  private @Nullable JsonNode body(CurlCommand command) throws IOException {
    if (command.body() == null) {
      return null;
    }
    ObjectNode body = (ObjectNode) new ObjectMapper().readTree(command.body());
    if (body.has("api.url")) {
      body.put("api.url", account.url()).put("requests.per.second", "20");
    } else {
      body.put("connection.url", database.jdbcUrl());
    }
    return body;
  }

  private void expectTypes() {
    JsonNode columns =
        database.rows(
            "select column_name as name, format_type(atttypid, atttypmod) as type,"
                + " is_nullable = 'NO' as required"
                + " from information_schema.columns join pg_attribute"
                + " on attrelid = table_name::regclass and attname = column_name"
                + " where table_name = '"
                + TABLE
                + "' order by ordinal_position");
    assertThat(columns).hasSize(TableComparison.columns());
    assertThat(columns)
        .anySatisfy(
            column -> {
              assertThat(column.path("name").asText()).isEqualTo("labels");
              assertThat(column.path("type").asText()).isEqualTo("text[]");
            });
    report.columns(columns);
  }

  private void expectSchemaInRegistry() {
    JsonNode schema = registry.get("/groups/default/artifacts/" + AVRO + "-value");
    assertThat(schema.path("name").asText()).isEqualTo("CallRecord");
    assertThat(schema.path("namespace").asText()).isEqualTo("io.callrecords");
    JsonNode versions = registry.get("/groups/default/artifacts/" + AVRO + "-value/versions");
    assertThat(versions.path("count").asInt()).isEqualTo(1);
  }
}
