package io.callrecords.connect.schedule;

import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.TaskSplits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Guesses what a task that starts will read first, so that the request from which it learns the
 * API's time brings records, too. Nothing depends on the guess: the machine's clock, by which it is
 * made, may be wrong.
 */
final class FirstQuery {
  private final TaskContext task;

  FirstQuery(TaskContext task) {
    this.task = task;
  }

  /**
   * What may be read first.
   *
   * @param range what to request
   * @param isLive whether it ends with the present
   */
  record Guess(TimeRange range, boolean isLive) {}

  /**
   * What is read first: the beginning of the backlog, or else what is new.
   *
   * @param now the time of day as far as known
   * @param offsets the stored offsets of the days that have begun by then
   * @return null when nothing can be guessed
   */
  @Nullable Guess guess(Instant now, Map<Split, SplitOffset> offsets) {
    TaskSplits splits = task.anew().splits();
    Map<Split, SplitOffset> ranges = new HashMap<>();
    offsets.forEach((day, offset) -> ranges.put(day, offset.withoutJournaledIds()));
    splits.restore(ranges, List.of(), now);
    Instant end = task.options().end();
    Instant present = end != null && end.isBefore(now) ? end : now;
    List<TimeRange> live = new ArrayList<>();
    Instant backlogEnd = present;
    Split openFrom = task.assignment().openFrom();
    if (openFrom != null && !splits.readTo().isAfter(present)) {
      LiveEdge edge = LiveEdge.of(task.options(), task.windowLimits(), splits, openFrom, live::add);
      edge.catchUp(present, now, Duration.ZERO);
      backlogEnd = edge.backlogEnd(present);
      edge.readUpTo(present, RangeSet.of());
    }
    TimeRange backlog = firstGap(splits, backlogEnd);
    if (backlog != null) {
      return new Guess(first(backlog), false);
    }
    return live.isEmpty() ? null : new Guess(first(live.get(0)), true);
  }

  /** The piece that a queue requests first. */
  private TimeRange first(TimeRange range) {
    return task.transitions().cut(range).get(0);
  }

  /** The first gap, unless it ends with the present: it will end later when it is requested. */
  private static @Nullable TimeRange firstGap(TaskSplits splits, Instant backlogEnd) {
    List<TimeRange> found = new ArrayList<>();
    splits
        .unread()
        .visit(
            backlogEnd,
            gap -> {
              if (gap.to().isBefore(backlogEnd)) {
                found.add(gap);
              }
              return found.isEmpty();
            });
    return found.isEmpty() ? null : found.get(0);
  }
}
