package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
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
 * @param generation names the split's ids in the journal; null while it has none there
 * @param replayedTo calls before this moment were emitted before a person had something of the
 *     split loaded again that is not settled yet; null where nothing was, {@link #WHEN_OPENED}
 *     until a task opens the split
 * @param journaled what the journal says of the split, which is no part of its own stored offset
 */
public record SplitOffset(
    Instant start,
    Instant settled,
    List<WindowOffset> windows,
    SettledDays settledDays,
    @Nullable Instant openedAt,
    @Nullable String generation,
    @Nullable Instant replayedTo,
    @Nullable JournaledDay journaled) {
  /** A {@link #replayedTo} that whoever opens the split sets to that moment. */
  public static final Instant WHEN_OPENED = Instant.MAX;

  /** Copies the list. */
  public SplitOffset {
    windows = List.copyOf(windows);
  }

  /** An offset of a split that has no ids in the journal. */
  public SplitOffset(
      Instant start,
      Instant settled,
      List<WindowOffset> windows,
      SettledDays settledDays,
      @Nullable Instant openedAt) {
    this(start, settled, windows, settledDays, openedAt, null, null, null);
  }

  /** An offset that says nothing of other days. */
  public SplitOffset(Instant start, Instant settled, List<WindowOffset> windows) {
    this(start, settled, windows, SettledDays.NONE, null);
  }

  /**
   * Up to where the split is settled without a gap, be it by its own word or the journal's. A
   * window that its own offset calls partial was opened again.
   */
  public Instant settledTo() {
    Instant end = settled.isBefore(start) ? start : settled;
    for (TimeRange range : journaled == null ? List.<TimeRange>of() : journaled.settled()) {
      if (!range.from().isAfter(end) && range.to().isAfter(end)) {
        end = range.to();
      }
    }
    if (!end.isAfter(settled) || end.equals(start)) {
      return settled;
    }
    Instant journaledEnd = end;
    return partial().stream()
        .map(TimeRange::from)
        .filter(from -> from.isBefore(journaledEnd))
        .min(Instant::compareTo)
        .orElse(journaledEnd);
  }

  /** Whether it says by itself that all of its day is settled. */
  public boolean saysAllIsSettled(Split day) {
    return !start.isAfter(day.range().from()) && !settled.isBefore(day.range().to());
  }

  /** What it calls partial, in its order: that is unread, whatever the journal says of it. */
  public List<TimeRange> partial() {
    return windows.stream()
        .filter(window -> window.state() == WindowOffset.State.PARTIAL)
        .map(WindowOffset::range)
        .toList();
  }

  /** The same with other windows. */
  public SplitOffset withWindows(List<WindowOffset> others) {
    return new SplitOffset(
        start, settled, others, settledDays, openedAt, generation, replayedTo, journaled);
  }

  /** The same with other reports of other days. */
  SplitOffset withSettledDays(SettledDays others) {
    return new SplitOffset(
        start, settled, windows, others, openedAt, generation, replayedTo, journaled);
  }

  /** The same with another name of its ids in the journal. */
  public SplitOffset withGeneration(@Nullable String name) {
    return new SplitOffset(
        start, settled, windows, settledDays, openedAt, name, replayedTo, journaled);
  }

  /** The same without the journal's ids, which are most of it: enough to tell what is unread. */
  public SplitOffset withoutJournaledIds() {
    return journaled == null ? this : withJournaled(journaled.withoutIds());
  }

  /** The same with what the journal says of it. */
  public SplitOffset withJournaled(@Nullable JournaledDay day) {
    return new SplitOffset(
        start, settled, windows, settledDays, openedAt, generation, replayedTo, day);
  }
}
