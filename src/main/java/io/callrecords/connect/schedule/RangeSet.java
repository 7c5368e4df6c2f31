package io.callrecords.connect.schedule;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The seconds that any of some ranges holds; answers quickly, however many ranges there are. */
final class RangeSet {
  /** Where each connected range ends, by where it begins; none of them touch. */
  private final TreeMap<Instant, Instant> ends = new TreeMap<>();

  /** Collects ranges, which may overlap. */
  @SafeVarargs
  static RangeSet of(Collection<TimeRange>... several) {
    List<TimeRange> ranges = new ArrayList<>();
    for (Collection<TimeRange> some : several) {
      ranges.addAll(some);
    }
    ranges.sort(Comparator.comparing(TimeRange::from));
    RangeSet set = new RangeSet();
    ranges.stream().filter(range -> !range.isEmpty()).forEach(set::append);
    return set;
  }

  private void append(TimeRange range) {
    Map.Entry<Instant, Instant> last = ends.lastEntry();
    if (last == null || last.getValue().isBefore(range.from())) {
      ends.put(range.from(), range.to());
    } else if (range.to().isAfter(last.getValue())) {
      ends.put(last.getKey(), range.to());
    }
  }

  /** Whether it holds a second of a range. */
  boolean overlaps(TimeRange range) {
    Map.Entry<Instant, Instant> before = ends.lowerEntry(range.to());
    return !range.isEmpty() && before != null && before.getValue().isAfter(range.from());
  }

  /** What of a range it does not hold, in order. */
  List<TimeRange> complementIn(TimeRange range) {
    List<TimeRange> parts = new ArrayList<>();
    Instant at = range.from();
    Instant first = ends.floorKey(at);
    Map<Instant, Instant> held = ends.subMap(first == null ? at : first, range.to());
    for (Map.Entry<Instant, Instant> one : held.entrySet()) {
      if (at.isBefore(one.getKey())) {
        parts.add(new TimeRange(at, one.getKey()));
      }
      at = one.getValue().isAfter(at) ? one.getValue() : at;
    }
    if (at.isBefore(range.to())) {
      parts.add(new TimeRange(at, range.to()));
    }
    return parts;
  }
}
