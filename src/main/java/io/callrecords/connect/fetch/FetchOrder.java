package io.callrecords.connect.fetch;

import io.callrecords.connect.split.TimeRange;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a range.
 *
 * @param expectedTotal the total at which nothing has changed, or null where none is known
 * @param reads whether its records are wanted, and not only whether its total has changed
 * @param isComparable whether it has a total of its own
 * @param isSuspect whether it is a part of what the API has failed to return for long
 */
record FetchOrder(
    TimeRange range,
    @Nullable Long expectedTotal,
    boolean reads,
    boolean isComparable,
    boolean isSuspect) {
  /** Its records. */
  static FetchOrder reading(TimeRange range) {
    return new FetchOrder(range, null, true, true, false);
  }

  /** The records of a part of what the API has failed to return. */
  static FetchOrder readingSuspect(TimeRange range) {
    return new FetchOrder(range, null, true, true, true);
  }

  /** Its records, unless its total is the expected one. */
  static FetchOrder readingUnless(TimeRange range, long expectedTotal) {
    return new FetchOrder(range, expectedTotal, true, true, false);
  }

  /** Whether its total is the expected one. */
  static FetchOrder comparing(TimeRange range, long expectedTotal) {
    return new FetchOrder(range, expectedTotal, false, true, false);
  }

  /** The same of one that has no total of its own, so that it counts as changed. */
  static FetchOrder incomparable(TimeRange range) {
    return new FetchOrder(range, null, false, false, false);
  }

  /** Whether a total says that nothing has changed. */
  boolean isUnchangedAt(long total) {
    return expectedTotal != null && expectedTotal == total;
  }
}
