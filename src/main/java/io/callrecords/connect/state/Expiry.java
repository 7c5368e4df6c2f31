package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What it means for a range that the API no longer returns it; the worst stands last. */
public enum Expiry {
  /** All of it had been read. */
  READ,
  /**
   * Some of it is unread as far as known, but was too old already when the task started: an earlier
   * run may have read it, since a day without calls leaves no offset.
   */
  UNCONFIRMED,
  /** Some of it could have been read when the task started, and was not. */
  LOST;

  /** The oldest records that the API keeps may be gone before they can be read. */
  private static final Duration MARGIN = Duration.ofMinutes(10);

  /**
   * Tells what has become of the expired parts of a day that were unread.
   *
   * @param keptAtStart since when the API kept records when the task started
   */
  static Expiry of(List<TimeRange> unread, Instant keptAtStart) {
    if (unread.stream().anyMatch(part -> part.to().isAfter(keptAtStart.plus(MARGIN)))) {
      return LOST;
    }
    return unread.isEmpty() ? READ : UNCONFIRMED;
  }
}
