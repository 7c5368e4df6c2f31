package io.callrecords.connect.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The worker's REST API, used as anybody would use it. */
final class WorkerApi {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI url;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();

  /**
   * Creates a client.
   *
   * @param url the worker's address, without a trailing slash
   */
  WorkerApi(URI url) {
    this.url = url;
  }

  /**
   * How a connector is.
   *
   * @param connector its own state
   * @param tasks the state of each task, by number
   * @param trace the first line of what a failed one met, or an empty text
   */
  record Status(String connector, List<String> tasks, String trace) {
    boolean isRunning() {
      return isAll("RUNNING");
    }

    boolean isFailed() {
      return connector.equals("FAILED") || tasks.contains("FAILED");
    }

    private boolean isAll(String state) {
      return connector.equals(state)
          && !tasks.isEmpty()
          && tasks.stream().allMatch(task -> task.equals(state));
    }

    @Override
    public String toString() {
      List<String> parts = new ArrayList<>();
      parts.add("connector " + connector);
      for (int i = 0; i < tasks.size(); i++) {
        parts.add("task " + i + " " + tasks.get(i));
      }
      return String.join(" · ", parts);
    }
  }

  /** The address of a connector's resource. */
  URI address(String connector, String resource) {
    return URI.create(url + "/connectors/" + connector + "/" + resource);
  }

  /** The lines of the command that does what {@link #configure} does. */
  List<String> curl(String connector, Map<String, String> config) {
    List<String> lines = new ArrayList<>();
    lines.add("curl -X PUT " + address(connector, "config") + " \\");
    lines.add("  -H 'Content-Type: application/json' -d '{");
    int left = config.size();
    for (Map.Entry<String, String> setting : config.entrySet()) {
      left--;
      lines.add(
          "    "
              + text(setting.getKey())
              + ": "
              + text(setting.getValue())
              + (left > 0 ? "," : ""));
    }
    lines.add("  }'");
    return lines;
  }

  private String text(String value) {
    return write(value);
  }

  private String write(Object value) {
    try {
      return json.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts can always be written", e);
    }
  }

  /**
   * Creates a connector, or changes its settings.
   *
   * @return the HTTP status: 201 when it is new
   * @throws IOException when the worker refuses, with its reason
   */
  int configure(String connector, Map<String, String> config)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address(connector, "config"))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(write(config)))
            .build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException("HTTP " + response.statusCode() + ": " + response.body());
    }
    return response.statusCode();
  }

  /** Asks how a connector is; it is {@code UNASSIGNED} until the worker has taken it up. */
  Status status(String connector) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address(connector, "status")).timeout(PATIENCE).build();
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      return new Status("UNASSIGNED", List.of(), "");
    }
    JsonNode body = json.readTree(response.body());
    List<String> tasks = new ArrayList<>();
    String trace = body.path("connector").path("trace").asText();
    for (JsonNode task : body.path("tasks")) {
      tasks.add(task.path("state").asText());
      trace = trace.isEmpty() ? task.path("trace").asText() : trace;
    }
    return new Status(
        body.path("connector").path("state").asText(), tasks, trace.lines().findFirst().orElse(""));
  }
}
