package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A program, mostly one in Java, in a process of its own, whose output goes into a file. */
final class JavaProcess {
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final int TAIL_LINES = 60;
  private static final int TAIL_LINE_LENGTH = 500;

  private final String name;
  private final Process process;
  private final Path log;

  private JavaProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a program with the jars of Kafka on its class path.
   *
   * @param log takes what the program prints, behind what is already there
   * @param platform Kafka and the JDK
   * @param environment variables beside those of this process
   * @param jvmOptions options of the JVM
   * @param mainClass the program
   * @param arguments what the program gets
   */
  static JavaProcess start(
      String name,
      Path log,
      Platform platform,
      Map<String, String> environment,
      List<String> jvmOptions,
      String mainClass,
      List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(platform.jdk().launcher().toString());
    command.addAll(jvmOptions);
    command.add("-cp");
    command.add(platform.kafka().classPath());
    command.add(mainClass);
    command.addAll(arguments);
    return start(name, log, environment, command);
  }

  /**
   * Starts any program.
   *
   * @param log takes what the program prints, behind what is already there
   * @param environment variables beside those of this process
   * @param command the program and what it gets
   */
  static JavaProcess start(
      String name, Path log, Map<String, String> environment, List<String> command) {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new JavaProcess(name, builder.start(), log);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not start " + name, e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** The number that the system knows it by. */
  long id() {
    return process.pid();
  }

  /**
   * Waits until something holds, for as long as the program runs.
   *
   * @param what describes the condition
   * @throws AssertionError when it does not hold in time, or the program has ended; its message
   *     ends with the program's last lines
   */
  void await(String what, Duration atMost, Callable<Boolean> condition) {
    try {
      Awaitility.await(what)
          .pollInSameThread()
          .pollDelay(Duration.ZERO)
          .pollInterval(POLL_INTERVAL)
          .atMost(atMost)
          .until(() -> condition.call() || !process.isAlive());
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("Not within " + atMost + ": " + what + logTail(), e);
    }
    if (!process.isAlive()) {
      throw new AssertionError(name + " has ended, so not: " + what + logTail());
    }
  }

  /** Waits for the program's own end. */
  void awaitSuccess(Duration patience) {
    boolean ended = awaitEnd(patience);
    if (!ended || process.exitValue() != 0) {
      throw new AssertionError(
          name + (ended ? " ended with " + process.exitValue() : " does not end") + logTail());
    }
  }

  /** Asks the program to end. */
  void askToEnd() {
    process.destroy();
  }

  /** Asks the program to end, and ends it when it does not. */
  void end(Duration patience) {
    askToEnd();
    if (!awaitEnd(patience)) {
      kill();
    }
  }

  /** Ends the program at once, with a signal that it cannot see. */
  void kill() {
    process.destroyForcibly();
    awaitEnd(Duration.ofMinutes(1));
  }

  /** Waits for the program's end, and tells whether it has come. */
  boolean awaitEnd(Duration patience) {
    try {
      return process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether the program has printed a text by now. */
  boolean hasPrinted(String text) {
    return printed().contains(text);
  }

  /** All that the program has printed. */
  String printed() {
    try {
      return new String(Files.readAllBytes(log), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Could not read the log of " + name, e);
    }
  }

  /** The last lines that the program has printed, with a heading, to end a message with. */
  String logTail() {
    List<String> lines = printed().lines().toList();
    StringBuilder tail =
        new StringBuilder(
            String.format(
                "%n--- the last lines of %s (%s):%n",
                log, process.isAlive() ? "running" : "exit code " + process.exitValue()));
    lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()).stream()
        .map(line -> line.substring(0, Math.min(TAIL_LINE_LENGTH, line.length())))
        .forEach(line -> tail.append(line).append(System.lineSeparator()));
    return tail.append("---").toString();
  }
}
