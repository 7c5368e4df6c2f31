package io.callrecords.connect.client;

import io.callrecords.connect.feed.Row;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one attempt came to. */
sealed interface ApiResult {
  /**
   * A page.
   *
   * @param bare whether the answer had no data at all, not even a total
   */
  record Records(long total, List<Row> rows, boolean bare) implements ApiResult {}

  /**
   * A trouble that may pass.
   *
   * @param detail what tells it from others of its kind, such as {@code HTTP 503}; nothing of the
   *     answer's text
   */
  record Fault(TransientFault trouble, String detail) implements ApiResult {
    /** The detail and the advice. */
    String what() {
      return detail + " (" + trouble.advice() + ")";
    }
  }

  /** The API calls the request's timestamp expired: the clock that made it is wrong. */
  record Expired(Fault fault) implements ApiResult {}

  /**
   * The API wants fewer requests.
   *
   * @param retryAfter how long it asks to wait, or null when it does not say
   */
  record TooMany(Fault fault, @Nullable Duration retryAfter) implements ApiResult {}

  /**
   * The request was refused for good.
   *
   * @param code the code that came, one of the status's
   */
  record Refused(ApiStatus status, String code) implements ApiResult {}

  /**
   * The trouble that an attempt met.
   *
   * @param reply neither a page nor a refusal
   */
  static Fault fault(ApiResult reply) {
    if (reply instanceof Expired expired) {
      return expired.fault();
    }
    if (reply instanceof TooMany tooMany) {
      return tooMany.fault();
    }
    if (reply instanceof Fault fault) {
      return fault;
    }
    throw new IllegalStateException("No fault: " + reply.getClass());
  }
}
