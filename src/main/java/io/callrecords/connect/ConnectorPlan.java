package io.callrecords.connect;

import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.SplitPlan;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a connector reads, and how it is split.
 *
 * @param start where the range begins
 * @param unconfirmed days of the range that the API no longer answers for, and which no stored
 *     offset confirms as read; null when there are none
 * @param splits the days that are left
 * @param hasOffsets whether any offset is stored, so that the connector has run
 * @param volumes how much the days hold, where that is known
 */
public record ConnectorPlan(
    Instant start,
    @Nullable UnconfirmedDays unconfirmed,
    SplitPlan splits,
    boolean hasOffsets,
    DayVolumes volumes) {
  /** A plan of days of which nobody knows how much they hold. */
  ConnectorPlan(
      Instant start, @Nullable UnconfirmedDays unconfirmed, SplitPlan splits, boolean hasOffsets) {
    this(start, unconfirmed, splits, hasOffsets, DayVolumes.UNKNOWN);
  }

  /**
   * Days of which nobody knows whether anything was lost: they were read and had no calls, or they
   * were never read.
   *
   * @param count how many days, those counted in of which it is true of a part
   * @param span from the first moment to the last; days between may well have been read
   */
  public record UnconfirmedDays(long count, TimeRange span) {}

  /** The same range, split anew. */
  ConnectorPlan with(SplitPlan others) {
    return new ConnectorPlan(start, unconfirmed, others, hasOffsets, volumes);
  }

  /** The same plan, now that it is known how much the days hold. */
  ConnectorPlan with(DayVolumes known) {
    return new ConnectorPlan(start, unconfirmed, splits, hasOffsets, known);
  }

  /** What each task reads, for at most so many tasks; none if there is nothing to read. */
  List<Assignment> assign(int maxTasks) {
    return splits.assign(maxTasks, volumes);
  }
}
