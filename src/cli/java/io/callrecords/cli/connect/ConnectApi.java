package io.callrecords.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.cli.CliException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Connect's REST API, as anybody may use it. */
public final class ConnectApi implements AutoCloseable {
  /** Workers answer within this, or have lost their group. */
  private static final Duration PATIENCE = Duration.ofSeconds(95);

  private static final MediaType JSON_TYPE = MediaType.get("application/json");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NOT_FOUND = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private static final int SERVER_ERROR = 500;

  /** After so long without an answer, it is said what is waited for. */
  static final Duration SILENCE = Duration.ofSeconds(5);

  private final HttpUrl url;
  private final @Nullable String authorization;
  private final OkHttpClient http =
      new OkHttpClient.Builder()
          .connectTimeout(Duration.ofSeconds(10))
          .readTimeout(PATIENCE)
          .callTimeout(PATIENCE)
          .addInterceptor(new BusyWorkerRetry(BusyWorkerRetry.PATIENCE))
          .build();

  private final WaitingNote note;

  private ConnectApi(HttpUrl url, @Nullable String authorization, Duration silence) {
    this.url = url;
    this.authorization = authorization;
    note = new WaitingNote(silence);
  }

  /**
   * The API of a worker.
   *
   * @param address such as {@code http://localhost:8083}
   * @param userAndPassword separated by a colon, or null
   * @throws CliException when the address is none
   */
  public static ConnectApi at(String address, @Nullable String userAndPassword) {
    return at(address, userAndPassword, SILENCE);
  }

  /** The same, which tells what it is waiting for after so long without an answer. */
  static ConnectApi at(String address, @Nullable String userAndPassword, Duration silence) {
    if (address.contains("@")) {
      throw CliException.usage(
          "--connect has a user and password in its address, where anybody sees them: leave out all"
              + " up to the @, and give a file with user:password as --connect-auth");
    }
    HttpUrl url = HttpUrl.parse(address);
    if (url == null) {
      throw CliException.usage(
          "--connect " + address + " is no address: write one such as http://localhost:8083");
    }
    if (userAndPassword == null || userAndPassword.isEmpty()) {
      return new ConnectApi(url, null, silence);
    }
    int colon = userAndPassword.indexOf(':');
    if (colon < 0) {
      throw CliException.usage("The user and password for Connect must be written user:password");
    }
    return new ConnectApi(
        url,
        Credentials.basic(
            userAndPassword.substring(0, colon), userAndPassword.substring(colon + 1), UTF_8),
        silence);
  }

  /** The same, which tells what it is waiting for. */
  ConnectApi telling(Consumer<String> waiting) {
    note.tell(waiting);
    return this;
  }

  /** The address, for texts. */
  public String address() {
    return url.toString().replaceAll("/+$", "");
  }

  /** The version of a connector's plugin in the worker, or null if it has none. */
  public @Nullable String pluginVersion(String connectorClass) {
    for (JsonNode plugin : get("connector-plugins")) {
      if (plugin.path("class").asText().equals(connectorClass)) {
        return plugin.path("version").asText();
      }
    }
    return null;
  }

  /** The names of all connectors. */
  private List<String> connectors() {
    List<String> names = new ArrayList<>();
    get("connectors").forEach(name -> names.add(name.asText()));
    return names;
  }

  /** The settings of a connector, with references in place of what config providers hold. */
  public Map<String, String> config(String connector) {
    return JSON.convertValue(
        get("connectors", connector, "config"), new TypeReference<Map<String, String>>() {});
  }

  /** How a connector and its tasks are. */
  public ConnectorStatus status(String connector) {
    return ConnectorStatus.of(get("connectors", connector, "status"));
  }

  /** What is stored of a connector's progress. */
  public List<StoredOffset> offsets(String connector) {
    List<StoredOffset> offsets = new ArrayList<>();
    for (JsonNode stored : get("connectors", connector, "offsets").path("offsets")) {
      // One that was taken away may be returned without its value.
      if (stored.path("offset").isObject()) {
        offsets.add(JSON.convertValue(stored, StoredOffset.class));
      }
    }
    return offsets;
  }

  /** Stops a connector: its tasks end, and its offsets may be changed. */
  public void stop(String connector) {
    send("PUT", null, "connectors", connector, "stop");
  }

  /** Lets a connector go on that is stopped or paused. */
  public void resume(String connector) {
    send("PUT", null, "connectors", connector, "resume");
  }

  /** Changes offsets of a connector that is stopped; a null offset takes one away. */
  public void patchOffsets(
      String connector, Map<? extends Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
    List<Map<String, Object>> stored = new ArrayList<>();
    offsets.forEach(
        (partition, offset) -> {
          Map<String, Object> entry = new TreeMap<>();
          entry.put("partition", partition);
          entry.put("offset", offset == null ? JSON.nullNode() : offset);
          stored.add(entry);
        });
    send("PATCH", Map.of("offsets", stored), "connectors", connector, "offsets");
  }

  private JsonNode get(String... path) {
    return send("GET", null, path);
  }

  private JsonNode send(String method, @Nullable Object body, String... path) {
    HttpUrl.Builder target = url.newBuilder();
    for (String segment : path) {
      target.addPathSegment(segment);
    }
    Request.Builder request =
        new Request.Builder().url(target.build()).header("Accept", "application/json");
    if (authorization != null) {
      request.header("Authorization", authorization);
    }
    request.method(
        method, method.equals("GET") ? null : RequestBody.create(write(body), JSON_TYPE));
    String what = method + " /" + String.join("/", path);
    WaitingNote.OngoingWait waiting = note.begin("Waiting for " + address() + " (" + what + ")");
    try (Response response = http.newCall(request.build()).execute()) {
      String text = response.body().string();
      if (!response.isSuccessful()) {
        throw refused(response.code(), text, method, path);
      }
      return text.isBlank() ? JSON.nullNode() : JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw CliException.unseen(
          address() + " does not answer as Connect does. Is --connect the address of a worker?", e);
    } catch (IOException e) {
      throw CliException.unseen(
          "Connect cannot be reached at "
              + address()
              + ": "
              + e.getMessage()
              + ". Check --connect, and whether the worker runs",
          e);
    } finally {
      waiting.end();
    }
  }

  private static String write(@Nullable Object body) {
    try {
      return body == null ? "" : JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and numbers can always be written", e);
    }
  }

  private CliException refused(int code, String text, String method, String... path) {
    String message = ErrorMessage.of(text);
    String what = method + " /" + String.join("/", path);
    if (code == UNAUTHORIZED || code == FORBIDDEN) {
      return CliException.unseen(
          "Connect at "
              + address()
              + " asks for a user and password (HTTP "
              + code
              + "). Give a file with user:password as --connect-auth");
    }
    if (code == NOT_FOUND && path.length > 1 && message.contains(path[1])) {
      return unknown(method, path);
    }
    if (code == NOT_ALLOWED || code == NOT_FOUND) {
      return CliException.unseen(
          address()
              + " does not know "
              + what
              + " (HTTP "
              + code
              + "). Is --connect the address of a worker of Kafka 3.7 or newer?");
    }
    // What has no message of Connect's is a page of something else.
    return CliException.unseen(
        "Connect at "
            + address()
            + " refused "
            + what
            + " (HTTP "
            + code
            + ")"
            + (message.isEmpty()
                ? ". Something in between may have answered: is --connect the address of a worker?"
                : ": " + message)
            + (isTimeout(code, message)
                ? ". The worker runs, and may not reach its Kafka: its log says more"
                : ""));
  }

  private static boolean isTimeout(int code, String message) {
    return code == SERVER_ERROR && message.toLowerCase(Locale.ROOT).contains("timed out");
  }

  /** A worker that has only just taken a connector knows its name, and its status later. */
  private CliException unknown(String method, String... path) {
    List<String> names = connectors();
    String connector = path[1];
    if (names.contains(connector)) {
      boolean isStatus = method.equals("GET") && path[path.length - 1].equals("status");
      return CliException.unseen(
          "The connector "
              + connector
              + " at "
              + address()
              + (isStatus ? " has no status yet" : " is not known to all of Connect yet")
              + ", as when it has only just been created. Try again in a moment");
    }
    String known = names.isEmpty() ? "none" : String.join(", ", names);
    return CliException.usage(
        "There is no connector " + connector + " at " + address() + ". It has: " + known);
  }

  @Override
  public void close() {
    note.close();
    http.dispatcher().executorService().shutdown();
    http.connectionPool().evictAll();
  }
}
