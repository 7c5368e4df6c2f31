package io.callrecords.connect.feed;

/**
 * The range that a query asked for.
 *
 * @param first its first second, since the epoch
 * @param last its last second, since the epoch
 */
public record QueryRange(long first, long last) {
  /** Whether it holds the given second. */
  public boolean contains(long second) {
    return second >= first && second <= last;
  }
}
