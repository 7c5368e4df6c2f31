package io.callrecords.connect.state;

import io.callrecords.connect.offset.SegmentOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.util.Collection;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The segments of the journal that are in use. Only the last one is written; one whose ids are all
 * settled is overwritten, so that their number depends on what is unsettled at once.
 */
final class JournalSegments {
  private static final Logger LOG = LoggerFactory.getLogger(JournalSegments.class);

  private final int maxLength;
  private final TreeMap<Integer, JournalSegment> inUse = new TreeMap<>();
  private long sequence;
  private @Nullable JournalSegment last;

  /**
   * Creates an empty collection.
   *
   * @param maxLength a segment that has more characters is left as it is
   */
  JournalSegments(int maxLength) {
    this.maxLength = maxLength;
  }

  /** Resumes from stored segments: none of them is written any more. */
  void restore(Collection<SegmentOffset> stored) {
    for (SegmentOffset offset : stored) {
      JournalSegment segment = new JournalSegment(offset.number(), offset.sequence());
      offset.ids().forEach(segment::reserve);
      inUse.put(offset.number(), segment);
      sequence = Math.max(sequence, offset.sequence());
    }
  }

  /**
   * The segment that is written next, which may be a new one.
   *
   * @param isSettled whether a part of a day is settled, and this is stored or will be with the new
   *     segment
   */
  JournalSegment withRoom(BiPredicate<Split, TimeRange> isSettled) {
    JournalSegment open = last;
    if (open == null || open.length() >= maxLength) {
      inUse.values().removeIf(segment -> segment.isFree(isSettled));
      open = new JournalSegment(freeNumber(), ++sequence);
      inUse.put(open.number(), open);
      last = open;
      LOG.debug(
          "Began segment {} of the journal (sequence {}); {} are in use",
          open.number(),
          open.sequence(),
          inUse.size());
    }
    return open;
  }

  private int freeNumber() {
    int number = 1;
    while (inUse.containsKey(number)) {
      number++;
    }
    return number;
  }

  /** How many are in use. */
  int size() {
    return inUse.size();
  }

  /** Whether one of them holds ids of a day. */
  boolean hold(Split day) {
    return inUse.values().stream().anyMatch(segment -> segment.holds(day));
  }
}
