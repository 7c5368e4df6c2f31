package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;

/**
 * How much of the heap a record takes, as far as pages have shown, so that windows of heavy records
 * hold fewer of them. It is changed on the loop; any thread may read it.
 */
final class WeightEstimate {
  /** Records that were heavier are forgotten after some times so many pages. */
  private static final int PAGES_TO_FORGET = 16;

  private final long maxWindowWeight;
  private volatile long rowWeight;

  /**
   * Knows nothing yet.
   *
   * @param maxWindowWeight how much of the heap a window may take that can be cut, in bytes
   */
  WeightEstimate(long maxWindowWeight) {
    this.maxWindowWeight = maxWindowWeight;
  }

  /** Learns from a page: at once where its records are heavier. */
  void observe(Page page) {
    if (!page.rows().isEmpty()) {
      rowWeight = Math.max(page.rowWeight(), rowWeight - rowWeight / PAGES_TO_FORGET);
    }
  }

  /** How much a record takes, in bytes; 0 before any was received. */
  long rowWeight() {
    return rowWeight;
  }

  /** How much the pages of a window may take that turn out to be heavier than its first one. */
  long maxReadWeight() {
    return maxWindowWeight > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * maxWindowWeight;
  }

  /** How much the pages of a second may take, which cannot be cut: as much as all of a task. */
  long maxSecondWeight() {
    return maxWindowWeight > Long.MAX_VALUE / 8 ? Long.MAX_VALUE : 8 * maxWindowWeight;
  }

  /** How many records a window may have that can be cut. */
  long maxRecords() {
    return maxWindowWeight / Math.max(1, rowWeight);
  }
}
