package io.callrecords.connect.fetch;

import io.callrecords.connect.split.WindowLimits;

/**
 * How far a range queue prefetches beyond what has been taken: far enough that all requests that
 * may be in flight are, whatever the API's latency, and no further, since prefetched records stay
 * in memory.
 *
 * @param limits how large windows are
 * @param concurrentRequests how many requests may be in flight at once
 * @param maxWeight how much of the heap the windows may take that are being read or wait to be
 *     taken, in bytes; the first of them may take more
 */
public record PrefetchLimits(WindowLimits limits, int concurrentRequests, long maxWeight) {
  private static final int MIN_OPEN_RANGES = 8;

  private static final int MAX_STUCK_RANGES = 512;

  /** The window that is handed over, and one whose pages do not add up at the first pass. */
  private static final int WINDOWS = 2;

  /** The last page of a window is requested alone, after the pages in the middle. */
  private static final int PAGES_PER_REQUEST = 4;

  /** The most ranges whose first page is requested or there while their other pages are not. */
  public int maxOpenRanges() {
    return Math.max(MIN_OPEN_RANGES, 2 * concurrentRequests);
  }

  /** The most ranges that are open beyond that, since their first page has not come for long. */
  int maxStuckRanges() {
    return MAX_STUCK_RANGES;
  }

  /** The most records in windows that are being read or wait to be taken. */
  public long maxBufferedRecords() {
    return WINDOWS * limits.maxRecords()
        + (long) PAGES_PER_REQUEST * concurrentRequests * limits.pageSize();
  }

  /** Whether so many records of that weight may be in such windows. */
  boolean allow(long records, long weight) {
    return records <= maxBufferedRecords() && weight <= maxWeight;
  }
}
