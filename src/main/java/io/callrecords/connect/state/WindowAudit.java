package io.callrecords.connect.state;

import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The account of a window, emitted once when it ends: nothing further is read of it.
 *
 * @param window its range
 * @param outcome how it ended
 * @param emitted how many different records were emitted of it
 * @param lateCounts how many of them were emitted late or again
 * @param malformed how many of its rows could not be converted
 * @param distinct how many different rows the API last returned for it
 * @param reconciliation how the responses added up that settled it, or null when it ended unread
 * @param settledAt the server's time when it ended
 */
public record WindowAudit(
    TimeRange window,
    WindowOutcome outcome,
    long emitted,
    LateCounts lateCounts,
    long malformed,
    long distinct,
    @Nullable Reconciliation reconciliation,
    Instant settledAt) {

  /**
   * The account of a window whose rows have the given ids, those of malformed rows included.
   *
   * @param ids the ids of all rows that the API ever returned for it
   */
  static WindowAudit of(
      TimeRange window,
      WindowOutcome outcome,
      IdSet ids,
      LateCounts lateCounts,
      long distinct,
      @Nullable Reconciliation reconciliation,
      Instant settledAt) {
    long malformed = ids.ids().stream().filter(MalformedRecord::isIdOfOne).count();
    return new WindowAudit(
        window,
        outcome,
        ids.size() - malformed,
        lateCounts,
        malformed,
        distinct,
        reconciliation,
        settledAt);
  }

  /** How a window ends. */
  public enum WindowOutcome {
    /** It was read when it was too old to gain further records. */
    SETTLED,
    /** It was forgotten before that to make room in the offset: its later records are not found. */
    SETTLED_EARLY,
    /** The API no longer returns it. */
    EXPIRED,
    /**
     * The API did not return it any more when the task started, and no offset tells whether an
     * earlier run had read it; if one had, there is an earlier audit.
     */
    UNCONFIRMED,
    /**
     * It had been settled, and the API returns more of it since. What was known of it stands in an
     * earlier audit: this one adds the further rows, of which none were emitted.
     */
    DRIFTED;

    /** Its value in an audit record. */
    public String auditValue() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * How the API's responses for a window added up.
   *
   * @param total the total that it reported, for the window and one more second on either side;
   *     {@link io.callrecords.connect.offset.WindowOffset#UNKNOWN} where it returned no data
   * @param outside how many of the records that it returned lie in those two seconds
   * @param duplicates how many rows repeated a record
   * @param passes how often the window was read until the responses added up
   * @param verified whether they did
   * @param counted whether the total is made up of the rows, so that it changes when these do
   * @param conflicts how many rows of the window differ from another row of the same record in more
   *     than the elements of lists
   */
  public record Reconciliation(
      long total,
      long outside,
      long duplicates,
      int passes,
      boolean verified,
      boolean counted,
      int conflicts) {
    /** A window that is verified because its total is the number of rows, or not at all. */
    public Reconciliation(long total, long outside, long duplicates, int passes, boolean verified) {
      this(total, outside, duplicates, passes, verified, verified, 0);
    }
  }
}
