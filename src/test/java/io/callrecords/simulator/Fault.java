package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One way in which an answer goes wrong.
 *
 * @param name what it is called in journals and messages
 * @param httpStatus the HTTP status instead of 200, or 0 for the API's own answer
 * @param status the API's status code instead of its own, or null
 * @param headers headers beside or instead of the usual ones
 * @param rewrite what happens to the body, or null for nothing
 * @param delivery what the network does
 * @param delay how long the answer is held back
 */
public record Fault(
    String name,
    int httpStatus,
    @Nullable Integer status,
    Map<String, String> headers,
    @Nullable UnaryOperator<String> rewrite,
    Answer.Delivery delivery,
    Duration delay) {

  /** A gateway's HTML page with an HTTP status. */
  public static Fault http(int httpStatus) {
    return http(httpStatus, Map.of());
  }

  /** A gateway's HTML page with an HTTP status and headers, as {@code Retry-After}. */
  public static Fault http(int httpStatus, Map<String, String> headers) {
    String page = "<html><body><h1>" + httpStatus + "</h1><hr>gateway</body></html>";
    return new Fault(
        "http " + httpStatus,
        httpStatus,
        null,
        headers,
        body -> page,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** HTTP 200 with a status code of the API. */
  public static Fault status(int status) {
    return new Fault(
        "status " + status, 200, status, Map.of(), null, Answer.Delivery.WHOLE, Duration.ZERO);
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

  /** HTTP 200 and nothing else. */
  public static Fault empty() {
    return rewritten("empty", body -> "");
  }

  /** HTTP 200 with a body and a type of one's own. */
  public static Fault body(String contentType, String body) {
    return new Fault(
        "body",
        200,
        null,
        Map.of("Content-Type", contentType),
        original -> body,
        Answer.Delivery.WHOLE,
        Duration.ZERO);
  }

  /** The right answer, changed by a function. */
  public static Fault rewritten(String name, UnaryOperator<String> rewrite) {
    return new Fault(name, 0, null, Map.of(), rewrite, Answer.Delivery.WHOLE, Duration.ZERO);
  }

  /** The right answer, late. */
  public static Fault slow(Duration delay) {
    return new Fault("slow", 0, null, Map.of(), null, Answer.Delivery.WHOLE, delay);
  }

  private static Fault delivery(String name, Answer.Delivery delivery) {
    return new Fault(name, 0, null, Map.of(), null, delivery, Duration.ZERO);
  }

  /** Whether the API itself comes to answer, with all that follows from that. */
  boolean reachesApi() {
    return httpStatus == 0 && delivery != Answer.Delivery.RESET;
  }

  byte[] rewritten(byte[] body) {
    return rewrite == null
        ? body
        : rewrite.apply(new String(body, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
  }
}
