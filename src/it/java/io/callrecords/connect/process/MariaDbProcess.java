package io.callrecords.connect.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * A MariaDB server of the machine's own programs, with a new database on a port of its own, both
 * gone when it is closed.
 */
final class MariaDbProcess implements SqlServer {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

  /** The server refuses to run as root; the package brings this user. */
  private static final String UNPRIVILEGED = "mysql";

  private final ProcessHome home;
  private final ServerFolder folder;
  private final Path program;
  private final List<String> options;
  private final int port = ProcessHome.freePort();
  private JavaProcess server;

  private MariaDbProcess(ProcessHome home, Path program, List<String> options) throws IOException {
    this.home = home;
    this.program = program;
    this.options = options;
    this.folder = ServerFolder.create(home, UNPRIVILEGED);
    Path data = folder.path().resolve("data");
    home.start(
            folder.command(
                "mariadb-install-db",
                "--no-defaults",
                "--datadir=" + data,
                "--auth-root-authentication-method=normal",
                "--skip-test-db"))
        .awaitSuccess(PATIENCE);
    folder.write(
        "init.sql",
        String.join(
            System.lineSeparator(),
            "create database if not exists calls character set utf8mb4;",
            "create user if not exists calls@'%' identified by '" + password() + "';",
            "grant all on calls.* to calls@'%';"));
    this.server = launch();
  }

  /**
   * Starts a server and creates the database.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param options what else the server is started with
   */
  static MariaDbProcess start(String name, String... options) {
    Path program =
        Programs.find("mariadbd", "mariadb-server", Path.of("/usr/sbin"), Path.of("/usr/bin"));
    ProcessHome home = new ProcessHome(name, Platform.ofTests());
    try {
      return new MariaDbProcess(home, program, List.of(options));
    } catch (IOException e) {
      home.close();
      throw new UncheckedIOException("Could not make a folder for " + name, e);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private JavaProcess launch() {
    Path path = folder.path();
    Stream<String> words =
        Stream.of(
            program.toString(),
            "--no-defaults",
            "--datadir=" + path.resolve("data"),
            "--socket=" + path.resolve("socket"),
            "--pid-file=" + path.resolve("pid"),
            "--init-file=" + path.resolve("init.sql"),
            "--bind-address=127.0.0.1",
            "--port=" + port,
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-buffer-pool-size=64M",
            "--skip-log-bin");
    return home.start(
        folder.command(Stream.concat(words, options.stream()).toArray(String[]::new)));
  }

  @Override
  public String jdbcUrl() {
    return "jdbc:mariadb://127.0.0.1:" + port + "/calls";
  }

  @Override
  public String user() {
    return "calls";
  }

  @Override
  public String password() {
    return PostgresProcess.PASSWORD;
  }

  /** Waits until the server accepts clients. */
  void awaitReady() {
    server.await("MariaDB serves", PATIENCE, () -> server.hasPrinted("ready for connections"));
  }

  @Override
  public String run(String sql) {
    ProcessBuilder builder =
        new ProcessBuilder(
            "mariadb",
            "--no-defaults",
            "--batch",
            "--raw",
            "--skip-column-names",
            "--default-character-set=utf8mb4",
            "--host=127.0.0.1",
            "--port=" + port,
            "--user=" + user(),
            "--database=calls");
    builder.environment().put("MYSQL_PWD", password());
    return SqlClient.run(builder, sql);
  }

  @Override
  public String version() {
    return run("select version()").strip().replaceFirst("-.*", "");
  }

  @Override
  public CallSql calls() {
    return CallSql.MARIADB;
  }

  @Override
  public void stop() {
    server.end(ENDS_WITHIN);
  }

  @Override
  public void startAgain() {
    server = launch();
  }

  @Override
  public void close() {
    home.close();
  }

  @Override
  public String toString() {
    return "MariaDB";
  }
}
