package io.callrecords.connect.state;

import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a window came to, told once when nothing further is read of it.
 *
 * @param window its range
 * @param outcome how it ended
 * @param emitted how many different records it has brought into the topic
 * @param tally how many of them came late, and how many came again
 * @param malformed how many of its rows could not be converted
 * @param distinct how many different rows the API last showed in it
 * @param reading the reading that settled it, or null when it ended without one
 * @param settledAt the server's time when it ended
 */
public record WindowAudit(
    TimeRange window,
    Outcome outcome,
    long emitted,
    LateCounts tally,
    long malformed,
    long distinct,
    @Nullable Reconciliation reading,
    Instant settledAt) {

  /**
   * What a window came to.
   *
   * @param ids the ids of all its rows that were met
   */
  static WindowAudit of(
      TimeRange window,
      Outcome outcome,
      IdSet ids,
      LateCounts tally,
      long distinct,
      @Nullable Reconciliation reading,
      Instant settledAt) {
    long malformed = ids.ids().stream().filter(MalformedRecord::isIdOfOne).count();
    return new WindowAudit(
        window, outcome, ids.size() - malformed, tally, malformed, distinct, reading, settledAt);
  }

  /** How a window ends. */
  public enum Outcome {
    /** It was read when it was too old to gain records. */
    SETTLED,
    /** Its offset had to make room before that, so later records of it are not found. */
    SETTLED_EARLY,
    /** The API does not answer for it any more. */
    EXPIRED;

    /** Its name in an audit record. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * How the API's answers for a window added up.
   *
   * @param total what it reported, for the window and a second more on both sides
   * @param outside how many of the records that it showed lie in those seconds
   * @param duplicates how many rows repeated a record
   * @param passes how often the window was read until the answers added up
   * @param verified whether they did
   */
  public record Reconciliation(
      long total, long outside, long duplicates, int passes, boolean verified) {}
}
