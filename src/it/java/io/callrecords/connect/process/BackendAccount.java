package io.callrecords.connect.process;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The calls of an account in a real database: those that are over, and new ones. */
final class BackendAccount {
  /** What the database's times mean. */
  static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int BATCH = 500;
  private static final List<String> LABELS =
      List.of("Intended customers", "High level", "重要", "Called back", "vip");

  private final DatabaseServer database;
  private final RandomGenerator random;
  private final Map<String, Integer> edits = new HashMap<>();
  private final List<EnteredCall> entered = new ArrayList<>();
  private @Nullable Connection connection;
  private Instant densest = Instant.EPOCH;
  private long lastId = 1_000_000;
  private long lastLabel = 5_000_000;

  /** A call that was entered while others were read. */
  private record EnteredCall(long id, String callSessionId, Instant start) {}

  /**
   * A call as the database has it.
   *
   * @param labels in alphabetical order, for they have none
   * @param values the other fields that a comparison looks at, by their names
   */
  record StoredCall(List<String> labels, Map<String, String> values) {}

  BackendAccount(DatabaseServer database, long seed) {
    this.database = database;
    this.random = new SplittableRandom(seed);
    Awaitility.await("the database accepts clients")
        .ignoreExceptionsInstanceOf(SQLException.class)
        .atMost(PATIENCE)
        .until(() -> connection().isValid(1));
  }

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null || !open.isValid(1)) {
      open = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
      open.setAutoCommit(false);
      connection = open;
    }
    return open;
  }

  /**
   * Makes the tables.
   *
   * @param index whether calls have an index on account and time, in which those of one second have
   *     no order
   */
  void createTables(boolean index) throws SQLException {
    String time = isPostgres() ? "timestamp" : "datetime";
    execute(
        """
        create table call_record (
          id bigint primary key,
          account varchar(40) not null,
          call_id varchar(40),
          call_session_id varchar(40) not null unique,
          called varchar(40), called_info varchar(1000), caller varchar(40),
          ccode varchar(8), ccode_name varchar(80),
          agent_name varchar(80), agent_group_name varchar(80),
          call_duration integer, call_type integer, hangup_code varchar(8),
          hangup_reason integer, hanging_direction integer, remark varchar(1000),
          call_start_time %1$s not null, answer_time %1$s, call_end_time %1$s,
          voice_url varchar(400))
        """
            .formatted(time));
    execute(
        "create table call_label"
            + " (id bigint primary key, call_id bigint not null, name varchar(80) not null)");
    execute("create index labels_of_call on call_label (call_id)");
    if (index) {
      execute("create index calls_by_time on call_record (account, call_start_time)");
    }
  }

  private boolean isPostgres() {
    return database instanceof PostgresProcess;
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection().createStatement()) {
      statement.execute(sql);
    }
    connection().commit();
  }

  /**
   * Fills the account with calls that are over: some of them many in one second.
   *
   * @param count how many there are
   * @param from when the first starts
   * @param to before which the last starts
   * @param dense how many of them start in one and the same second
   */
  void load(int count, Instant from, Instant to, int dense) throws SQLException {
    List<Instant> starts = new ArrayList<>();
    long seconds = Duration.between(from, to).toSeconds();
    densest = from.truncatedTo(ChronoUnit.SECONDS).plusSeconds(seconds * 7 / 10);
    // There, with the newest first, MariaDB turns from the index to a scan of the table.
    for (int i = 0; i < dense; i++) {
      starts.add(densest);
    }
    while (starts.size() < count) {
      Instant start = from.truncatedTo(ChronoUnit.SECONDS).plusSeconds(random.nextLong(seconds));
      int together = random.nextInt(20) == 0 ? random.nextInt(2, 40) : 1;
      for (int i = 0; i < together && starts.size() < count; i++) {
        starts.add(start);
      }
    }
    for (int first = 0; first < count; first += BATCH) {
      insert(starts.subList(first, Math.min(count, first + BATCH)), 1, 120);
    }
    execute(isPostgres() ? "analyze" : "analyze table call_record, call_label");
  }

  /** The second in which most calls started. */
  Instant densest() {
    return densest;
  }

  /** Enters calls that end now, as a call centre does at hang-up. */
  void enter(int count) throws SQLException {
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<Instant> starts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      starts.add(count > 1 ? now.minusSeconds(count) : now.minusSeconds(random.nextLong(1, 30)));
    }
    long before = lastId;
    insert(starts, 1, 30);
    for (int i = 0; i < count; i++) {
      long id = before + 1 + i;
      entered.add(new EnteredCall(id, sessionId(id), starts.get(i)));
    }
  }

  private void insert(List<Instant> starts, int shortest, int longest) throws SQLException {
    Connection open = connection();
    long before = lastId;
    try (PreparedStatement calls =
            open.prepareStatement(
                "insert into call_record values (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        PreparedStatement labels =
            open.prepareStatement("insert into call_label values (?, ?, ?)")) {
      long id = before;
      for (Instant start : starts) {
        id++;
        fill(calls, id, start, random.nextInt(shortest, longest));
        int first = random.nextInt(LABELS.size());
        int many = random.nextInt(4);
        for (int i = 0; i < many; i++) {
          label(labels, id, LABELS.get((first + i) % LABELS.size()));
        }
      }
      calls.executeBatch();
      labels.executeBatch();
      open.commit();
      lastId = id;
    } catch (SQLException e) {
      forget(open);
      // Nobody was told whether this had been entered when the server ended.
      if (holds(before + starts.size())) {
        lastId = before + starts.size();
      } else {
        throw e;
      }
    }
  }

  private void forget(Connection broken) {
    try {
      broken.close();
    } catch (SQLException e) {
      // It was broken.
    }
    connection = null;
  }

  private boolean holds(long id) throws SQLException {
    try (PreparedStatement query =
        connection().prepareStatement("select 1 from call_record where id = ?")) {
      query.setLong(1, id);
      try (ResultSet found = query.executeQuery()) {
        return found.next();
      }
    }
  }

  private void label(PreparedStatement labels, long call, String name) throws SQLException {
    lastLabel++;
    labels.setLong(1, lastLabel);
    labels.setLong(2, call);
    labels.setString(3, name);
    labels.addBatch();
  }

  private void fill(PreparedStatement calls, long id, Instant start, int seconds)
      throws SQLException {
    int type = random.nextInt(1, 4);
    LocalDateTime time = LocalDateTime.ofInstant(start, ZONE);
    Object[] values = {
      id,
      LocalCluster.KEY,
      type == 3 ? "C" + id : "",
      sessionId(id),
      "91" + random.nextLong(7_000_000_000L, 8_000_000_000L),
      random.nextInt(3) == 0 ? null : "Somebody, \"anywhere\"",
      "91778800001",
      "91",
      "India",
      "agent" + random.nextInt(20),
      "group" + random.nextInt(3),
      seconds,
      type,
      "200",
      random.nextInt(10),
      new int[] {0, 1, 3}[random.nextInt(3)],
      null,
      time,
      seconds < 5 ? null : time.plusSeconds(2),
      time.plusSeconds(seconds),
      ""
    };
    for (int i = 0; i < values.length; i++) {
      calls.setObject(i + 1, values[i]);
    }
    calls.addBatch();
  }

  private static String sessionId(long id) {
    return "S" + id;
  }

  /**
   * Changes one thing of a call that was entered.
   *
   * @param youngest only calls that started at this moment or later
   */
  void edit(Instant youngest) throws SQLException {
    List<EnteredCall> young =
        entered.stream().filter(call -> !call.start().isBefore(youngest)).toList();
    if (young.isEmpty()) {
      return;
    }
    EnteredCall call = young.get(random.nextInt(young.size()));
    edits.merge(call.callSessionId(), 1, Integer::sum);
    Connection open = connection();
    try (PreparedStatement change = open.prepareStatement(change())) {
      change.setLong(1, call.id());
      change.executeUpdate();
      open.commit();
    } catch (SQLException e) {
      forget(open);
      throw e;
    }
  }

  private String change() {
    lastLabel++;
    return switch (random.nextInt(4)) {
      case 0 -> "update call_record set remark = 'remark " + lastLabel + "' where id = ?";
      case 1 -> "update call_record set voice_url = 'voice/" + lastLabel + "' where id = ?";
      case 2 ->
          "delete from call_label where id in"
              + " (select lowest from (select min(id) as lowest from call_label where call_id = ?)"
              + " as l)";
      default ->
          "insert into call_label select "
              + lastLabel
              + ", id, 'edited "
              + lastLabel
              + "' from call_record where id = ?";
    };
  }

  /** How often something of a call was changed. */
  int edits(String callSessionId) {
    return edits.getOrDefault(callSessionId, 0);
  }

  /** All calls that the database has, by their ids. */
  Map<String, StoredCall> stored() throws SQLException {
    Map<String, StoredCall> calls = new TreeMap<>();
    Map<Long, List<String>> labels = new HashMap<>();
    try (Statement statement = connection().createStatement();
        ResultSet rows =
            statement.executeQuery("select call_id, name from call_label order by name")) {
      while (rows.next()) {
        labels.computeIfAbsent(rows.getLong(1), id -> new ArrayList<>()).add(rows.getString(2));
      }
    }
    try (Statement statement = connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select id, call_session_id, called, remark, voice_url, call_duration,"
                    + " call_start_time, call_end_time from call_record")) {
      while (rows.next()) {
        Map<String, String> values = new TreeMap<>();
        values.put("called", text(rows.getString(3)));
        values.put("remark", text(rows.getString(4)));
        values.put("voiceUrl", text(rows.getString(5)));
        values.put("callDuration", text(rows.getString(6)));
        values.put("callStartTime", millis(rows, 7));
        values.put("callEndTime", millis(rows, 8));
        List<String> own = labels.getOrDefault(rows.getLong(1), List.of());
        calls.put(rows.getString(2), new StoredCall(own.stream().sorted().toList(), values));
      }
    }
    connection().commit();
    return calls;
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static String millis(ResultSet rows, int column) throws SQLException {
    LocalDateTime time = rows.getObject(column, LocalDateTime.class);
    return Long.toString(time.toInstant(ZONE).toEpochMilli());
  }

  /** The version of the server. */
  String version() throws SQLException {
    String version = connection().getMetaData().getDatabaseProductVersion();
    return database + " " + version.replaceFirst("[- ].*", "");
  }
}
