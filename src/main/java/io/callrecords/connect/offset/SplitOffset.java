package io.callrecords.connect.offset;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a split is.
 *
 * @param start where the connector's range began when this was written; it fixes a start that was
 *     given as a duration, and shows that nothing before it was read
 * @param settled everything of the split before it is sent and is not looked at again
 * @param windows what is known behind it, in order, without overlaps; what no window covers is
 *     unread. A window before {@code start} is kept for a start that is moved back
 * @param settledDays other days of the task that were settled when this was written
 * @param openedAt when the task began that has written this; it tells one reading of a day from a
 *     later one, which a person may have asked for
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

  /** An offset that speaks of its own split only. */
  public SplitOffset(Instant start, Instant settled, List<WindowOffset> windows) {
    this(start, settled, windows, SettledDays.NONE, null);
  }
}
