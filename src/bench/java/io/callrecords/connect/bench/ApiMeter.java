package io.callrecords.connect.bench;

import java.util.Arrays;

/** Remembers when each page was asked for and answered, and tells how many were at once. */
final class ApiMeter {
  private long[] begun = new long[1 << 12];
  private long[] ended = new long[1 << 12];
  private int requests;
  private long rows;

  /** Forgets all. */
  synchronized void clear() {
    requests = 0;
    rows = 0;
  }

  /** Takes note of a request; returns its number. */
  synchronized int begin(long nanos) {
    if (requests == begun.length) {
      begun = Arrays.copyOf(begun, requests * 2);
      ended = Arrays.copyOf(ended, requests * 2);
    }
    begun[requests] = nanos;
    ended[requests] = Long.MAX_VALUE;
    return requests++;
  }

  /** Takes note of an answer. */
  synchronized void end(int request, long nanos, int newRows) {
    if (request < requests) {
      ended[request] = nanos;
      rows += newRows;
    }
  }

  /**
   * What happened in a stretch of time.
   *
   * @param perSecond how many requests began in a second, from the first to the last of them
   * @param inFlight how many were there at once, on average over the time
   * @param allRequests how many there were at any time
   * @param rows how many records they were answered with
   * @param firstNanos when the very first began
   */
  record ApiReading(
      double perSecond, double inFlight, int allRequests, long rows, long firstNanos) {}

  /**
   * Measures between two moments of {@link System#nanoTime}, which all processes share on Linux.
   */
  synchronized ApiReading between(long from, long to) {
    int inside = 0;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;
    double busy = 0;
    for (int i = 0; i < requests; i++) {
      if (begun[i] >= from && begun[i] < to) {
        inside++;
        first = Math.min(first, begun[i]);
        last = Math.max(last, begun[i]);
      }
      busy += Math.max(0, Math.min(ended[i], to) - Math.max(begun[i], from));
    }
    double perSecond = inside < 2 ? 0 : (inside - 1) * 1e9 / Math.max(1, last - first);
    return new ApiReading(
        perSecond, busy / Math.max(1, to - from), requests, rows, requests == 0 ? 0 : begun[0]);
  }
}
