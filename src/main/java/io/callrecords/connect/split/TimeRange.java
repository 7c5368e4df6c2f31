package io.callrecords.connect.split;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * A half-open range of time in whole seconds, the API's resolution.
 *
 * @param from its first second
 * @param to the second after its last
 */
public record TimeRange(Instant from, Instant to) {
  /** Refuses fractions of a second and a range that ends before it begins. */
  public TimeRange {
    if (!isWhole(from) || !isWhole(to) || to.isBefore(from)) {
      throw new IllegalArgumentException("Not a range of whole seconds: " + from + "/" + to);
    }
  }

  private static boolean isWhole(Instant time) {
    return time.equals(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** The same moments as some ranges, in order and without overlaps; what touches is one. */
  public static List<TimeRange> union(Collection<TimeRange> ranges) {
    List<TimeRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparing(TimeRange::from));
    List<TimeRange> union = new ArrayList<>();
    for (TimeRange next : sorted) {
      TimeRange last = union.isEmpty() ? null : union.get(union.size() - 1);
      if (last == null || last.to().isBefore(next.from())) {
        union.add(next);
      } else if (last.to().isBefore(next.to())) {
        union.set(union.size() - 1, new TimeRange(last.from(), next.to()));
      }
    }
    return union;
  }

  /** Whether it holds no second. */
  public boolean isEmpty() {
    return from.equals(to);
  }

  /** Its length in seconds. */
  public long seconds() {
    return ChronoUnit.SECONDS.between(from, to);
  }

  /** Its length. */
  public Duration length() {
    return Duration.between(from, to);
  }

  /** Whether it holds the given second. */
  public boolean contains(long epochSecond) {
    return epochSecond >= from.getEpochSecond() && epochSecond < to.getEpochSecond();
  }

  /** Whether it holds all of another range. */
  public boolean contains(TimeRange other) {
    return !other.from.isBefore(from) && !other.to.isAfter(to);
  }

  /** Whether the two have a second in common. */
  public boolean overlaps(TimeRange other) {
    return from.isBefore(other.to) && other.from.isBefore(to);
  }

  /** What the two have in common; an empty range at the later start when that is nothing. */
  public TimeRange intersection(TimeRange other) {
    Instant start = from.isAfter(other.from) ? from : other.from;
    Instant end = to.isBefore(other.to) ? to : other.to;
    return new TimeRange(start, end.isBefore(start) ? start : end);
  }

  /** What of it lies in none of the given ranges, in order. */
  public List<TimeRange> minus(List<TimeRange> others) {
    List<TimeRange> rest = List.of(this);
    for (TimeRange other : others) {
      List<TimeRange> parts = new ArrayList<>();
      for (TimeRange part : rest) {
        if (part.overlaps(other)) {
          TimeRange both = part.intersection(other);
          parts.add(new TimeRange(part.from, both.from));
          parts.add(new TimeRange(both.to, part.to));
        } else {
          parts.add(part);
        }
      }
      rest = parts.stream().filter(part -> !part.isEmpty()).toList();
    }
    return rest;
  }

  /**
   * Cuts it into pieces of almost equal length that together cover it, in order.
   *
   * @param pieces how many, at most; no piece is shorter than a second
   */
  public List<TimeRange> cut(int pieces) {
    long seconds = seconds();
    int count = (int) Math.max(1, Math.min(pieces, seconds));
    List<TimeRange> result = new ArrayList<>(count);
    Instant start = from;
    for (int i = 1; i <= count; i++) {
      Instant end = from.plusSeconds(seconds * i / count);
      result.add(new TimeRange(start, end));
      start = end;
    }
    return result;
  }

  /** The ISO-8601 form of an interval. */
  @Override
  public String toString() {
    return from + "/" + to;
  }
}
