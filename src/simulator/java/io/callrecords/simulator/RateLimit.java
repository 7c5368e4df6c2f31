package io.callrecords.simulator;

import java.time.Duration;

/**
 * How many requests a second the API takes, and how it refuses the others.
 *
 * @param perSecond requests a second
 * @param refusal what the refused ones get
 * @param retryAfter the pause that a {@code Retry-After} header asks for
 * @param burst whether as many may come at once after a pause; else each is refused that comes
 *     sooner after the last one that was taken
 */
public record RateLimit(double perSecond, Refusal refusal, Duration retryAfter, boolean burst) {

  /** The forms of a refusal. */
  public enum Refusal {
    /** HTTP 200 with status -15. */
    STATUS,
    /** HTTP 429 without a hint. */
    HTTP_429,
    /** HTTP 429 with {@code Retry-After} in seconds. */
    HTTP_429_SECONDS,
    /** HTTP 429 with {@code Retry-After} as a date. */
    HTTP_429_DATE,
    /** HTTP 503 without a hint, from a gateway that looks at nothing else. */
    HTTP_503
  }

  /** A limit whose hints ask for a second of pause. */
  public static RateLimit of(double perSecond, Refusal refusal) {
    return new RateLimit(perSecond, refusal, Duration.ofSeconds(1), true);
  }

  /** The same without bursts: {@code limit_req} of nginx as it comes. */
  public static RateLimit strict(double perSecond, Refusal refusal) {
    return new RateLimit(perSecond, refusal, Duration.ofSeconds(1), false);
  }
}
