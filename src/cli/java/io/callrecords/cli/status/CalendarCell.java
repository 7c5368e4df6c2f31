package io.callrecords.cli.status;

import io.callrecords.connect.split.TimeRange;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A day or an hour of the calendar.
 *
 * @param range what of it lies in the connector's range
 * @param state how far it is, taken together
 * @param seconds how many of its seconds are in each state
 * @param calls how many calls were emitted of it; null when that is not known
 */
public record CalendarCell(
    TimeRange range, CalendarState state, Map<CalendarState, Long> seconds, @Nullable Long calls) {
  /** Copies the map. */
  public CalendarCell {
    seconds = Map.copyOf(seconds);
  }

  /** Puts the parts of a range together. */
  static CalendarCell of(TimeRange range, List<CalendarPart> parts, @Nullable Long calls) {
    Map<CalendarState, Long> seconds = new EnumMap<>(CalendarState.class);
    for (CalendarPart part : parts) {
      long both = part.range().intersection(range).seconds();
      if (both > 0) {
        seconds.merge(part.state(), both, Long::sum);
      }
    }
    return new CalendarCell(range, together(seconds), seconds, calls);
  }

  private static CalendarState together(Map<CalendarState, Long> seconds) {
    for (CalendarState bad : List.of(CalendarState.DRIFTED, CalendarState.EXPIRED)) {
      if (seconds.containsKey(bad)) {
        return bad;
      }
    }
    boolean hasRead =
        seconds.containsKey(CalendarState.READ) || seconds.containsKey(CalendarState.SETTLED);
    boolean hasUnread =
        seconds.containsKey(CalendarState.UNREAD) || seconds.containsKey(CalendarState.PARTLY_READ);
    if (hasUnread) {
      boolean isUntouched = !hasRead && !seconds.containsKey(CalendarState.PARTLY_READ);
      return isUntouched ? CalendarState.UNREAD : CalendarState.PARTLY_READ;
    }
    if (hasRead) {
      boolean isOver = seconds.keySet().stream().allMatch(state -> state == CalendarState.SETTLED);
      return isOver ? CalendarState.SETTLED : CalendarState.READ;
    }
    return seconds.containsKey(CalendarState.QUIET) ? CalendarState.QUIET : CalendarState.AHEAD;
  }

  /** How much of what has begun of it is read, settled or not: from 0 to 1. */
  public double readShare() {
    long begun = range.seconds() - seconds(CalendarState.AHEAD);
    long read =
        seconds(CalendarState.READ)
            + seconds(CalendarState.SETTLED)
            + seconds(CalendarState.DRIFTED)
            + seconds(CalendarState.QUIET);
    return begun == 0 ? 0 : (double) read / begun;
  }

  /** How many of its seconds are in a state. */
  public long seconds(CalendarState state) {
    return seconds.getOrDefault(state, 0L);
  }
}
