package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdMark;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** A segment of the journal: the ids that were written to it, and where those of each day lie. */
final class JournalSegment {
  /** An id of the API beside its neighbour, a fingerprint, and a second. */
  private static final int BYTES_OF_NUMBER = 10;

  /** A fingerprint, two lengths, and a second. */
  private static final int BYTES_BESIDE_TEXT = 11;

  private static final int MAX_DIGITS = 18;

  private final int number;
  private final long sequence;
  private final Map<Split, TimeRange> spans = new HashMap<>();
  private SortedMap<Split, IdSet> ids = Collections.emptySortedMap();
  private int length;

  /**
   * Creates a segment without ids.
   *
   * @param number its source partition
   * @param sequence the order in which segments are begun
   */
  JournalSegment(int number, long sequence) {
    this.number = number;
    this.sequence = sequence;
  }

  /** How many characters an id takes in an offset, about: Base64 takes a third more. */
  static int lengthOf(String id) {
    boolean isNumber = id.length() <= MAX_DIGITS && id.chars().allMatch(c -> c >= '0' && c <= '9');
    return (isNumber ? BYTES_OF_NUMBER : id.length() + BYTES_BESIDE_TEXT) * 4 / 3 + 1;
  }

  /** Its source partition. */
  int number() {
    return number;
  }

  /** The order in which it was begun. */
  long sequence() {
    return sequence;
  }

  /** The ids of each day; later additions leave this map as it is. */
  SortedMap<Split, IdSet> ids() {
    return ids;
  }

  /** How many characters it takes at most, but for the days. */
  int length() {
    return length;
  }

  /** Adds ids of a day, whose marks know their seconds. */
  void add(Split day, IdSet added) {
    ids = plus(ids, day, added);
    added.ids().forEach(id -> length += lengthOf(id));
    reserve(day, added);
  }

  /** Takes note that a stored segment has ids of a day, which need not be kept. */
  void reserve(Split day, IdSet held) {
    int[] seconds = {Integer.MAX_VALUE, -1};
    held.forEachMark(
        (id, mark) -> {
          seconds[0] = Math.min(seconds[0], IdMark.secondOfDay(mark));
          seconds[1] = Math.max(seconds[1], IdMark.secondOfDay(mark));
        });
    if (seconds[1] >= 0) {
      Instant midnight = day.range().from();
      TimeRange span =
          new TimeRange(midnight.plusSeconds(seconds[0]), midnight.plusSeconds(seconds[1] + 1L));
      spans.merge(day, span, JournalSegment::hull);
    }
  }

  private static TimeRange hull(TimeRange a, TimeRange b) {
    return new TimeRange(
        a.from().isBefore(b.from()) ? a.from() : b.from(),
        a.to().isAfter(b.to()) ? a.to() : b.to());
  }

  /** Ids with more of a day. */
  static SortedMap<Split, IdSet> plus(SortedMap<Split, IdSet> all, Split day, IdSet added) {
    SortedMap<Split, IdSet> result = new TreeMap<>(all);
    result.merge(day, added, IdSet::plus);
    return Collections.unmodifiableSortedMap(result);
  }

  /** Whether it holds ids of a day. */
  boolean holds(Split day) {
    return spans.containsKey(day);
  }

  /** Whether nothing of it is needed: of each day, from its first to its last id. */
  boolean isFree(BiPredicate<Split, TimeRange> isSettled) {
    return spans.entrySet().stream()
        .allMatch(span -> isSettled.test(span.getKey(), span.getValue()));
  }
}
