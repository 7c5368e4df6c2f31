package io.callrecords.connect.split;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

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
