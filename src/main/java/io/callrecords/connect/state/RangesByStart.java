package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.function.Function;

/** Finds what lies in a range, in a map that has ranges without overlaps by their starts. */
final class RangesByStart {
  private RangesByStart() {}

  /**
   * The values whose ranges have a second in common with a range, in order.
   *
   * @param rangeOf the range of a value, whose start is its key
   */
  static <T> List<T> overlapping(
      NavigableMap<Instant, T> byStart, TimeRange range, Function<? super T, TimeRange> rangeOf) {
    Instant before = byStart.floorKey(range.from());
    List<T> overlapping = new ArrayList<>();
    for (T value :
        byStart.subMap(before == null ? range.from() : before, true, range.to(), false).values()) {
      if (rangeOf.apply(value).overlaps(range)) {
        overlapping.add(value);
      }
    }
    return overlapping;
  }
}
