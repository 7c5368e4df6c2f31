package io.callrecords.connect.offset;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * A segment of the journal: ids that were emitted of busy days, and how far these days have been
 * read. The journal is written like a log: only its last segment changes, and a segment whose ids
 * are all settled is overwritten by a later one.
 *
 * @param number its source partition, from 1 on
 * @param sequence the order in which segments were begun, over all numbers: what a later one says
 *     of an id is newer
 * @param start where the connector's range began when this was written
 * @param days what was true of each day whose ids the journal holds
 * @param ids the ids of each day, with marks that know their seconds
 * @param settledDays other days of the task that were settled when this was written
 */
public record SegmentOffset(
    int number,
    long sequence,
    Instant start,
    SortedMap<Split, DayClaim> days,
    SortedMap<Split, IdSet> ids,
    SettledDays settledDays) {
  /** Copies the collections. */
  public SegmentOffset {
    days = Collections.unmodifiableSortedMap(new TreeMap<>(days));
    ids = Collections.unmodifiableSortedMap(new TreeMap<>(ids));
  }

  /** What it says is settled of a day that it names, in no order. */
  public List<TimeRange> settled(Split day) {
    DayClaim claim = days.get(day);
    if (claim == null) {
      return List.of();
    }
    Instant midnight = day.range().from();
    Instant from = start.isAfter(midnight) ? start : midnight;
    List<TimeRange> settled = new ArrayList<>(claim.besides());
    if (from.isBefore(claim.settled())) {
      settled.add(new TimeRange(from, claim.settled()));
    }
    return settled;
  }

  /**
   * The same as far as the days' own offsets bear it out.
   *
   * @param isNeedless the days whose ids nobody needs
   * @param isNamed whether Kafka has a day's own offset with that name by now
   * @param reports what of its settled days is true
   */
  SegmentOffset checkedBy(
      Predicate<Split> isNeedless, BiPredicate<Split, String> isNamed, SettledDays reports) {
    SortedMap<Split, IdSet> needed = new TreeMap<>(ids);
    needed.keySet().removeIf(isNeedless);
    SortedMap<Split, DayClaim> claims = new TreeMap<>(days);
    claims.replaceAll(
        (day, claim) -> isNamed.test(day, claim.generation()) ? claim.named() : claim);
    return new SegmentOffset(number, sequence, start, claims, needed, reports);
  }

  /**
   * What a segment says of a day.
   *
   * @param generation the {@link SplitOffset#generation} of the day's own offset: a day that was
   *     reset has another one, and then nothing of it in the journal counts
   * @param isNamed whether Kafka had the day's own offset with that name by then; while it had not,
   *     a day without one counts as well
   * @param settled everything in the day before this moment is emitted and is not rechecked
   * @param read what had been read whole, in order; a record in it that is not in the journal is
   *     found by a recheck
   * @param besides what else is settled, in order: {@code settled} counts from where the
   *     connector's range begins, which may have been moved
   */
  public record DayClaim(
      String generation,
      boolean isNamed,
      Instant settled,
      List<TimeRange> read,
      List<TimeRange> besides) {
    /** Copies the lists. */
    public DayClaim {
      read = List.copyOf(read);
      besides = List.copyOf(besides);
    }

    /** The same once Kafka has the day's own offset. */
    DayClaim named() {
      return new DayClaim(generation, true, settled, read, besides);
    }

    /** What is said of a day of a range that was not moved. */
    public DayClaim(String generation, boolean isNamed, Instant settled, List<TimeRange> read) {
      this(generation, isNamed, settled, read, List.of());
    }
  }
}
