package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A Prometheus of the machine's own, in a process, with storage that lasts as long as this. */
final class PrometheusProcess implements AutoCloseable {
  private static final Path PROMETHEUS = Path.of("/usr/bin/prometheus");
  private static final Path PROMTOOL = Path.of("/usr/bin/promtool");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ProcessHome home;
  private final Process process;
  private final Thread hook;
  private final URI base;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * A series in a range of time.
   *
   * @param labels its labels
   * @param points its values by time; only numbers, so that there may be gaps
   */
  record Series(Map<String, String> labels, Map<Instant, Double> points) {}

  private PrometheusProcess(ProcessHome home, String scraping, Map<String, String> rules) {
    this.home = home;
    String address = "127.0.0.1:" + ProcessHome.freePort();
    base = URI.create("http://" + address);
    Path log = home.folder().resolve("prometheus.log");
    try {
      for (Map.Entry<String, String> file : rules.entrySet()) {
        Files.writeString(home.folder().resolve(file.getKey()), file.getValue());
      }
      Path config = Files.writeString(home.folder().resolve("prometheus.yml"), scraping);
      process =
          new ProcessBuilder(
                  PROMETHEUS.toString(),
                  "--config.file=" + config,
                  "--storage.tsdb.path=" + home.folder().resolve("data"),
                  "--web.listen-address=" + address)
              .redirectInput(new File("/dev/null"))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not start Prometheus", e);
    }
    hook = new Thread(process::destroyForcibly, "end prometheus");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Fails, with advice, where Prometheus is not installed. */
  static void expectInstalled() {
    for (Path program : List.of(PROMETHEUS, PROMTOOL)) {
      if (!Files.isExecutable(program)) {
        throw new AssertionError(
            program
                + " is missing, without which nothing here can be tested. Install the package"
                + " prometheus of Debian or Ubuntu (apt-get install prometheus).");
      }
    }
  }

  /**
   * Starts a Prometheus.
   *
   * @param scraping its configuration
   * @param rules files that the configuration may name, by their names
   */
  static PrometheusProcess start(String scraping, Map<String, String> rules) {
    expectInstalled();
    ProcessHome home = new ProcessHome("prometheus", Platform.ofTests());
    try {
      return new PrometheusProcess(home, scraping, rules);
    } catch (RuntimeException | Error e) {
      home.close();
      throw e;
    }
  }

  /**
   * Runs promtool, and expects that it has nothing to complain of.
   *
   * @return what it has printed
   */
  static String promtool(String... arguments) {
    expectInstalled();
    List<String> command = new ArrayList<>(List.of(PROMTOOL.toString()));
    command.addAll(Arrays.asList(arguments));
    try {
      Process tool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String printed = new String(tool.getInputStream().readAllBytes(), UTF_8);
      if (!tool.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) || tool.exitValue() != 0) {
        tool.destroyForcibly();
        throw new AssertionError(command + " fails: " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while promtool runs", e);
    }
  }

  /** Whether it serves and is still there. */
  boolean isReady() {
    if (!process.isAlive()) {
      throw new AssertionError(
          "Prometheus has ended:\n"
              + MonitoringFiles.text(home.folder().resolve("prometheus.log")));
    }
    try {
      HttpRequest request = HttpRequest.newBuilder(base.resolve("/-/ready")).build();
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What a query gives now, with each series' labels. Values that are no numbers are left out. */
  Map<Map<String, String>, Double> query(String expression) {
    JsonNode result = ask("/api/v1/query", Map.of("query", expression));
    Map<Map<String, String>, Double> values = new LinkedHashMap<>();
    for (JsonNode series : result) {
      double value = number(series.path("value"));
      if (Double.isFinite(value)) {
        values.put(labels(series), value);
      }
    }
    return values;
  }

  /** What the alerts that fire now say, by annotation. */
  List<Map<String, String>> annotations() {
    List<Map<String, String>> all = new ArrayList<>();
    for (JsonNode alert : data("/api/v1/alerts", Map.of()).path("alerts")) {
      Map<String, String> annotations = new LinkedHashMap<>();
      alert
          .path("annotations")
          .properties()
          .forEach(each -> annotations.put(each.getKey(), each.getValue().asText()));
      if (alert.path("state").asText().equals("firing")) {
        all.add(annotations);
      }
    }
    return all;
  }

  /** What a query gives at each second of a range. */
  List<Series> range(String expression, Instant from, Instant to) {
    JsonNode result =
        ask(
            "/api/v1/query_range",
            Map.of("query", expression, "start", "" + from, "end", "" + to, "step", "1"));
    List<Series> all = new ArrayList<>();
    for (JsonNode series : result) {
      Map<Instant, Double> points = new LinkedHashMap<>();
      for (JsonNode point : series.path("values")) {
        double value = number(point);
        if (Double.isFinite(value)) {
          points.put(Instant.ofEpochSecond(point.path(0).asLong()), value);
        }
      }
      all.add(new Series(labels(series), points));
    }
    return all;
  }

  /** Prometheus writes values as texts, such as "1.5", "NaN" and "+Inf". */
  private static double number(JsonNode point) {
    return Double.parseDouble(point.path(1).asText().replace("Inf", "Infinity"));
  }

  private static Map<String, String> labels(JsonNode series) {
    Map<String, String> labels = new LinkedHashMap<>();
    series
        .path("metric")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return labels;
  }

  private JsonNode ask(String path, Map<String, String> parameters) {
    return data(path, parameters).path("result");
  }

  private JsonNode data(String path, Map<String, String> parameters) {
    String form =
        parameters.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    HttpRequest request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method(form.isEmpty() ? "GET" : "POST", BodyPublishers.ofString(form))
            .build();
    try {
      JsonNode answer = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
      if (!answer.path("status").asText().equals("success")) {
        throw new AssertionError("Prometheus does not take " + parameters + ": " + answer);
      }
      return answer.path("data");
    } catch (IOException e) {
      throw new UncheckedIOException("Could not ask Prometheus", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking Prometheus", e);
    }
  }

  @Override
  public void close() {
    try (home) {
      process.destroy();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
