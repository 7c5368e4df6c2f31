package io.callrecords.connect.state;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Days of a task of which nothing is known or read yet: each is one gap. */
final class PendingDays {
  private final TreeMap<Split, TimeRange> wanted = new TreeMap<>();
  private long seconds;

  /** Adds a day, of which a part or all is wanted. */
  void add(Split day, TimeRange range) {
    wanted.put(day, range);
    seconds += range.seconds();
  }

  /** Removes a day; returns whether it was there. */
  boolean remove(Split day) {
    TimeRange range = wanted.remove(day);
    if (range == null) {
      return false;
    }
    seconds -= range.seconds();
    return true;
  }

  boolean isEmpty() {
    return wanted.isEmpty();
  }

  boolean contains(Split day) {
    return wanted.containsKey(day);
  }

  /** The first day; null when there is none. */
  @Nullable Split first() {
    return wanted.isEmpty() ? null : wanted.firstKey();
  }

  /** The first day after another; null when there is none. */
  @Nullable Split after(Split day) {
    return wanted.higherKey(day);
  }

  /** Where the first day's wanted part begins; there must be a day. */
  Instant firstStart() {
    return wanted.firstEntry().getValue().from();
  }

  /** Where the last day's wanted part begins; there must be a day. */
  Instant lastStart() {
    return wanted.lastEntry().getValue().from();
  }

  /** What of a day lies before a moment: one gap at most. */
  List<TimeRange> gaps(Split day, Instant until) {
    TimeRange range = wanted.get(day);
    if (range == null || !range.from().isBefore(until)) {
      return List.of();
    }
    return List.of(range.to().isAfter(until) ? new TimeRange(range.from(), until) : range);
  }

  /** How many seconds lie before a moment. */
  long seconds(Instant until) {
    long later = 0;
    for (Map.Entry<Split, TimeRange> entry : wanted.descendingMap().entrySet()) {
      TimeRange range = entry.getValue();
      if (!range.to().isAfter(until)) {
        break;
      }
      later += range.seconds();
      later -= gaps(entry.getKey(), until).stream().mapToLong(TimeRange::seconds).sum();
    }
    return seconds - later;
  }
}
