package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What the API sends back, and how the network treats it on its way. */
public final class Answer {
  private final int httpStatus;
  private final Map<String, String> headers;
  private final byte[] body;
  private final Delivery delivery;
  private final Duration delay;

  /** What the network makes of an answer. */
  public enum Delivery {
    /** It arrives whole. */
    WHOLE,
    /** The connection is reset before the first byte. */
    RESET,
    /** Half of the body arrives, then the connection is closed. */
    TRUNCATED,
    /** Nothing comes until hanging answers are released, then all of it. */
    HANGING,
    /** The head and half of the body arrive, and the rest when hanging answers are released. */
    STALLED,
    /** The body is repeated without an end. */
    ENDLESS
  }

  Answer(
      int httpStatus, Map<String, String> headers, byte[] body, Delivery delivery, Duration delay) {
    this.httpStatus = httpStatus;
    this.headers = headers;
    this.body = body;
    this.delivery = delivery;
    this.delay = delay;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** All headers but those about the connection and the length. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The body as the API wrote it, whatever the network does with it. */
  public byte[] body() {
    return body.clone();
  }

  /** The body itself, for those who only read it. */
  byte[] sharedBody() {
    return body;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  public Delivery delivery() {
    return delivery;
  }

  /** How long the answer is held back. */
  public Duration delay() {
    return delay;
  }
}
