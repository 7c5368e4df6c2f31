package io.callrecords.connect.feed;

/**
 * The range of times that a query requested. Both ends belong to it, unlike those of a {@code
 * TimeRange}, whose end does not.
 *
 * @param first its first second, since the epoch
 * @param last its last second, since the epoch
 */
public record QueryRange(long first, long last) {
  /** Whether the given second lies in it. */
  public boolean contains(long second) {
    return second >= first && second <= last;
  }
}
