package io.callrecords.connect.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.bench.CallGrid.Shape;
import io.callrecords.connect.bench.QuickApi.RowSequence;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@link QuickApi} in its process, and what it measures. */
final class ApiProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MOST_CORES = .5;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final String url;

  private ApiProcess(Process process, String url) {
    this.process = process;
    this.url = url;
  }

  /**
   * The calls that it has.
   *
   * @param from where the history begins
   * @param days how long it is
   * @param calls how many calls it has
   * @param restMinutes how long no calls follow
   * @param liveMinutes for how many minutes behind that new calls come
   * @param perMinute how many of them a minute
   */
  record LoadedHistory(
      Shape shape,
      Instant from,
      int days,
      int calls,
      int restMinutes,
      int liveMinutes,
      int perMinute) {
    /** A history that is over. */
    static LoadedHistory of(Shape shape, Instant from, int days, int calls) {
      return new LoadedHistory(shape, from, days, calls, 0, 0, 0);
    }

    /** Where it ends. */
    Instant to() {
      return from.plus(Duration.ofDays(days));
    }

    /** The calls themselves. */
    CallGrid grid() {
      return CallGrid.of(shape, from, days, calls, restMinutes, liveMinutes, perMinute);
    }
  }

  /** Starts it; it has no calls yet. */
  static ApiProcess start() throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                QuickApi.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String port = out.readLine();
    if (port == null) {
      throw new IllegalStateException("The API does not start");
    }
    return new ApiProcess(process, "http://127.0.0.1:" + port);
  }

  /**
   * The settings of a connector that reads the history.
   *
   * @param others what differs from the defaults, or from one task at the highest rate
   */
  Map<String, String> connector(LoadedHistory history, Map<String, String> others) {
    Map<String, String> settings = new HashMap<>();
    settings.put("name", "bench");
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    settings.put("tasks.max", "1");
    settings.put("api.url", url + "/v3");
    settings.put("api.key", QuickApi.KEY);
    settings.put("api.secret", QuickApi.SECRET);
    settings.put("topic", "bench");
    settings.put("start.time", history.from().toString());
    if (history.liveMinutes() == 0) {
      settings.put("end.time", history.to().toString());
    }
    settings.put("late.arrival.ms", "60000");
    settings.put("requests.per.second", "10000");
    settings.putAll(others);
    return settings;
  }

  /** The number that the system knows its process by. */
  long id() {
    return process.pid();
  }

  /**
   * The line which says that what was measured was not this process.
   *
   * @param cores how many processors it took
   */
  static Measured share(double cores) {
    return Measured.atMost(
        "the benchmark's API, of a single processor",
        MOST_CORES,
        cores,
        String.format(
            Locale.ROOT, "one processor would let it answer %.0f times as often", 1 / cores));
  }

  /** Gives it other calls, the newest first, and lets it forget what it has measured. */
  void has(LoadedHistory history, Duration latency) throws IOException, InterruptedException {
    has(history, latency, RowSequence.NEWEST_FIRST);
  }

  /** Gives it other calls in an order, and lets it forget what it has measured. */
  void has(LoadedHistory history, Duration latency, RowSequence order)
      throws IOException, InterruptedException {
    send(
        "PUT",
        "/account",
        Map.of(
            "shape", history.shape(),
            "from", history.from().toString(),
            "days", history.days(),
            "calls", history.calls(),
            "restMinutes", history.restMinutes(),
            "liveMinutes", history.liveMinutes(),
            "perMinute", history.perMinute(),
            "latency", latency.toMillis(),
            "order", order));
  }

  /** What happened between two moments of {@link System#nanoTime}. */
  ApiMeter.ApiReading between(long fromNanos, long toNanos)
      throws IOException, InterruptedException {
    JsonNode read = send("GET", "/meter", Map.of("fromNanos", fromNanos, "toNanos", toNanos));
    return JSON.treeToValue(read, ApiMeter.ApiReading.class);
  }

  private JsonNode send(String method, String path, Map<String, Object> told)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(URI.create(url + path))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(PATIENCE)
                .method(method, BodyPublishers.ofString(JSON.writeValueAsString(told)))
                .build(),
            BodyHandlers.ofString());
    return JSON.readTree(answer.body());
  }

  @Override
  public void close() {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
