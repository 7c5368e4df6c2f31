package io.callrecords.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One way in which an answer goes wrong.
 *
 * @param name what it is called in journals and messages
 * @param httpStatus the HTTP status instead of 200, or 0 for the API's own answer
 * @param status the API's status code instead of its own, or null
 * @param headers headers beside or instead of the usual ones, by the server's time
 * @param asked the question that is answered instead of the one that was asked
 * @param rewrite what happens to the body, or null for nothing
 * @param delivery what the network does
 * @param delay how long the answer is held back
 */
public record Fault(
    String name,
    int httpStatus,
    @Nullable Integer status,
    Function<Instant, Map<String, String>> headers,
    UnaryOperator<ApiRequest> asked,
    @Nullable UnaryOperator<byte[]> rewrite,
    Answer.Delivery delivery,
    Duration delay) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A gateway's HTML page with an HTTP status. */
  public static Fault http(int httpStatus) {
    return http(httpStatus, Map.of());
  }

  /** A gateway's HTML page with an HTTP status and headers, as {@code Retry-After}. */
  public static Fault http(int httpStatus, Map<String, String> headers) {
    return gateway("http " + httpStatus, httpStatus, now -> headers);
  }

  /** A gateway that wants to be left alone for a while, and says so in seconds. */
  public static Fault retryAfter(int httpStatus, Duration pause) {
    return gateway(
        "http " + httpStatus + (pause.isZero() ? ", Retry-After zero" : ", Retry-After in seconds"),
        httpStatus,
        now -> Map.of("Retry-After", Long.toString(pause.toSeconds())));
  }

  /** A gateway that wants to be left alone for a while, and says until when. */
  public static Fault retryAt(int httpStatus, Duration pause) {
    return gateway(
        "http " + httpStatus + ", Retry-After as a date",
        httpStatus,
        now -> Map.of("Retry-After", SimulatedApi.httpDate(now.plus(pause))));
  }

  private static Fault gateway(
      String name, int httpStatus, Function<Instant, Map<String, String>> headers) {
    byte[] page = utf8("<html><body><h1>" + httpStatus + "</h1><hr>gateway</body></html>");
    return new Fault(
        name,
        httpStatus,
        null,
        headers,
        UnaryOperator.identity(),
        body -> page,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** HTTP 200 with a status code of the API. */
  public static Fault status(int status) {
    return new Fault(
        "status " + status,
        200,
        status,
        now -> Map.of(),
        UnaryOperator.identity(),
        null,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** The connection is reset before the first byte. */
  public static Fault reset() {
    return delivery("reset", Answer.Delivery.RESET);
  }

  /** Half of the body, then the end of the connection. */
  public static Fault truncated() {
    return delivery("truncated", Answer.Delivery.TRUNCATED);
  }

  /** No answer until {@link Faults#release()} or the end. */
  public static Fault hang() {
    return delivery("hang", Answer.Delivery.HANGING);
  }

  /** Half an answer, and the rest after {@link Faults#release()}. */
  public static Fault stall() {
    return delivery("stall", Answer.Delivery.STALLED);
  }

  /** A body without an end. */
  public static Fault endless() {
    return delivery("endless", Answer.Delivery.ENDLESS);
  }

  /** A proper page of an API that holds nothing, whatever it holds. */
  public static Fault emptyPage() {
    return page(
        "empty page",
        data -> {
          data.put("total", 0);
          data.put("pages", 0);
          data.putArray("records");
        });
  }

  /** HTTP 200 and nothing else. */
  public static Fault empty() {
    return rewritten("empty", body -> "");
  }

  /** HTTP 204 and nothing else. */
  public static Fault noContent() {
    return new Fault(
        "no content",
        204,
        null,
        now -> Map.of(),
        UnaryOperator.identity(),
        body -> new byte[0],
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** HTTP 200 with a body and a type of one's own. */
  public static Fault body(String contentType, String body) {
    return body("body", contentType, body);
  }

  /** HTTP 200 with a body and a type of one's own, and a name. */
  static Fault body(String name, String contentType, String body) {
    byte[] bytes = utf8(body);
    return new Fault(
        name,
        200,
        null,
        now -> Map.of("Content-Type", contentType),
        UnaryOperator.identity(),
        original -> bytes,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** The right answer, changed by a function. */
  public static Fault rewritten(String name, UnaryOperator<String> rewrite) {
    return bytes(
        name, Map.of(), body -> utf8(rewrite.apply(new String(body, StandardCharsets.UTF_8))));
  }

  /** The bytes of the right answer, changed by a function, with headers of one's own. */
  static Fault bytes(String name, Map<String, String> headers, UnaryOperator<byte[]> rewrite) {
    return new Fault(
        name,
        0,
        null,
        now -> headers,
        UnaryOperator.identity(),
        rewrite,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** The JSON of the right answer, changed by a function. */
  static Fault json(String name, Consumer<ObjectNode> change) {
    return rewritten(
        name,
        body -> {
          if (!body.startsWith("{")) {
            // The page of a gateway that did not let the request through.
            return body;
          }
          ObjectNode answer = tree(body);
          change.accept(answer);
          return answer.toString();
        });
  }

  /** The page of the right answer, changed by a function, where it has one. */
  static Fault page(String name, Consumer<ObjectNode> change) {
    return json(
        name,
        answer -> {
          if (answer.get("data") instanceof ObjectNode data) {
            change.accept(data);
          }
        });
  }

  private static ObjectNode tree(String body) {
    try {
      JsonNode answer = JSON.readTree(body);
      return answer instanceof ObjectNode object ? object : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The simulator writes no JSON", e);
    }
  }

  /** The right answer to another question. */
  static Fault answerTo(String name, UnaryOperator<ApiRequest> asked) {
    return new Fault(
        name, 0, null, now -> Map.of(), asked, null, Answer.Delivery.WHOLE, Duration.ZERO);
  }

  /** The right answer, late. */
  public static Fault slow(Duration delay) {
    return delivery("slow", Answer.Delivery.WHOLE, delay);
  }

  private static Fault delivery(String name, Answer.Delivery delivery) {
    return delivery(name, delivery, Duration.ZERO);
  }

  private static Fault delivery(String name, Answer.Delivery delivery, Duration delay) {
    return new Fault(
        name, 0, null, now -> Map.of(), UnaryOperator.identity(), null, delivery, delay);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether the API itself comes to answer, with all that follows from that. */
  boolean reachesApi() {
    return httpStatus == 0 && delivery != Answer.Delivery.RESET;
  }

  byte[] rewritten(byte[] body) {
    return rewrite == null ? body : rewrite.apply(body);
  }

  @Override
  public String toString() {
    return name;
  }
}
