package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs a database's own client. */
final class SqlClient {
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private SqlClient() {}

  /**
   * What a client prints of the SQL that it reads.
   *
   * @throws AssertionError when it does not succeed; its message has what was printed
   */
  static String run(ProcessBuilder builder, String sql) {
    String client = builder.command().get(0);
    try {
      Path output = Files.createTempFile(client, ".txt");
      Process process = builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
      try (OutputStream in = process.getOutputStream()) {
        in.write(sql.getBytes(UTF_8));
      }
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      String printed = Files.readString(output);
      Files.delete(output);
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError(client + ": " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run " + client, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while " + client + " runs", e);
    }
  }
}
