package io.callrecords.connect.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client of a worker's REST API. A request that comes during a rebalance is asked again; any
 * other refusal is an {@link AssertionError} that ends with the worker's last lines.
 */
public final class ConnectRest {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectRest.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration ANSWERS_WITHIN = Duration.ofMinutes(2);
  private static final Duration STARTING_ANSWERS_WITHIN = Duration.ofSeconds(10);
  private static final Duration ACCEPTS_WITHIN = Duration.ofMinutes(4);
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int SERVER_ERROR = 500;

  private final URI base;
  private final Supplier<JavaProcess> worker;
  private final HttpClient http = HttpClient.newHttpClient();

  ConnectRest(URI base, Supplier<JavaProcess> worker) {
    this.base = base;
    this.worker = worker;
  }

  /** Where it is, without a slash at the end. */
  String url() {
    return base.toString();
  }

  /** The names of the connectors. */
  JsonNode connectors() {
    return ask("GET", "/connectors", null);
  }

  /**
   * Whether the worker answers and is ready; what has no such answer (3.7) lists its connectors.
   */
  public boolean isHealthy() {
    try {
      int status = send("GET", "/health", null).statusCode();
      return status == 200
          || (status == NOT_FOUND && send("GET", "/connectors", null).statusCode() == 200);
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  /** The version of Kafka that the worker says it is. */
  String version() {
    return ask("GET", "/", null).path("version").asText();
  }

  /** The plugins that the worker has found. */
  public JsonNode plugins() {
    return ask("GET", "/connector-plugins", null);
  }

  /** Checks a connector's settings. */
  public JsonNode validate(String plugin, Map<String, String> config) {
    return ask("PUT", "/connector-plugins/" + encode(plugin) + "/config/validate", config);
  }

  /** Creates a connector as from a file in {@code config}: its name beside its settings. */
  public JsonNode create(String name, Map<String, String> config) {
    return ask("POST", "/connectors", Map.of("name", name, "config", config));
  }

  /** Creates a connector, or gives it new settings. */
  public JsonNode putConfig(String name, Map<String, String> config) {
    return ask("PUT", path(name) + "/config", config);
  }

  /** The state of a connector and its tasks. */
  public JsonNode status(String name) {
    return ask("GET", path(name) + "/status", null);
  }

  /** The offsets that are stored for a connector. */
  public JsonNode offsets(String name) {
    return ask("GET", path(name) + "/offsets", null).path("offsets");
  }

  /** Changes stored offsets, of a stopped connector only. */
  public JsonNode patchOffsets(String name, JsonNode offsets) {
    return ask("PATCH", path(name) + "/offsets", Map.of("offsets", offsets));
  }

  /** Forgets the offsets of a stopped connector. */
  public JsonNode deleteOffsets(String name) {
    return ask("DELETE", path(name) + "/offsets", null);
  }

  /** Has a connector read everything again: stops it, forgets its offsets, and resumes it. */
  void startOver(String name) {
    stop(name);
    deleteOffsets(name);
    resume(name);
  }

  public void pause(String name) {
    ask("PUT", path(name) + "/pause", null);
    awaitState(name, "PAUSED");
  }

  public void resume(String name) {
    ask("PUT", path(name) + "/resume", null);
    awaitRunning(name);
  }

  /** Ends a connector's tasks, and keeps its settings and offsets. */
  public void stop(String name) {
    ask("PUT", path(name) + "/stop", null);
    awaitState(name, "STOPPED");
  }

  /** Restarts a connector with all of its tasks. */
  public void restart(String name) {
    ask("POST", path(name) + "/restart?includeTasks=true&onlyFailed=false", null);
  }

  public void restartTask(String name, int task) {
    ask("POST", path(name) + "/tasks/" + task + "/restart", null);
  }

  public void delete(String name) {
    ask("DELETE", path(name), null);
  }

  /** Waits until a connector and its tasks, one at least, are running. */
  public void awaitRunning(String name) {
    awaitState(name, "RUNNING");
  }

  private void awaitState(String name, String state) {
    worker
        .get()
        .await(
            name + " is " + state,
            ACCEPTS_WITHIN,
            () -> {
              HttpResponse<String> answer = send("GET", path(name) + "/status", null);
              JsonNode status = answer.statusCode() == 200 ? parse(answer.body()) : null;
              return status != null && isIn(state, status);
            });
  }

  private boolean isIn(String state, JsonNode status) {
    failIfFailed(status);
    JsonNode tasks = status.path("tasks");
    if (!status.path("connector").path("state").asText().equals(state)
        || (state.equals("RUNNING") && tasks.isEmpty())) {
      return false;
    }
    for (JsonNode task : tasks) {
      if (!task.path("state").asText().equals(state)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Fails when a connector or one of its tasks has failed, and says why it has. A worker that is
   * just starting cannot tell.
   */
  public void failIfFailed(String name) {
    HttpResponse<String> answer = sendIfServing("GET", path(name) + "/status");
    if (answer != null && answer.statusCode() == 200) {
      failIfFailed(parse(answer.body()));
    }
  }

  /**
   * Restarts what has failed of a connector because of the worker or another one. Fails when the
   * connector's own code takes part in it. A worker that is just starting does nothing.
   */
  void restartFailed(String name) {
    HttpResponse<String> answer = sendIfServing("GET", path(name) + "/status");
    if (answer == null || answer.statusCode() != 200) {
      return;
    }
    JsonNode status = parse(answer.body());
    List<String> traces =
        Stream.concat(
                Stream.of(status.path("connector")),
                StreamSupport.stream(status.path("tasks").spliterator(), false))
            .filter(part -> part.path("state").asText().equals("FAILED"))
            .map(part -> part.path("trace").asText())
            .toList();
    if (traces.stream().anyMatch(trace -> trace.contains("at io.callrecords."))) {
      failIfFailed(status);
    }
    if (!traces.isEmpty()) {
      LOG.info("{} is restarted: {}", name, traces);
      // Where a rebalance is in the way, the next look at the state tries again.
      sendIfServing("POST", path(name) + "/restart?includeTasks=true&onlyFailed=true");
    }
  }

  private @Nullable HttpResponse<String> sendIfServing(String method, String path) {
    try {
      return send(method, path, null, STARTING_ANSWERS_WITHIN);
    } catch (UncheckedIOException e) {
      return null;
    }
  }

  private void failIfFailed(JsonNode status) {
    failIfFailed(status.path("name").asText(), status.path("connector"));
    status.path("tasks").forEach(task -> failIfFailed(status.path("name").asText(), task));
  }

  private static void failIfFailed(String name, JsonNode part) {
    if (part.path("state").asText().equals("FAILED")) {
      throw new AssertionError(name + " has failed: " + part.path("trace").asText());
    }
  }

  /** Sends any request; what the worker does not accept is an error. */
  JsonNode request(String method, String path, @Nullable JsonNode body) {
    return ask(method, path, body);
  }

  private JsonNode ask(String method, String path, @Nullable Object body) {
    AtomicReference<@Nullable HttpResponse<String>> answer = new AtomicReference<>();
    worker
        .get()
        .await(
            "no rebalance is in the way of " + method + " " + path,
            ACCEPTS_WITHIN,
            () -> {
              HttpResponse<String> last = send(method, path, body);
              answer.set(last);
              return !isToBeAskedAgain(last);
            });
    HttpResponse<String> last = answer.get();
    if (last == null || last.statusCode() / 100 != 2) {
      throw new AssertionError(
          method
              + " "
              + path
              + " is refused: "
              + (last == null ? "" : last.statusCode() + " " + last.body())
              + worker.get().logTail());
    }
    return last.body().isEmpty() ? MissingNode.getInstance() : parse(last.body());
  }

  /** A worker tells of a rebalance by 409 where another one may answer, else by 500 and words. */
  private static boolean isToBeAskedAgain(HttpResponse<String> answer) {
    return answer.statusCode() == CONFLICT
        || (answer.statusCode() == SERVER_ERROR
            && (answer.body().contains("timed out") || answer.body().contains("rebalance")));
  }

  private HttpResponse<String> send(String method, String path, @Nullable Object body) {
    return send(method, path, body, ANSWERS_WITHIN);
  }

  private HttpResponse<String> send(
      String method, String path, @Nullable Object body, Duration patience) {
    try {
      HttpRequest.BodyPublisher content =
          body == null
              ? BodyPublishers.noBody()
              : BodyPublishers.ofString(JSON.writeValueAsString(body));
      return http.send(
          HttpRequest.newBuilder(base.resolve(path))
              .timeout(patience)
              .header("Content-Type", "application/json")
              .method(method, content)
              .build(),
          BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while asking the worker", e);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("Not JSON: " + text, e);
    }
  }

  private static String path(String name) {
    return "/connectors/" + encode(name);
  }

  private static String encode(String segment) {
    return URLEncoder.encode(segment, UTF_8).replace("+", "%20");
  }
}
