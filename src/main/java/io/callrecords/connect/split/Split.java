package io.callrecords.connect.split;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/**
 * One UTC day of the query range: the unit of assignment, and the source partition of its offset.
 *
 * @param day the day
 */
public record Split(LocalDate day) implements Comparable<Split> {
  /** The split that holds the given moment. */
  public static Split of(Instant time) {
    return new Split(time.atZone(ZoneOffset.UTC).toLocalDate());
  }

  /** The whole day. */
  public TimeRange range() {
    return new TimeRange(
        day.atStartOfDay(ZoneOffset.UTC).toInstant(),
        day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
  }

  /** The next day. */
  public Split next() {
    return new Split(day.plusDays(1));
  }

  /** The days that hold a part of a range, in order. */
  public static Stream<Split> allOf(TimeRange range) {
    return Stream.iterate(
        of(range.from()), day -> day.range().from().isBefore(range.to()), Split::next);
  }

  /** This day and those after it, to a last one; none when that lies before this. */
  public Stream<Split> to(Split last) {
    return Stream.iterate(this, day -> day.compareTo(last) <= 0, Split::next);
  }

  @Override
  public int compareTo(Split other) {
    return day.compareTo(other.day);
  }

  /** The day in ISO-8601, as in the source partition. */
  @Override
  public String toString() {
    return day.toString();
  }
}
