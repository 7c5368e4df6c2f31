package io.callrecords.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach a Connect worker, for commands about a connector. */
public final class ConnectOptions {
  private static final String AUTHORIZATION = "CALL_RECORDS_CONNECT_AUTH";

  @Option(
      names = "--connect",
      paramLabel = "URL",
      required = true,
      description = "The address of a Connect worker's REST API, such as http://localhost:8083.")
  private String url = "";

  @Option(
      names = "--connect-auth",
      paramLabel = "FILE",
      description =
          "A file that holds user:password for workers that ask for them; without it, the"
              + " environment variable "
              + AUTHORIZATION
              + " is read.")
  private @Nullable Path authorization;

  /**
   * The worker's API.
   *
   * @throws CliException when the address or the file cannot be used
   */
  public ConnectApi api() {
    return ConnectApi.at(url, userAndPassword());
  }

  private @Nullable String userAndPassword() {
    Path file = authorization;
    if (file == null) {
      return System.getenv(AUTHORIZATION);
    }
    try {
      return Files.readString(file, UTF_8).strip();
    } catch (IOException e) {
      throw CliException.usage(
          "--connect-auth " + file + " cannot be read: " + e + ". Name a file with user:password",
          e);
    }
  }
}
