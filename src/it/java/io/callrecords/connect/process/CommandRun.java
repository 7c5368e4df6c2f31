package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a run of the packaged command line has come to.
 *
 * @param code what it ended with
 * @param out what it printed
 * @param err what it printed for whoever watches
 */
record CommandRun(int code, String out, String err) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Runs it with the credentials of simulated accounts in its environment. */
  static CommandRun of(List<String> arguments) {
    return of(arguments, PATIENCE);
  }

  /** The same, for so long at most. */
  static CommandRun of(List<String> arguments, Duration patience) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-jar"));
    command.add(System.getProperty("cli.jar"));
    command.addAll(arguments);
    try {
      Path out = Files.createTempFile("command", ".out");
      Path err = Files.createTempFile("command", ".err");
      try {
        return run(arguments, command, out, err, patience);
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run " + arguments, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted: " + arguments, e);
    }
  }

  private static CommandRun run(
      List<String> arguments, List<String> command, Path out, Path err, Duration patience)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("CALL_RECORDS_API_KEY", LocalCluster.KEY);
    builder.environment().put("CALL_RECORDS_API_SECRET", LocalCluster.SECRET);
    Process process = builder.start();
    if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Not within " + patience + ": " + arguments);
    }
    return new CommandRun(
        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }
}
