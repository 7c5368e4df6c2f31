package io.callrecords.connect.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls in a real MariaDB, in the form that {@code config/sinks/mariadb-source.json} gives them,
 * and what becomes of them in tables that are made in another way than {@code
 * config/sinks/mariadb.sql} does.
 *
 * <p>It needs Debian's package {@code mariadb-server} and takes some minutes, so {@code mvn verify}
 * leaves it out: {@code mvn -Psinks verify}, which also writes {@code docs/MARIADB.md}.
 */
class MariaDbSinks extends SinkProof {
  private static final Path TABLE_FILE =
      Path.of(System.getProperty("basedir", ""), "config", "sinks", "mariadb.sql");

  private static final String SINK = "to-" + TOPIC;

  /** A table that the sink has made by itself, in a database that compares as people read. */
  private static final String MERGED = "call_records_merged";

  /** A table whose times are of the type {@code timestamp}. */
  private static final String SHIFTED = "call_records_shifted";

  private static final String YESTERDAY =
      """
      select agent_name, count(*) as calls, sum(call_duration) as seconds, sum(cost) as cost
        from call_records
        where call_start_time >= utc_date() - interval 1 day and call_start_time < utc_date()
        group by agent_name order by calls desc, agent_name;
      """;

  private static final String FURTHER =
      """
      select call_start_time, agent_name, labels from call_records
        where json_contains(labels, '"High level"') order by call_start_time desc limit 3;
      select json_value(extra, '$.sipTrunk') as trunk, count(*), avg(json_value(extra, '$.score')) as score
        from call_records group by trunk;
      """;

  private String merged = "";

  MariaDbSinks() {
    super("sinks-of-mariadb", server());
  }

  /** A server in a zone that is neither the worker's nor UTC. */
  private static SqlServer server() {
    MariaDbProcess server = MariaDbProcess.start("sinks-mariadb", "--default-time-zone=+05:30");
    server.awaitReady();
    return server;
  }

  @Override
  List<String> sources() {
    return List.of(TOPIC);
  }

  @Override
  List<String> sinks() {
    return List.of(SINK);
  }

  @Override
  List<ComparedTables> ways() {
    return List.of(new ComparedTables(List.of(TABLE), CallSql.MARIADB));
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.MINUTES)
  void tablesConvergeToWhatTheApiShows() {
    database.run(MonitoringFiles.text(TABLE_FILE));
    create("sinks/mariadb-source.json", TOPIC, source(Map.of()));
    create("sinks/mariadb.json", SINK, sink(Map.of()));
    loadBacklog();
    expectTraps();
    addCalls();
    changeCalls();
    damageAndReplay();
    expectYesterday(YESTERDAY);
    assertThat(database.run(FURTHER)).contains("High level", "trunk-7");
    publish();
  }

  /** What the page warns of happens. */
  private void expectTraps() {
    database.run(
        MonitoringFiles.text(TABLE_FILE)
            .replace(TABLE, SHIFTED)
            .replace("datetime(3)", "timestamp(3) null")
            .replace("null not null", "not null"));
    create("sinks/mariadb.json", "shifting", into(SHIFTED, Map.of()));
    create("sinks/mariadb.json", "merging", into(MERGED, Map.of("schema.evolution", "basic")));
    int calls = comparison.look();
    cluster.await(
        "tables that were made otherwise are filled",
        PATIENCE,
        () ->
            areThere(List.of(MERGED))
                && database.number("select count(*) from " + SHIFTED) == calls
                && database.number("select count(*) from " + MERGED) == calls - 3);
    assertThat(
            database.number(
                "select count(*) from api join "
                    + SHIFTED
                    + " t on t.call_session_id = api.call_session_id where"
                    + " unix_timestamp(t.call_start_time) ="
                    + " timestampdiff(second, '1970-01-01', api.call_start_time)"))
        .isZero();
    assertThat(
            database.number(
                "select count(*) from " + MERGED + " where call_session_id like 'alike%'"))
        .isOne();
    merged = SinkReport.columns(columns(MERGED));
    List.of("shifting", "merging").forEach(cluster.worker().rest()::delete);
  }

  private Map<String, String> into(String table, Map<String, String> others) {
    Map<String, String> settings = new HashMap<>(others);
    settings.put("collection.name.format", table);
    return sink(settings);
  }

  private JsonNode columns(String table) {
    return database.json(
        "select json_arrayagg(json_object('name', column_name, 'type', column_type,"
            + " 'required', is_nullable = 'NO') order by ordinal_position)"
            + " from information_schema.columns where table_name = '"
            + table
            + "'");
  }

  private void publish() {
    SinkReport.publish(
        "MARIADB.md",
        """
        # Calls in MariaDB

        Written by `mvn -Psinks verify` on %s: Kafka %s, Debezium's JDBC sink %s, MariaDB %s.

        ## Set it up

        1. Unpack the archive `io.debezium:debezium-connector-jdbc:%s` with the classifier `plugin` into a folder on `plugin.path`. It brings the driver, MariaDB
           Connector/J (`mariadb-java-client-3.5.3.jar`, LGPL-2.1-or-later): nothing else is to be downloaded. Where the worker has a sink of Debezium for
           PostgreSQL, take [another worker](#what-to-know).
        2. Let the source write records whose every field a column can hold. These lines of `config/sinks/mariadb-source.json` do it:

           ```json
           %s
           ```

           The times stay in their default form: see below.
        3. Create a database and a user for the sink (`create database calls; create user calls@localhost identified by '…'; grant all on calls.*
           to calls@localhost;`; the workers have both as `CALL_RECORDS_DB_USER` and `CALL_RECORDS_DB_PASSWORD`), and in it the table, with `config/sinks/mariadb.sql`:

           ```sql
           %s
           ```

        4. Create the sink `config/sinks/mariadb.json`. It upserts by `call_session_id`, so that a call that is sent again, changed or replayed
           replaces its row, and makes no table: where there is none, its task fails.
        5. *Verify*: `GET /connectors/call-records-mariadb/status` says `RUNNING`, and `select count(*) from call_records` is more than 0 within a minute; it
           takes the sink some ten seconds to begin.

        Times are `datetime`, in UTC whatever the zone of the worker, the session and the server. `extra` holds what the API sends beside the
        fields that this version knows, each by its name. `read_at` and `version` tell which version of a call a row is.
        [All fields](SCHEMA.md#call-records).

        ## Ask

        The calls of yesterday by agent, in UTC:

        ```sql
        %s
        ```

        For the day of another zone, convert its borders, not the column: an index on `call_start_time` helps then, too. In Shanghai,
        `call_start_time >= convert_tz(curdate() - interval 1 day, '+08:00', '+00:00') and call_start_time < convert_tz(curdate(), '+08:00', '+00:00')`, after `set time_zone = '+08:00'`.

        Calls with a label, and what the API added:

        ```sql
        %s
        ```

        ## What to know

        * **The key compares bytes.** The sink's own table has the collation of the database, by default one that compares as people read: of the ids `alike-a`,
          `alike-A`, `alike-ä` and `alike-a` with a space behind it, one row was left, without an error. `utf8mb4_bin` still merges the last with the first, since it
          ignores spaces at the end. `utf8mb4_nopad_bin` merges none.
        * **Times are `datetime`.** In a column `timestamp`, which the server takes for the session's zone, all calls were shifted by
          that zone (here +05:30), without an error. `times.format=iso` is worse: this sink makes a column `timestamp` of it, and writes into it the time of the
          zone of the *worker's JVM*. As plain text (through Kafka's `Cast`), MariaDB refuses its `Z`.
        * **JSON is text.** For MariaDB this sink writes `cast(… as json)`, which MariaDB does not know, so that its task fails with `You have an error in
          your SQL syntax`; at an array it fails with a `NullPointerException`. Hence `labels.format=json` and `extra.format=json` in the source, and in the
          sink `Cast`, which leaves a plain text of each. The column `json` checks that it is
          JSON, and takes no more than 32 levels of it: enough for `labels`, while `extra`, whose depth the API decides, is `longtext`.
        * **Costs** become `decimal(38,8)`. Debezium's transform `FieldNameTransformation` (3.3.1.Final) drops the scale: behind it, the sink's own table has
          `decimal(38,-1)`, at which MariaDB fails. So the file renames with Kafka's `ReplaceField`.
        * **One kind of database in a worker.** In Debezium's sink 3.3.1.Final, the sink of a worker that has started last decides the column types of all: one
          for PostgreSQL in the same worker, and one of the two cannot make its table. Give each kind a worker (a Connect cluster) of its own.

        What the sink makes where it makes the table itself (`schema.evolution=basic`), for comparison:

        %s
        ## Compared with the API

        In your own installation, `audit.topic` tells how many calls there should be: [sum up the audit](AUDIT.md#sum-up-the-audit); `emitted` is the number of rows of
        calls that began before its `until` (in milliseconds; with `late.arrival.ms` at its default of a day, that is yesterday at the latest):

        ```sql
        set time_zone = '+00:00';
        select count(*) from call_records where call_start_time < from_unixtime(1796083200);
        ```

        What the proof found:

        A connector reads one simulated account, and the sink writes its calls into the table. The server's zone is +05:30, the worker's America/New_York.
        After each step, all of it is compared with the account's own calls, which lie beside the table as the table `api`. *Meanwhile* is how they
        differed before the step that follows was over.

        %s
        %s"""
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                KafkaJars.ofTests().version(),
                System.getProperty("debezium.version"),
                database.version(),
                System.getProperty("debezium.version"),
                SinkReport.forms("sinks/mariadb-source.json"),
                MonitoringFiles.text(TABLE_FILE).strip().replace("\n", "\n   "),
                YESTERDAY.strip(),
                FURTHER.strip(),
                merged,
                report.steps(),
                SinkReport.queries(TABLE, CallSql.MARIADB)));
  }
}
