package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.split.TimeRange;
import java.util.List;

/**
 * What was known of a range before it is read again.
 *
 * @param ids the ids that were emitted of it
 * @param unattributed how many of them were emitted late or again, beside what their marks tell
 * @param readRanges the windows in it that had been read whole
 */
record RangeHistory(IdSet ids, LateCounts unattributed, List<TimeRange> readRanges) {
  /** The history of a range that no window covers. */
  static final RangeHistory NONE = new RangeHistory(IdSet.EMPTY, LateCounts.NONE, List.of());

  /** How many of its records were emitted late or again. */
  LateCounts lateCounts() {
    return unattributed.plus(ids.lateCounts());
  }

  /** Whether nothing was emitted of it. */
  boolean isEmpty() {
    return ids.size() == 0;
  }

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
