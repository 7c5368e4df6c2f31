package io.callrecords.connect.fetch;

import io.callrecords.connect.split.WindowSize;

/**
 * How far a lane reads ahead of what has been taken: so far that all requests that may be under way
 * at once are, whatever the API's latency, and no further, since what is read ahead is held in
 * memory.
 *
 * @param size how large windows are
 * @param concurrentRequests how many requests may be under way at once
 */
public record PrefetchLimits(WindowSize size, int concurrentRequests) {
  private static final int LEAST_OPENINGS = 8;

  /** The window that is handed over, and one whose answers do not add up at once. */
  private static final int WINDOWS = 2;

  /** The last page of a window is asked for alone, after those in the middle. */
  private static final int PAGES_A_REQUEST = 4;

  /** The most ranges whose first page is asked for, or was, and whose others are not. */
  int maxOpenRanges() {
    return Math.max(LEAST_OPENINGS, 2 * concurrentRequests);
  }

  /** The most records of the windows that are being read or wait to be taken. */
  long records() {
    return WINDOWS * size.max() + (long) PAGES_A_REQUEST * concurrentRequests * size.page();
  }
}
