package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Apicurio Registry in a process of its own, which keeps its schemas in memory. */
final class RegistryProcess implements AutoCloseable {
  private static final Duration STARTS_WITHIN = Duration.ofMinutes(2);
  private static final Duration ANSWERS_WITHIN = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProcessHome home;
  private final URI url;
  private final HttpClient http = HttpClient.newHttpClient();

  private RegistryProcess(ProcessHome home, URI url) {
    this.home = home;
    this.url = url;
  }

  /**
   * Starts a registry and waits until it serves.
   *
   * @param name names the log file, {@code target/process-logs/<name>.log}
   * @param application the folder of its unpacked archive
   */
  static RegistryProcess start(String name, Path application) {
    ProcessHome home = new ProcessHome(name, Platform.ofTests());
    try {
      int port = ProcessHome.freePort();
      JavaProcess process =
          home.start(
              List.of(
                  Platform.ofTests().jdk().launcher().toString(),
                  "-Xmx384m",
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-Djava.io.tmpdir=" + home.folder(),
                  "-Dquarkus.http.host=127.0.0.1",
                  "-Dquarkus.http.port=" + port,
                  "-jar",
                  runner(application).toString()));
      process.await(
          "the registry serves", STARTS_WITHIN, () -> process.hasPrinted("Listening on: "));
      return new RegistryProcess(home, URI.create("http://127.0.0.1:" + port));
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  private static Path runner(Path application) {
    try (Stream<Path> files = Files.list(application)) {
      return files
          .filter(file -> file.toString().endsWith("-runner.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("No registry in " + application));
    } catch (IOException e) {
      throw new UncheckedIOException("The build has not filled " + application, e);
    }
  }

  /** Where it is, without a slash at the end. */
  String url() {
    return url.toString();
  }

  /** What converters are told: the address of the registry's own API. */
  String apiUrl() {
    return url + "/apis/registry/v2";
  }

  /** What the registry answers to a GET below its own API. */
  JsonNode get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(apiUrl() + path)).timeout(ANSWERS_WITHIN).build();
    try {
      return JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException e) {
      throw new UncheckedIOException("The registry does not answer " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking the registry", e);
    }
  }

  @Override
  public void close() {
    home.close();
  }
}
