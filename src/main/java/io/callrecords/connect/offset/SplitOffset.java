package io.callrecords.connect.offset;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a split.
 *
 * @param start where the connector's range began when this was written; it fixes a start that was
 *     given as a duration, and says that nothing before it was read
 * @param settled everything in the split before this moment is emitted and is not rechecked
 * @param windows what is known after {@code settled}, in order and without overlaps; what no window
 *     covers is unread. A window before {@code start} is kept in case the start is moved back
 * @param settledDays other days of the task that were settled when this was written
 * @param openedAt when the task that wrote this opened the split; it tells one run over a day from
 *     a later one, which an operator may have requested
 */
public record SplitOffset(
    Instant start,
    Instant settled,
    List<WindowOffset> windows,
    SettledDays settledDays,
    @Nullable Instant openedAt) {
  /** Copies the list. */
  public SplitOffset {
    windows = List.copyOf(windows);
  }

  /** An offset that says nothing of other days. */
  public SplitOffset(Instant start, Instant settled, List<WindowOffset> windows) {
    this(start, settled, windows, SettledDays.NONE, null);
  }
}
