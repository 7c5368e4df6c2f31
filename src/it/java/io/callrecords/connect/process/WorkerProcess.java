package io.callrecords.connect.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;

/**
 * A distributed Connect worker that knows the connector from the packaged ZIP alone, started with
 * the project's own {@code config/connect-distributed.properties}.
 */
public final class WorkerProcess implements AutoCloseable {
  private static final Path EXAMPLE = Path.of("config", "connect-distributed.properties");
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(4);
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

  private final ProcessHome home;
  private final Path plugins;
  private final List<String> jvm;
  private final Path config;
  private final Map<String, String> environment;
  private final ConnectRest rest;
  private volatile JavaProcess process;

  private WorkerProcess(
      ProcessHome home,
      WorkerJvm jvm,
      Map<String, String> overrides,
      Map<String, String> environment) {
    String listener = "http://127.0.0.1:" + ProcessHome.freePort();
    this.plugins = home.folder().resolve("plugins");
    PluginZip.find().unpackInto(plugins);
    Map<String, String> settings = new HashMap<>(example());
    // What the example names is a place for the plugin; what an override names comes beside it.
    settings.remove("plugin.path");
    settings.put("listeners", listener);
    settings.putAll(overrides);
    settings.merge("plugin.path", plugins.toString(), (more, own) -> own + "," + more);
    this.home = home;
    this.jvm = jvm.arguments();
    this.config = home.write("worker.properties", settings);
    this.environment = Map.copyOf(environment);
    this.process = launch();
    this.rest = new ConnectRest(URI.create(settings.get("listeners")), () -> process);
  }

  /**
   * Starts a worker, which does not serve yet.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param platform what it runs on
   * @param jvm its heap, and how else it runs
   * @param overrides settings that differ from the project's example: {@code bootstrap.servers} at
   *     least; {@code plugin.path} names further plugins
   * @param environment variables that the worker finds, such as the API's key and secret
   */
  static WorkerProcess launch(
      String name,
      Platform platform,
      WorkerJvm jvm,
      Map<String, String> overrides,
      Map<String, String> environment) {
    ProcessHome home = new ProcessHome(name, platform);
    try {
      return new WorkerProcess(home, jvm, overrides, environment);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private static Map<String, String> example() {
    Properties properties = new Properties();
    Path file = Path.of(System.getProperty("basedir", "")).resolve(EXAMPLE);
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read " + file, e);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> settings.put(key, properties.getProperty(key)));
    return settings;
  }

  private JavaProcess launch() {
    return home.start(
        environment,
        jvm,
        "org.apache.kafka.connect.cli.ConnectDistributed",
        List.of(config.toString()));
  }

  /** Waits until the worker serves. */
  void awaitReady() {
    await("the worker is healthy", STARTS_WITHIN, rest::isHealthy);
  }

  /** The folder into which the ZIP is unpacked. */
  Path plugins() {
    return plugins;
  }

  /** The worker's REST API. */
  public ConnectRest rest() {
    return rest;
  }

  /**
   * Waits until something holds, for as long as the worker runs.
   *
   * @param what describes the condition
   * @throws AssertionError when it does not hold in time, or the worker has ended; its message ends
   *     with the worker's last lines
   */
  public void await(String what, Duration atMost, Callable<Boolean> condition) {
    process.await(what, atMost, condition);
  }

  /** All that the worker has printed. */
  public String printed() {
    return process.printed();
  }

  /** The lines that the connector's own classes have logged. */
  List<String> ownLines() {
    return printed().lines().filter(line -> line.contains(" (io.callrecords.")).toList();
  }

  /** The last lines that the worker has printed, to end a message with. */
  public String logTail() {
    return process.logTail();
  }

  /** The number that the system knows the worker's process by; another one after each start. */
  public long id() {
    return process.id();
  }

  /** Whether the worker's process is there. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** Ends the worker as a crash does: it cannot say goodbye to anybody. */
  public void kill() {
    process.kill();
  }

  /** Asks the worker to end. */
  void askToEnd() {
    process.askToEnd();
  }

  /**
   * Waits for the worker's end after {@link #askToEnd}.
   *
   * @throws AssertionError when it does not end by itself
   */
  void awaitEnd() {
    if (!process.awaitEnd(ENDS_WITHIN)) {
      throw new AssertionError("The worker does not end" + logTail());
    }
  }

  /** Starts the worker again once it has ended, with the same settings. */
  void launchAgain() {
    process = launch();
  }

  /** Starts the worker again after {@link #kill}, with the same settings, and waits for it. */
  public void startAgain() {
    launchAgain();
    awaitReady();
  }

  @Override
  public void close() {
    home.close();
  }
}
