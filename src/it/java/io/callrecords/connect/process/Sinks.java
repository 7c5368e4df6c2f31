package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.ConnectorFile;
import io.callrecords.connect.process.TableComparison.ComparisonResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls and audit records in a real PostgreSQL: as JSON with schemas in the form that {@code
 * config/sinks/postgresql-source.json} gives them, and as Avro with a real registry in the form
 * that they have where nothing is set.
 *
 * <p>It needs Debian's package {@code postgresql} and takes some minutes, so {@code mvn verify}
 * leaves it out: {@code mvn -Psinks verify}, which also writes {@code docs/POSTGRESQL.md}.
 */
class Sinks extends SinkProof {
  private static final Path TUTORIAL =
      Path.of(System.getProperty("basedir", ""), "docs", "TUTORIAL.md");

  private static final String AVRO = "call-records-avro";
  private static final String AVRO_TABLE = "call_records_avro";
  private static final String AUDIT = "call-records-audit";
  private static final String AUDIT_TABLE = "call_records_audit";

  /** What makes of the sink's own {@code json} a column that can be searched by an index. */
  private static final String TO_JSONB =
      "alter table call_records alter column extra type jsonb;\n"
          + "create index on call_records (call_start_time);";

  private static final String YESTERDAY =
      """
      select agent_name, count(*) as calls, sum(call_duration) as seconds, sum(cost) as cost
        from call_records
        where call_start_time >= current_date - 1 and call_start_time < current_date
        group by agent_name order by calls desc, agent_name;
      """;

  private static final String FURTHER =
      """
      select call_start_time, agent_name, labels from call_records
        where 'High level' = any(labels) order by call_start_time desc limit 3;
      select extra->>'sipTrunk' as trunk, count(*), avg((extra->>'score')::numeric) as score
        from call_records group by trunk;
      """;

  /** What makes a table of the form that an earlier version made one that holds all fields. */
  private static final String TO_ALL_FIELDS =
      """
      alter table call_records
        alter column base_cost type numeric using nullif(base_cost, '')::numeric,
        alter column cost type numeric using nullif(cost, '')::numeric,
        alter column call_start_time type timestamptz using call_start_time at time zone 'UTC',
        alter column answer_time type timestamptz using answer_time at time zone 'UTC',
        alter column call_end_time type timestamptz using call_end_time at time zone 'UTC',
        add column extra jsonb,
        add column read_at timestamptz,
        add column version text;
      """;

  /** The calls that began in what has been audited, by the audit and by the table. */
  private static final String AUDITED =
      """
      select sum(emitted) as emitted, sum(malformed) as malformed, count(*) filter (where unstable) as unstable,
             (select count(*) from call_records
                where call_start_time < (select max(window_end) from call_records_audit)) as calls
        from call_records_audit;
      """;

  private final RegistryProcess registry =
      RegistryProcess.start("sinks-registry", FOLDER.resolve("registry"));

  private String audited = "";

  Sinks() {
    super("sinks", PostgresProcess.start("sinks-postgresql"));
  }

  @AfterEach
  void endRegistry() {
    registry.close();
  }

  @Override
  List<String> sources() {
    return List.of(TOPIC, AVRO);
  }

  @Override
  List<String> sinks() {
    return List.of("to-" + TOPIC, "to-" + AVRO, "by-type", "to-" + AUDIT);
  }

  @Override
  List<ComparedTables> ways() {
    return List.of(
        new ComparedTables(List.of(TABLE), CallSql.POSTGRESQL),
        // By call type, as config/sinks/postgresql-by-call-type.json names them.
        new ComparedTables(
            List.of("call_records_group", "call_records_incoming", "call_records_outgoing"),
            CallSql.POSTGRESQL),
        new ComparedTables(List.of(AVRO_TABLE), CallSql.POSTGRESQL_OF_DEFAULTS));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void tablesConvergeToWhatTheApiShows() throws IOException {
    startConnectors();
    loadBacklog();
    String made = SinkReport.columns(columns(TABLE));
    database.run(TO_JSONB);
    addCalls();
    changeCalls();
    expectAudit();
    damageAndReplay();

    expectTypes();
    expectYesterday(YESTERDAY);
    assertThat(database.run(FURTHER)).contains("High level", "trunk-7");
    expectSchemaInRegistry();
    moveToAllFields();
    publish(made);
    followTheTutorial();
  }

  private void startConnectors() {
    create("sinks/postgresql-source.json", TOPIC, source(Map.of("tasks.max", "2")));
    create("converters/avro.json", AVRO, source(avro(Map.of("topic", AVRO))));
    create("sinks/postgresql.json", "to-" + TOPIC, sink(Map.of()));
    create("sinks/postgresql-by-call-type.json", "by-type", sink(Map.of()));
    create("sinks/audit-postgresql.json", "to-" + AUDIT, sink(Map.of()));
    Map<String, String> before = avro(Map.of("topics", AVRO, "collection.name.format", AVRO_TABLE));
    before.putAll(asBefore());
    create("sinks/postgresql.json", "to-" + AVRO, sink(before));
  }

  /** Settings with those of the converter to Avro. */
  private Map<String, String> avro(Map<String, String> others) {
    Map<String, String> settings =
        ConnectorFile.read("converters/avro.json").startingWith("value.converter");
    settings.put("value.converter.apicurio.registry.url", registry.apiUrl());
    // What the converter of JSON has.
    settings.put("value.converter.schemas.enable", "");
    settings.putAll(others);
    return settings;
  }

  /** The transforms that the file had before records had other forms. */
  private static Map<String, String> asBefore() {
    return Map.of(
        "transforms",
        "columns,names",
        "transforms.columns.type",
        "org.apache.kafka.connect.transforms.ReplaceField$Value",
        "transforms.columns.exclude",
        "extra",
        "transforms.names.type",
        "io.debezium.connector.jdbc.transforms.FieldNameTransformation",
        "transforms.names.renames",
        "",
        "transforms.names.column.naming.style",
        "snake_case");
  }

  /** Waits until the audit's sum is the number of calls in what has been audited, all of it old. */
  private void expectAudit() {
    cluster.await(
        "the audit adds up",
        PATIENCE,
        () ->
            areThere(List.of(AUDIT_TABLE))
                && database.number(
                        "select count(*) from ("
                            + withoutEnd(AUDITED)
                            + ") as a"
                            + " where emitted = calls and malformed = 0 and unstable = 0"
                            + " and calls > 3900")
                    == 1);
    audited =
        database
            .run("\\pset tuples_only off\n\\pset format aligned\n\\pset footer off\n" + AUDITED)
            .replaceAll(" *\n", "\n")
            .stripTrailing();
  }

  /** What the page says to do with a table of an earlier version. */
  private void moveToAllFields() {
    ConnectRest rest = cluster.worker().rest();
    String sink = "to-" + AVRO;
    rest.stop(AVRO);
    cluster.await("the sink has read all", PATIENCE, () -> hasReadAll(sink));
    rest.stop(sink);
    database.run(TO_ALL_FIELDS.replace(TABLE, AVRO_TABLE));
    Map<String, String> toTable =
        avro(Map.of("topics", AVRO, "collection.name.format", AVRO_TABLE));
    put(sink, ConnectorFile.read("sinks/postgresql.json").with(sink(toTable)));
    Map<String, String> fromAccount = avro(Map.of("topic", AVRO, "audit.topic", AVRO + "-audit"));
    put(AVRO, ConnectorFile.read("sinks/postgresql-source.json").with(source(fromAccount)));
    rest.deleteOffsets(AVRO);
    List.of(sink, AVRO).forEach(rest::resume);
    expectMoved(new ComparedTables(List.of(AVRO_TABLE), CallSql.POSTGRESQL));
  }

  private void put(String name, Map<String, String> settings) {
    settings.values().removeIf(String::isEmpty);
    cluster.worker().rest().putConfig(name, settings);
  }

  /** Whether a sink has read its topic up to the mark at the end of the last transaction. */
  private boolean hasReadAll(String sink) {
    Map<String, Object> settings =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, cluster.broker().bootstrapServers());
    try (Admin admin = Admin.create(settings)) {
      Map<TopicPartition, OffsetAndMetadata> read =
          admin.listConsumerGroupOffsets("connect-" + sink).partitionsToOffsetAndMetadata().get();
      Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
      read.keySet().forEach(partition -> ends.put(partition, OffsetSpec.latest()));
      return admin.listOffsets(ends).all().get().entrySet().stream()
          .allMatch(end -> end.getValue().offset() - read.get(end.getKey()).offset() <= 1);
    } catch (ExecutionException e) {
      throw new IllegalStateException("No offsets of " + sink, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while offsets are read", e);
    }
  }

  private JsonNode columns(String table) {
    return database.json(
        "select json_agg(row_to_json(c)) from (select column_name as name,"
            + " format_type(atttypid, atttypmod) as type, is_nullable = 'NO' as required"
            + " from information_schema.columns join pg_attribute"
            + " on attrelid = table_name::regclass and attname = column_name"
            + " where table_name = '"
            + table
            + "' order by ordinal_position) as c");
  }

  private void expectTypes() {
    expectType("labels", "text[]");
    expectType("extra", "jsonb");
    expectType("cost", "numeric(38,8)");
    expectType("call_start_time", "timestamp(6) with time zone");
    expectType("read_at", "timestamp(6) with time zone");
    assertThat(columns(TABLE)).hasSize(CallSql.POSTGRESQL.fields().size() + 2);
  }

  private void expectType(String name, String type) {
    assertThat(columns(TABLE))
        .anySatisfy(
            column -> {
              assertThat(column.path("name").asText()).isEqualTo(name);
              assertThat(column.path("type").asText()).isEqualTo(type);
            });
  }

  private void expectSchemaInRegistry() {
    JsonNode schema = registry.get("/groups/default/artifacts/" + AVRO + "-value");
    assertThat(schema.path("name").asText()).isEqualTo("CallRecord");
    assertThat(schema.path("namespace").asText()).isEqualTo("io.callrecords");
    JsonNode versions = registry.get("/groups/default/artifacts/" + AVRO + "-value/versions");
    assertThat(versions.path("count").asInt()).isEqualTo(1);
  }

  /** Sends the worker what the tutorial tells people to send, and asks what it asks. */
  private void followTheTutorial() throws IOException {
    ConnectRest rest = cluster.worker().rest();
    sources().forEach(rest::delete);
    sinks().forEach(rest::delete);
    database.run("drop table " + TABLE);
    List<CurlCommand> commands = CurlCommand.of(TUTORIAL);
    assertThat(commands)
        .extracting(CurlCommand::path)
        .contains("/connectors/call-records-postgresql/config");
    for (CurlCommand command : commands) {
      if (command.path().endsWith("/stop")) {
        cluster.await("the table is filled", PATIENCE, this::isTutorialsTableFull);
        rest.stop(TOPIC);
      } else {
        rest.request(command.method(), command.path(), body(command));
        if (command.path().endsWith("/config")) {
          rest.awaitRunning(command.path().split("/", -1)[2]);
        }
      }
    }
    rest.awaitRunning(TOPIC);
    Matcher queries =
        Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL).matcher(MonitoringFiles.text(TUTORIAL));
    assertThat(queries.results().map(block -> database.run(block.group(1))))
        .hasSizeGreaterThan(1)
        .allSatisfy(answer -> assertThat(answer).isNotBlank());
    cluster.await("the table is still full", PATIENCE, this::isTutorialsTableFull);
  }

  private boolean isTutorialsTableFull() {
    int calls = comparison.look();
    return areThere(List.of(TABLE))
        && comparison
            .with(List.of(TABLE), CallSql.POSTGRESQL)
            .equals(new ComparisonResult(calls, 0, 0, 0));
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

  private void publish(String made) {
    SinkReport.publish(
        "POSTGRESQL.md",
        """
        # Calls in PostgreSQL

        Written by `mvn -Psinks verify` on %s: Kafka %s, Debezium's JDBC sink %s, Apicurio's converter %s with
        Apicurio Registry %s, PostgreSQL %s. The commands from nothing to a table are in the [tutorial](TUTORIAL.md).

        ## Set it up

        1. Let the source write records whose every field a column can hold. These lines of
           `config/sinks/postgresql-source.json` do it:

           ```json
           %s
           ```

        2. Create the sink `config/sinks/postgresql.json`. It makes the table `call_records` and upserts by `call_session_id`, so that a
           call that is sent again, changed or replayed replaces its row.
        3. The sink makes `extra` of the type `json`. Once the table is there, change that to `jsonb`, which can be compared and
           indexed, and add the indexes that your queries need. The sink need not stop. (`jsonb` holds numbers as `numeric`, and refuses one of more than
           131,072 digits before the point, such as 1E200000, at which the sink's task would end: stay with `json` where the API may send such.)

           ```sql
           %s
           ```

        ## The table

        As the sink has made it, before that:

        %s
        `extra` holds what the API sends beside the fields that this version knows, each by its name. `read_at` and `version` tell which version of a
        call a row is. [All fields](SCHEMA.md#call-records).

        ## Ask

        The calls of yesterday by agent. What *yesterday* is, the session's time zone says: `set timezone = 'Asia/Shanghai';` before it.

        ```sql
        %s
        ```

        Calls with a label, and what the API added:

        ```sql
        %s
        ```

        ## What to know

        * **The forms belong together.** The sink gets whatever the source writes. A map, which `extra` is without `extra.format=json`, becomes a column of
          the type `hstore`: without that extension the task fails (`type "hstore" does not exist`), with it at the first quotation mark. Where
          the source has to keep its default forms, leave `extra` out in the sink: `"transforms.names.exclude": "extra"`.
        * **Labels** are best left as they are: an array becomes `text[]`. With `labels.format=json` the sink makes a column `json`,
          and fails at a table that has `text[]`.
        * **Times.** With `times.format=iso` a column is `timestamptz`, and right whatever the zone of the worker, the session and the
          server. In the default form it is `timestamp` in UTC, and right as well. Crossed, both are wrong without an error, by the zone of the
          *worker's JVM*: texts into `timestamp` columns, and the default form into `timestamptz` columns that were made beforehand.
        * **Costs** become `numeric(38,8)`, which `sum` takes. Debezium's transform `FieldNameTransformation` (3.3.1.Final) drops the parameters of a field's
          schema, the scale among them: behind it, the sink makes `numeric(38,-1)`, and PostgreSQL rounds each cost to tens, to 0. So the file renames with
          Kafka's `ReplaceField`. A name that you leave out of `renames` stays, and PostgreSQL folds it: `callsessionid`.
        * **One kind of database in a worker.** In Debezium's sink 3.3.1.Final, the sink of a worker that has started last decides the column
          types of all: one for [MariaDB](MARIADB.md) in the same worker, and one of the two cannot make its table. Give each kind a worker
          (a Connect cluster) of its own.

        ## A table of an earlier version

        A sink with the `config/sinks/postgresql.json` of an earlier version goes on as it is, while the source keeps its forms: `extra` left out, costs as
        `text`, times as `timestamp` in UTC. The table `call_records_avro` [below](#compared-with-the-api) is such a one. To bring it to all fields:

        1. Stop the source (`PUT /connectors/call-records/stop`), and wait until the sink has read all: its group,
           `connect-call-records-postgresql`, lags behind by no more than 1 in each partition, which is the mark of the last transaction.
        2. Stop the sink, and change the table:

           ```sql
           %s
           ```

        3. Give the sink and the source the lines of the new files, and resume both.
        4. Rows that are there have no `extra`, `read_at` and `version` until their calls are sent again: [load them again](OFFSETS.md), if you need that.

        ## Audit records

        `config/sinks/audit-postgresql.json` brings `audit.topic` into the table `call_records_audit`. Its key is the window with its outcome, since a
        window that was settled may be found [drifted](AUDIT.md) later; `windowStart`, `windowEnd` and `distinctRows` stand for `from`,
        `to` and `distinct`, which are reserved words. Version 0.2.0 wrote neither of them, and at its records this sink fails: where the topic has some, set another
        `audit.topic` first. Whether the table has what was read:

        ```sql
        %s
        ```

        ```
        %s
        ```

        `emitted` is `calls` where nothing was loaded again ([what else to know](AUDIT.md#sum-up-the-audit)). The table, as the sink makes it:

        %s
        ## Compared with the API

        Two connectors read one simulated account into two topics, as JSON with schemas in the form above, and as Avro in the default form. Four sinks write
        them into tables, one of them by call type (`config/sinks/postgresql-by-call-type.json`). The workers' zone is America/New_York. After each step, all of it is compared with the account's own calls,
        which lie beside the tables as the view `api`. *Meanwhile* is how they differed before the step that follows was over.

        %s
        %s"""
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                KafkaJars.ofTests().version(),
                System.getProperty("debezium.version"),
                System.getProperty("apicurio-converter.version"),
                System.getProperty("apicurio-registry.version"),
                database.version(),
                SinkReport.forms("sinks/postgresql-source.json"),
                TO_JSONB.replace("\n", "\n   "),
                made,
                YESTERDAY.strip(),
                FURTHER.strip(),
                TO_ALL_FIELDS.strip().replace("\n", "\n   "),
                AUDITED.strip(),
                audited,
                SinkReport.columns(columns(AUDIT_TABLE)),
                report.steps(),
                SinkReport.queries(TABLE, CallSql.POSTGRESQL)));
  }
}
