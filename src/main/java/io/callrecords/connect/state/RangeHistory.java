package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import java.util.List;

/**
 * What was known of a range before it is read again.
 *
 * @param ids the ids that were emitted of it
 * @param lateCounts how many of them were emitted late or again
 * @param readRanges the windows in it that had been read whole
 */
record RangeHistory(IdSet ids, LateCounts lateCounts, List<TimeRange> readRanges) {
  /** The history of a range that no window covers. */
  static final RangeHistory NONE = new RangeHistory(IdSet.EMPTY, LateCounts.NONE, List.of());

  /** Whether a second had been read whole. */
  boolean wasRead(long epochSecond) {
    for (TimeRange range : readRanges) {
      if (range.contains(epochSecond)) {
        return true;
      }
    }
    return false;
  }
}
