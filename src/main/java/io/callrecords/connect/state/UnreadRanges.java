package io.callrecords.connect.state;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** What of a task's days is unread: the gaps of those that are open, and all that are pending. */
public final class UnreadRanges {
  private final NavigableMap<Split, SplitState> open;
  private final PendingDays pending;

  UnreadRanges(NavigableMap<Split, SplitState> open, PendingDays pending) {
    this.open = open;
    this.pending = pending;
  }

  /**
   * Visits what is unread before a moment, the oldest first. A visitor may open days.
   *
   * @param visitor returns whether it wants more
   */
  public void visit(Instant until, Predicate<TimeRange> visitor) {
    Split day = earlier(open.isEmpty() ? null : open.firstKey(), pending.first());
    while (day != null && day.range().from().isBefore(until)) {
      for (TimeRange gap : gaps(day, until)) {
        if (!visitor.test(gap)) {
          return;
        }
      }
      day = earlier(open.higherKey(day), pending.after(day));
    }
  }

  private static @Nullable Split earlier(@Nullable Split a, @Nullable Split b) {
    return a == null || (b != null && b.compareTo(a) < 0) ? b : a;
  }

  private List<TimeRange> gaps(Split day, Instant until) {
    SplitState state = open.get(day);
    return state != null ? state.gaps(until) : pending.gaps(day, until);
  }

  /**
   * How many seconds before a moment are unread.
   *
   * @param counted how many seconds of a gap count; nothing of a pending day is being read
   */
  public long seconds(Instant until, ToLongFunction<TimeRange> counted) {
    return pending.seconds(until)
        + open.headMap(Split.of(until), true).values().stream()
            .flatMap(state -> state.gaps(until).stream())
            .mapToLong(counted)
            .sum();
  }
}
