package io.callrecords.connect.client;

import io.callrecords.connect.feed.FeedRecord;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one attempt came to. */
sealed interface Reply {
  /** A page. */
  record Records(long total, List<FeedRecord> records) implements Reply {}

  /** A fault that may pass; {@code what} names it without anything of the answer's text. */
  record Fault(String what) implements Reply {}

  /** The API calls the request's timestamp expired: the clock that made it is wrong. */
  record Expired(String what) implements Reply {}

  /**
   * The API wants fewer requests.
   *
   * @param retryAfter how long it asks to wait, or null when it does not say
   */
  record TooMany(String what, @Nullable Duration retryAfter) implements Reply {}

  /**
   * The API refused the request for good.
   *
   * @param code the code that it sent, one of the status's
   */
  record Refused(ApiStatus status, String code) implements Reply {}
}
