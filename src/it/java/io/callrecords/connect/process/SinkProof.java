package io.callrecords.connect.process;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.connect.process.TableComparison.ComparisonResult;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.LiveCalls;
import io.callrecords.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;

/**
 * The whole way into a real database, with the configurations that the project ships: from the
 * simulated API through the packaged plugin, a topic and Debezium's JDBC sink, into tables that SQL
 * compares with the account's own calls.
 */
abstract class SinkProof {
  static final Path FOLDER = Path.of(System.getProperty("sinks.folder", "target/sinks"));
  static final Duration PATIENCE = Duration.ofMinutes(4);
  static final String TOPIC = "call-records";
  static final String TABLE = "call_records";

  private static final int CALLS = 4_000;
  private static final int LATE = 40;
  private static final int FRESH = 20;

  /** Ids that are one and the same to a database that compares as people read. */
  private static final List<String> ALIKE = List.of("alike-a", "alike-A", "alike-ä", "alike-a ");

  /** Neither the zone of the server nor UTC, and with summer time. */
  private static final String WORKERS_ZONE = "America/New_York";

  private final ProofAccount proof = new ProofAccount(CALLS);
  final Simulator account = proof.simulator();
  final SqlServer database;
  final LocalCluster cluster;
  final TableComparison comparison;
  final SinkReport report = new SinkReport();
  final TopicReader topic;
  private final FailedConnectors failed;

  /**
   * Tables that together have a row for each call.
   *
   * @param tables their names
   * @param sql how their columns are compared
   */
  record ComparedTables(List<String> tables, CallSql sql) {}

  SinkProof(String name, SqlServer database) {
    this.database = database;
    account
        .store()
        .addAll(
            ALIKE.stream()
                .map(
                    id ->
                        account
                            .generator()
                            .starting(proof.endOfHistory(), Duration.ofSeconds(20))
                            .with(call -> call.callSessionId(id)))
                .toList());
    this.cluster =
        LocalCluster.start(
            name,
            1,
            WorkerJvm.small(768).inZone(WORKERS_ZONE),
            Map.of(
                "plugin.path",
                FOLDER.resolve("plugins").toAbsolutePath().toString(),
                // The jars of Apicurio's converter name no plugin in service files.
                "plugin.discovery",
                "hybrid_warn"));
    this.topic = new TopicReader(cluster.broker().bootstrapServers(), TOPIC);
    this.comparison = new TableComparison(database, account);
    this.failed = new FailedConnectors(cluster);
  }

  @AfterEach
  void end() {
    topic.close();
    cluster.close();
    database.close();
    proof.close();
  }

  /** The connectors that read the account. */
  abstract List<String> sources();

  /** The connectors that fill the tables. */
  abstract List<String> sinks();

  /** The tables that have to equal the API. */
  abstract List<ComparedTables> ways();

  /** A backlog, during which a worker is killed. */
  void loadBacklog() {
    cluster.await("half of the calls are in the topic", PATIENCE, () -> inTopic() >= CALLS / 2);
    cluster.worker().kill();
    cluster.worker().startAgain();
    converge("backlog, and a crash of the worker in mid-load (SIGKILL)");
    expectVersions("first");
  }

  /** Live calls, and some that appear late. */
  void addCalls() {
    proof.addLate(LATE);
    try (LiveCalls live = account.live(120)) {
      cluster.await("live calls are in the topic", PATIENCE, () -> inTopic() >= allCalls());
      assertThat(live.started()).isPositive();
    }
    cluster.await(
        "all calls have ended", PATIENCE, () -> comparison.look() == account.store().size());
    converge("live calls, and " + LATE + " that appeared up to 100 s late");
    assertThat(rows("version = 'late'")).isPositive();
  }

  private int allCalls() {
    return CALLS + ALIKE.size() + LATE / 2;
  }

  /** Changes of calls after they were sent. */
  void changeCalls() {
    // Else some of the changes are in the tables before anybody has compared.
    sinks().forEach(cluster.worker().rest()::pause);
    List<Call> changed = proof.edit(LATE + FRESH, Duration.ofSeconds(100));
    assertThat(changed).hasSizeGreaterThan(FRESH / 2);
    database.run("create table before_change as select call_session_id, read_at from " + TABLE);
    expect(result -> result.different() == changed.size());
    sinks().forEach(cluster.worker().rest()::resume);
    converge(changed.size() + " calls changed: labels, remark, recording");
    assertThat(topic.repeated()).hasSizeGreaterThanOrEqualTo(changed.size());
    String ids = changed.stream().map(Call::callSessionId).collect(joining("','", "'", "'"));
    assertThat(rows("version = 'updated' and call_session_id in (" + ids + ")"))
        .isEqualTo(changed.size());
    assertThat(
            database.number(
                "select count(*) from before_change b join "
                    + TABLE
                    + " t on t.call_session_id = b.call_session_id"
                    + " where t.version = 'updated' and t.read_at > b.read_at"))
        .isEqualTo(rows("version = 'updated'"));
  }

  /** Damage that no sink does by itself, put right by reading everything again. */
  void damageAndReplay() {
    int loaded = topic.count();
    tables()
        .forEach(
            table ->
                database.run(
                    "delete from %1$s where right(call_session_id, 1) in ('3', '7');"
                            .formatted(table)
                        + "update %1$s set remark = 'gone';".formatted(table)));
    expect(result -> result.missing() > loaded / 10 && result.different() > loaded / 2);
    sources().forEach(cluster.worker().rest()::startOver);
    converge("rows deleted and overwritten by hand, then all offsets reset");
    assertThat(topic.ids().size()).isGreaterThanOrEqualTo(2 * loaded);
  }

  private Stream<String> tables() {
    return ways().stream().flatMap(way -> way.tables().stream());
  }

  /** How many rows of the table fulfil a condition. */
  final long rows(String condition) {
    return database.number("select count(*) from " + TABLE + " where " + condition);
  }

  private void expectVersions(String version) {
    assertThat(rows("version <> '" + version + "' or version is null")).isZero();
  }

  /** Creates a connector of a file, with what a test has to change. */
  final void create(String file, String name, Map<String, String> changes) {
    Map<String, String> settings = ConnectorFile.read(file).with(changes);
    settings.values().removeIf(String::isEmpty);
    cluster.worker().rest().create(name, settings);
  }

  final Map<String, String> source(Map<String, String> others) {
    Map<String, String> settings = proof.source();
    // What a crash leaves open stands in the way until then.
    settings.put("producer.override.transaction.timeout.ms", "10000");
    settings.putAll(others);
    return settings;
  }

  final Map<String, String> sink(Map<String, String> others) {
    Map<String, String> settings = new HashMap<>();
    settings.put("connection.url", database.jdbcUrl());
    // The place of a worker that crashed is taken at once.
    settings.put("consumer.override.session.timeout.ms", "10000");
    settings.putAll(others);
    return settings;
  }

  private int inTopic() {
    topic.read();
    return topic.count();
  }

  /** Waits until each way's tables hold what the API shows, and notes how it went. */
  private void converge(String what) {
    long since = System.nanoTime();
    ways().forEach(way -> awaitEqual(what, way));
    cluster.await("the topic is read", PATIENCE, topic::readToEnd);
    cluster.await("the last versions are in the table", PATIENCE, () -> unlikeTopic() == 0);
    int calls = comparison.look();
    report.step(what, calls, topic.ids().size(), Duration.ofNanos(System.nanoTime() - since));
    ways().forEach(way -> expectEqual(calls, way));
  }

  private void awaitEqual(String what, ComparedTables way) {
    cluster.await(
        what + " in " + way.tables(),
        PATIENCE,
        () -> {
          inTopic();
          failed.restart(sources());
          failed.restart(sinks());
          comparison.look();
          return areThere(way.tables()) && comparison.with(way.tables(), way.sql()).isEqual();
        });
  }

  private void expectEqual(int calls, ComparedTables way) {
    ComparisonResult result = comparison.with(way.tables(), way.sql());
    report.compared(String.join(", ", way.tables()), result);
    assertThat(result).isEqualTo(new ComparisonResult(calls, 0, 0, 0));
  }

  /** Waits until tables that hold more than before equal the API, and notes how it went. */
  final void expectMoved(ComparedTables way) {
    String what = "a table of an earlier version, brought to all fields and loaded again";
    long since = System.nanoTime();
    awaitEqual(what, way);
    int calls = comparison.look();
    report.step(what, calls, topic.ids().size(), Duration.ofNanos(System.nanoTime() - since));
    expectEqual(calls, way);
  }

  /** How many calls have another {@code readAt} or {@code version} than in their last record. */
  private long unlikeTopic() {
    List<String> ids = topic.ids();
    List<JsonNode> values = topic.values();
    Map<String, String> last = new LinkedHashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      JsonNode call = values.get(i).path("payload");
      JsonNode readAt = call.path("readAt");
      Instant moment =
          readAt.isTextual()
              ? Instant.parse(readAt.asText())
              : Instant.ofEpochMilli(readAt.asLong());
      last.put(
          ids.get(i),
          "('%s', %s, '%s')"
              .formatted(
                  ids.get(i), database.calls().literal(moment), call.path("version").asText()));
    }
    database.run(
        "drop table if exists sent;\ncreate table sent as"
            + " select call_session_id, read_at, version from "
            + TABLE
            + " where 1 = 0;\ninsert into sent values "
            + String.join(",\n", last.values())
            + ";");
    return database.number(
        "select count(*) from (select * from sent except"
            + " select call_session_id, read_at, version from "
            + TABLE
            + ") as d");
  }

  /** Whether tables have been made. */
  final boolean areThere(List<String> tables) {
    return database.number(
            "select count(*) from information_schema.tables where table_name in ('"
                + String.join("','", tables)
                + "')")
        == tables.size();
  }

  /**
   * Expects that the tables differ from the API now: a comparison that sees nothing proves nothing.
   */
  private void expect(Predicate<ComparisonResult> difference) {
    comparison.look();
    for (ComparedTables way : ways()) {
      ComparisonResult result = comparison.with(way.tables(), way.sql());
      assertThat(result).matches(difference, "differs from the API");
      report.differed(result);
    }
  }

  /** Expects that a query has each call of the day before this one, in UTC. */
  final void expectYesterday(String query) {
    Instant today = account.now().truncatedTo(ChronoUnit.DAYS);
    Instant yesterday = today.minus(1, ChronoUnit.DAYS);
    long calls =
        account.store().visible(account.now(), Instant.EPOCH, today).stream()
            .filter(call -> !call.start().isBefore(yesterday) && call.start().isBefore(today))
            .count();
    assertThat(calls).isPositive();
    assertThat(database.number("select sum(calls) from (" + withoutEnd(query) + ") as d"))
        .isEqualTo(calls);
  }

  /** A query without the semicolon at its end. */
  static String withoutEnd(String query) {
    return query.strip().replaceFirst(";$", "");
  }
}
