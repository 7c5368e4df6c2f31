package io.callrecords.connect.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * A temporary folder and the processes that live in it: when it is closed, and at the latest when
 * this JVM ends, the processes are ended and the folder is gone.
 *
 * <p>What they print stays in {@code target/process-logs}, for who has to find out what went wrong.
 */
final class ProcessHome implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int LOWEST_PORT = 15_000;
  private static final int HIGHEST_PORT = 32_000;

  /** What this JVM has been given, whether it is used or not. */
  private static final Set<Integer> PORTS = ConcurrentHashMap.newKeySet();

  /** For the releases up to 3.9. */
  private static final String LOG4J_1 =
      """
      log4j.rootLogger = INFO, out
      log4j.appender.out = org.apache.log4j.ConsoleAppender
      log4j.appender.out.layout = org.apache.log4j.PatternLayout
      log4j.appender.out.layout.ConversionPattern = %d{HH:mm:ss.SSS} %-5p %X{connector.context}%m (%c) [%t]%n
      log4j.logger.org.apache.kafka.clients = WARN
      log4j.logger.org.apache.kafka.common.metrics = WARN
      log4j.logger.org.apache.kafka.common.utils.AppInfoParser = WARN
      log4j.logger.org.apache.kafka.common.config = WARN
      """;

  /** For the releases from 4.0 on. */
  private static final String LOG4J_2 =
      """
      status = error
      appender.out.type = Console
      appender.out.name = out
      appender.out.layout.type = PatternLayout
      appender.out.layout.pattern = %d{HH:mm:ss.SSS} %-5p %X{connector.context}%m (%c) [%t]%n
      rootLogger.level = info
      rootLogger.appenderRef.out.ref = out
      logger.clients.name = org.apache.kafka.clients
      logger.clients.level = warn
      logger.metrics.name = org.apache.kafka.common.metrics
      logger.metrics.level = warn
      logger.version.name = org.apache.kafka.common.utils.AppInfoParser
      logger.version.level = warn
      logger.config.name = org.apache.kafka.common.config
      logger.config.level = warn
      """;

  private final String name;
  private final Platform platform;
  private final Path folder;
  private final Path log;
  private final List<JavaProcess> processes = new CopyOnWriteArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Thread hook;

  /**
   * Creates the folder.
   *
   * @param name what lives there: names the log file
   * @param platform what it runs on
   */
  ProcessHome(String name, Platform platform) {
    this.name = name;
    this.platform = platform;
    try {
      folder = Files.createTempDirectory("call-records-" + name + "-");
      Path logs = Path.of(System.getProperty("basedir", ""), "target", "process-logs");
      log = Files.createDirectories(logs.toAbsolutePath()).resolve(name + ".log");
      Files.deleteIfExists(log);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not make a folder for " + name, e);
    }
    hook = new Thread(this::cleanUp, "end " + name);
    Runtime.getRuntime().addShutdownHook(hook);
  }

  Path folder() {
    return folder;
  }

  /** Writes properties to a file of the folder. */
  Path write(String file, Map<String, String> content) {
    Properties properties = new Properties();
    properties.putAll(content);
    Path path = folder.resolve(file);
    try (var out = Files.newOutputStream(path)) {
      properties.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + path, e);
    }
    return path;
  }

  /** Starts a Java program that lives here. */
  JavaProcess start(
      Map<String, String> environment,
      List<String> jvmOptions,
      String mainClass,
      List<String> arguments) {
    List<String> options =
        Stream.concat(
                jvmOptions.stream(),
                Stream.of(
                    "-Dlog4j.configuration=" + config("log4j.properties", LOG4J_1).toUri(),
                    "-Dlog4j2.configurationFile=" + config("log4j2.properties", LOG4J_2),
                    "-Djava.io.tmpdir=" + folder))
            .toList();
    JavaProcess process =
        JavaProcess.start(name, log, platform, environment, options, mainClass, arguments);
    processes.add(process);
    return process;
  }

  /** Starts any program that lives here. */
  JavaProcess start(List<String> command) {
    JavaProcess process = JavaProcess.start(name, log, Map.of(), command);
    processes.add(process);
    return process;
  }

  private Path config(String file, String content) {
    Path path = folder.resolve(file);
    try {
      return Files.writeString(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not write " + path, e);
    }
  }

  /**
   * A port of the loopback address that nobody listens to, and that nobody gets until then: the
   * system gives higher ones to who asks for any, as the end of a connection or to listen at.
   */
  static int freePort() {
    for (int attempt = 0; attempt < 1_000; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      if (PORTS.add(port) && isFree(port)) {
        return port;
      }
    }
    throw new IllegalStateException("No port is free");
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    if (cleanUp()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private boolean cleanUp() {
    if (!closed.compareAndSet(false, true)) {
      return false;
    }
    processes.forEach(process -> process.end(PATIENCE));
    try (Stream<Path> paths = Files.walk(folder)) {
      paths.sorted(Comparator.reverseOrder()).forEach(ProcessHome::delete);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not delete " + folder, e);
    }
    return true;
  }

  private static void delete(Path path) {
    try {
      Files.delete(path);
    } catch (NoSuchFileException e) {
      // Gone is what it should be.
    } catch (IOException e) {
      throw new UncheckedIOException("Could not delete " + path, e);
    }
  }
}
