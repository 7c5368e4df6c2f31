package io.callrecords.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.callrecords.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
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
   * @param waiting gets a line when the worker has not answered for some seconds
   * @throws CliException when the address or the file cannot be used
   */
  public ConnectApi api(Consumer<String> waiting) {
    return ConnectApi.at(url, userAndPassword()).telling(waiting);
  }

  private @Nullable String userAndPassword() {
    Path file = authorization;
    if (file == null) {
      return System.getenv(AUTHORIZATION);
    }
    if (!Files.isRegularFile(file)) {
      throw CliException.usage(
          "--connect-auth "
              + file
              + (Files.exists(file) ? " is no file" : " does not exist")
              + ". Name a file with user:password");
    }
    try {
      return Files.readString(file, UTF_8).strip();
    } catch (IOException e) {
      throw CliException.usage(
          "--connect-auth "
              + file
              + " cannot be read as text. Name a file with user:password that you may read",
          e);
    }
  }
}
