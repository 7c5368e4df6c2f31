package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The offset that a record carries: that of its day, or that of a segment of the journal. It is
 * worked out when it is asked for; any thread may do so.
 */
public sealed interface RecordOffset {
  /**
   * The offset of a day.
   *
   * @param day the day, which is the source partition
   */
  record OfDay(Split day, Supplier<SplitOffset> offset) implements RecordOffset {}

  /**
   * The offset of a segment of the journal.
   *
   * @param number the segment's number, which is the source partition
   */
  record OfSegment(int number, Supplier<SegmentOffset> offset) implements RecordOffset {}

  /** What it belongs to, by which it is told from others: a day, or the number of a segment. */
  default Object source() {
    return match(OfDay::day, OfSegment::number);
  }

  /** Takes it apart. */
  default <T> T match(
      Function<? super OfDay, ? extends T> onDay,
      Function<? super OfSegment, ? extends T> onSegment) {
    if (this instanceof OfDay day) {
      return onDay.apply(day);
    }
    return onSegment.apply((OfSegment) this);
  }
}
