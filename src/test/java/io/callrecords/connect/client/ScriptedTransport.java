package io.callrecords.connect.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.connect.loop.VirtualLoop;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A transport without a network: a function answers, after a delay of the made-up time, and what
 * was sent is kept.
 */
public final class ScriptedTransport implements Transport {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final VirtualLoop loop;
  private final Duration delay;
  private final Function<Sent, ScriptedResponse> script;
  private final List<Sent> sent = new ArrayList<>();
  private int inFlight;
  private int mostInFlight;
  private boolean closed;

  /**
   * Creates a transport.
   *
   * @param delay how long each answer takes
   * @param script makes the answer, when the request arrives
   */
  public ScriptedTransport(
      VirtualLoop loop, Duration delay, Function<Sent, ScriptedResponse> script) {
    this.loop = loop;
    this.delay = delay;
    this.script = script;
  }

  /** A script of answers in their order; the last one is repeated. */
  public static Function<Sent, ScriptedResponse> answers(
      ScriptedResponse first, ScriptedResponse... more) {
    Iterator<ScriptedResponse> rest = Arrays.asList(more).iterator();
    ScriptedResponse[] next = {first};
    return sent -> {
      ScriptedResponse answer = next[0];
      if (rest.hasNext()) {
        next[0] = rest.next();
      }
      return answer;
    };
  }

  /**
   * A request as it was sent.
   *
   * @param at the loop's uptime
   */
  public record Sent(Duration at, URI url, Map<String, String> headers, JsonNode body) {
    /** The number of the page that was asked for. */
    public int page() {
      return body.path("current").asInt();
    }

    /** How many records the page may have. */
    public int size() {
      return body.path("size").asInt();
    }

    /** A parameter of the query. */
    public JsonNode param(String name) {
      return body.path("params").path(name);
    }
  }

  /**
   * What comes back.
   *
   * @param headers by name in lower case
   * @param failure when it is not null, there is no answer but this
   */
  public record ScriptedResponse(
      int status, Map<String, String> headers, String body, @Nullable Throwable failure) {
    /** An answer without headers. */
    public static ScriptedResponse of(int status, String body) {
      return new ScriptedResponse(status, Map.of(), body, null);
    }

    /** JSON with HTTP status 200. */
    public static ScriptedResponse json(String body) {
      return of(200, body);
    }

    /** No answer. */
    public static ScriptedResponse failure(Throwable failure) {
      return new ScriptedResponse(0, Map.of(), "", failure);
    }

    /** The same with a header. */
    public ScriptedResponse with(String name, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(name.toLowerCase(Locale.ROOT), value);
      return new ScriptedResponse(status, more, body, failure);
    }
  }

  @Override
  public <T> CompletableFuture<T> post(
      URI url, Map<String, String> headers, byte[] body, ResponseHandler<T> handler) {
    CompletableFuture<T> result = new CompletableFuture<>();
    if (closed) {
      return result;
    }
    Sent request = new Sent(loop.uptime(), url, Map.copyOf(headers), tree(body));
    sent.add(request);
    inFlight++;
    mostInFlight = Math.max(mostInFlight, inFlight);
    ScriptedResponse answer = script.apply(request);
    loop.schedule(delay, () -> complete(result, answer, handler));
    return result;
  }

  // As the real one: whatever the reader throws has to reach the one who waits.
  private <T> void complete(
      CompletableFuture<T> result, ScriptedResponse answer, ResponseHandler<T> handler) {
    inFlight--;
    if (closed) {
      return;
    }
    if (answer.failure() != null) {
      result.completeExceptionally(answer.failure());
      return;
    }
    try {
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      result.complete(
          handler.handle(
              answer.status(),
              name -> answer.headers().get(name.toLowerCase(Locale.ROOT)),
              new ByteArrayInputStream(body)));
    } catch (IOException | RuntimeException | Error e) {
      result.completeExceptionally(e);
    }
  }

  private static JsonNode tree(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException("The request's body is no JSON", e);
    }
  }

  /** What was sent, in order. */
  public List<Sent> sent() {
    return List.copyOf(sent);
  }

  /** The most requests that were under way at once. */
  public int mostInFlight() {
    return mostInFlight;
  }

  @Override
  public void close() {
    closed = true;
  }
}
