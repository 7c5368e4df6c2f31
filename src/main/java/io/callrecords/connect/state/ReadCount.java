package io.callrecords.connect.state;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;

/**
 * How much the API has returned for a range that is settled, to be compared with what it reports
 * later.
 *
 * @param range the range
 * @param rows how many different rows it has ever returned for it, or {@link #UNKNOWN} where an
 *     earlier run has read it
 * @param total how many rows of it the API counts, those in the seconds beside it left out
 * @param first how many of the rows lie in its first second, at most
 * @param last how many of them lie in its last second, at most
 * @param outside how many rows lay in the seconds beside it, at most
 */
public record ReadCount(
    TimeRange range, long rows, long total, long first, long last, long outside) {
  /** Stands for a number of rows that nobody knows. */
  public static final long UNKNOWN = -1;

  /**
   * The count of a window that was read.
   *
   * @param rowsEver how many different rows the API has ever returned for it
   */
  public static ReadCount of(WindowSnapshot window, long rowsEver) {
    List<Row> rows = window.records();
    TimeRange range = window.range();
    long outside = window.reconciliation().outside();
    return new ReadCount(
        range,
        rowsEver,
        window.verified() ? window.total() - outside : rows.size(),
        inFirstSecond(rows, range.from()),
        inLastSecond(rows, range.to().minusSeconds(1)),
        outside);
  }

  private static int inFirstSecond(List<Row> rows, Instant second) {
    int count = 0;
    while (count < rows.size() && rows.get(count).time() == second.getEpochSecond()) {
      count++;
    }
    return count;
  }

  private static int inLastSecond(List<Row> rows, Instant second) {
    int from = rows.size();
    while (from > 0 && rows.get(from - 1).time() == second.getEpochSecond()) {
      from--;
    }
    return rows.size() - from;
  }

  /** A range for which nothing was returned. */
  static ReadCount ofNothing(TimeRange range) {
    return new ReadCount(range, 0, 0, 0, 0, 0);
  }

  /** A range of which nobody knows more than that so many rows were returned. */
  static ReadCount ofIds(TimeRange range, long rows) {
    return new ReadCount(range, rows, rows, rows, rows, rows);
  }

  /** A range that an earlier run has read: what the API reports now is what it is held to. */
  public static ReadCount measured(TimeRange range, long total) {
    return new ReadCount(range, UNKNOWN, total, 0, 0, 0);
  }

  /** This count where the API reports another total: what is more than before was not read. */
  public ReadCount withTotal(long reported) {
    return isMeasured()
        ? measured(range, reported)
        : new ReadCount(
            range, rows + Math.max(0, reported - total), reported, first, last, outside);
  }

  /** Whether an earlier run has read it. */
  public boolean isMeasured() {
    return rows == UNKNOWN;
  }

  /** Whether the API has never returned a row for it, so that nothing of it can be emitted. */
  public boolean isEmpty() {
    return rows == 0;
  }

  /** Whether it can be cut anywhere, since nothing lies in it. */
  boolean isDivisible() {
    return isEmpty() && total == 0;
  }

  /** Its part in a range, which has to be divisible. */
  ReadCount within(TimeRange other) {
    TimeRange part = range.intersection(other);
    return part.equals(range) ? this : new ReadCount(part, 0, 0, 0, 0, outside);
  }

  /** Its parts of a day each; itself where it cannot be divided. */
  List<ReadCount> byDay() {
    return isDivisible()
        ? Split.allOf(range).map(day -> within(day.range())).toList()
        : List.of(this);
  }

  /**
   * Whether this range and the one right after it are kept as one.
   *
   * @param seconds how long that may be at most, where there are rows
   * @param most how many rows it may have
   */
  boolean mayMergeWith(ReadCount next, long seconds, long most) {
    if (!range.to().equals(next.range.from())) {
      return false;
    }
    if (isDivisible() || next.isDivisible()) {
      return isDivisible() && next.isDivisible();
    }
    TimeRange both = new TimeRange(range.from(), next.range.to());
    return rows > 0
        && next.rows > 0
        && both.seconds() <= seconds
        && rows + next.rows <= most
        && Split.of(both.from()).range().contains(both);
  }

  /** This range and the one right after it as one. */
  ReadCount mergedWith(ReadCount next) {
    return new ReadCount(
        new TimeRange(range.from(), next.range.to()),
        rows + next.rows,
        total + next.total,
        first,
        next.last,
        Math.max(outside, next.outside));
  }
}
