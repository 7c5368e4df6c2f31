package io.callrecords.connect.process;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * The application of {@code src/backend} in a process of its own, with nothing of Kafka on its
 * class path.
 */
final class BackendProcess implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(4);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

  private final ProcessHome home;
  private final List<String> command;
  private final int port;
  private JavaProcess application;

  private BackendProcess(ProcessHome home, List<String> command, int port) {
    this.home = home;
    this.command = command;
    this.port = port;
    this.application = home.start(command);
  }

  /**
   * Starts the application, which may not serve yet.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param database where it has its calls
   * @param overflow whether a page past the end is page 1 again
   */
  static BackendProcess start(String name, DatabaseServer database, boolean overflow) {
    ProcessHome home = new ProcessHome(name, Platform.ofTests());
    int port = ProcessHome.freePort();
    List<String> command =
        List.of(
            Platform.ofTests().jdk().launcher().toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + home.folder(),
            "-cp",
            classPath(),
            "io.callrecords.backend.BackendApplication",
            "--server.port=" + port,
            "--spring.datasource.url=" + database.jdbcUrl(),
            "--spring.datasource.username=" + database.user(),
            "--spring.datasource.password=" + database.password(),
            "--backend.key=" + LocalCluster.KEY,
            "--backend.secret=" + LocalCluster.SECRET,
            "--backend.overflow=" + overflow);
    try {
      return new BackendProcess(home, command, port);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private static String classPath() {
    Path folder = Path.of(System.getProperty("backend.folder", "target/backend"));
    Path classes = folder.resolve("build").resolve("classes");
    if (!Files.isDirectory(classes)) {
      throw new IllegalStateException("There is no " + classes + ": run mvn -Pbackend verify");
    }
    return classes + File.pathSeparator + folder.resolve("libs") + File.separator + "*";
  }

  /** The port that it listens to. */
  int port() {
    return port;
  }

  /** Waits until it listens. */
  void awaitReady() {
    application.await("the application listens", STARTS_WITHIN, this::isListening);
  }

  private boolean isListening() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends it, whatever it is at, and starts it again. */
  void restart() {
    application.end(ENDS_WITHIN);
    application = home.start(command);
    awaitReady();
  }

  @Override
  public void close() {
    home.close();
  }
}
