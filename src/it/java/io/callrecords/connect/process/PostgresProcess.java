package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the machine's own programs, with a new database on a port of its own, both
 * gone when it is closed.
 */
final class PostgresProcess implements SqlServer {
  /** The database and its owner. */
  static final String DATABASE = "calls";

  static final String USER = "calls";
  static final String PASSWORD = "rows, please";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

  /** The server refuses to run as root; the package brings this user. */
  private static final String UNPRIVILEGED = "postgres";

  private final ProcessHome home;
  private final ServerFolder folder;
  private final Path programs;
  private final int port = ProcessHome.freePort();

  private PostgresProcess(ProcessHome home, ServerFolder folder, Path programs) {
    this.home = home;
    this.folder = folder;
    this.programs = programs;
  }

  /**
   * Starts a server and creates the database.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   */
  static PostgresProcess start(String name) {
    Path programs = programs();
    ProcessHome home = new ProcessHome(name, Platform.ofTests());
    try {
      ServerFolder folder = ServerFolder.create(home, UNPRIVILEGED);
      PostgresProcess process = new PostgresProcess(home, folder, programs);
      process.create();
      return process;
    } catch (IOException e) {
      home.close();
      throw new UncheckedIOException("Could not make a folder for " + name, e);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private static Path programs() {
    List<Path> found = List.of();
    if (Files.isDirectory(VERSIONS)) {
      try (Stream<Path> versions = Files.list(VERSIONS)) {
        found =
            versions
                .map(version -> version.resolve("bin"))
                .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                .sorted(Comparator.comparing(Path::toString))
                .toList();
      } catch (IOException e) {
        throw new UncheckedIOException("Could not look into " + VERSIONS, e);
      }
    }
    if (found.isEmpty()) {
      throw new AssertionError(
          "No server in "
              + VERSIONS
              + ", without which nothing here can be tested. Install the package postgresql of"
              + " Debian or Ubuntu (apt-get install postgresql).");
    }
    return found.get(found.size() - 1);
  }

  private void create() {
    Path password = folder.write("password", PASSWORD);
    home.start(
            folder.command(
                programs.resolve("initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync"))
        .awaitSuccess(PATIENCE);
    JavaProcess first = launch();
    first.await(
        "PostgreSQL serves",
        PATIENCE,
        () -> first.hasPrinted("database system is ready to accept connections"));
    run("postgres", "create database " + DATABASE);
  }

  private JavaProcess launch() {
    return home.start(
        folder.command(
            programs.resolve("postgres").toString(),
            "-D",
            data().toString(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "port=" + port,
            "-c",
            "unix_socket_directories=" + folder.path(),
            "-c",
            "timezone=UTC",
            "-c",
            "fsync=off"));
  }

  private Path data() {
    return folder.path().resolve("data");
  }

  @Override
  public String jdbcUrl() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  @Override
  public String user() {
    return USER;
  }

  @Override
  public String password() {
    return PASSWORD;
  }

  /** Does not wait until its clients have gone, as a signal would. */
  @Override
  public void stop() {
    home.start(
            folder.command(
                programs.resolve("pg_ctl").toString(), "stop", "--mode=fast", "--pgdata=" + data()))
        .awaitSuccess(ENDS_WITHIN);
  }

  @Override
  public void startAgain() {
    launch();
  }

  @Override
  public String run(String sql) {
    return run(DATABASE, sql);
  }

  @Override
  public String version() {
    return run("show server_version").strip().replaceFirst(" .*", "");
  }

  @Override
  public CallSql calls() {
    return CallSql.POSTGRESQL;
  }

  /** The rows of a query, each with its columns by name. */
  JsonNode rows(String query) {
    return json("select coalesce(json_agg(row_to_json(t)), '[]') from (" + query + ") as t");
  }

  private String run(String database, String sql) {
    ProcessBuilder builder =
        new ProcessBuilder(
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--no-align",
            "--tuples-only",
            "--set=ON_ERROR_STOP=1",
            "--host=127.0.0.1",
            "--port=" + port,
            "--username=" + USER,
            "--dbname=" + database);
    builder.environment().put("PGPASSWORD", PASSWORD);
    builder.environment().put("PGCLIENTENCODING", "UTF8");
    return SqlClient.run(builder, sql);
  }

  @Override
  public void close() {
    home.close();
  }

  @Override
  public String toString() {
    return "PostgreSQL";
  }
}
