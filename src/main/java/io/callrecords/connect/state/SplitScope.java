package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;

/**
 * Which part of a split a task reads, and how; it never changes while the task runs.
 *
 * @param split the split
 * @param range the part of its day that is wanted
 * @param options what is read, and when it is rechecked
 * @param openedAt when the task opened it, in whole seconds
 */
public record SplitScope(Split split, TimeRange range, ReadOptions options, Instant openedAt) {
  /** Whether all of its day is wanted. */
  boolean isWholeDay() {
    return range.equals(split.range());
  }
}
