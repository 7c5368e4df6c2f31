package io.callrecords.connect.schedule;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.WindowSnapshot;
import java.util.List;

/** A settled range that is read again because its total has changed: what has been read of it. */
final class RereadRange {
  private final ReadCount known;
  private final long reported;
  private List<TimeRange> open;
  private long rows;
  private long rowsEmitted;
  private long total;
  private long first;
  private long last;
  private long outside;
  private boolean isContradictory;

  /**
   * A range of which nothing has been read again so far.
   *
   * @param known what it had come to
   * @param reported the total that the API reports for it, the seconds beside it included
   */
  RereadRange(ReadCount known, long reported) {
    this.known = known;
    this.reported = reported;
    this.open = List.of(known.range());
  }

  /** What it had come to. */
  ReadCount known() {
    return known;
  }

  /** Whether all of a range is yet to be read again. */
  boolean isOpen(TimeRange range) {
    return open.stream().anyMatch(part -> part.contains(range));
  }

  /**
   * Adds a window of it that is open.
   *
   * @param emittedBefore how many of its rows are known to have been emitted of other windows
   */
  void add(WindowSnapshot window, long emittedBefore) {
    ReadCount count = ReadCount.of(window, window.records().size());
    skip(count.range());
    rows += count.rows();
    rowsEmitted += emittedBefore;
    total += count.total();
    first = count.range().from().equals(known.range().from()) ? count.first() : first;
    last = count.range().to().equals(known.range().to()) ? count.last() : last;
    outside = Math.max(outside, count.outside());
    isContradictory = isContradictory || !window.verified();
  }

  /** Leaves out a part that the API no longer returns. */
  void skip(TimeRange expired) {
    open = open.stream().flatMap(part -> part.minus(List.of(expired)).stream()).toList();
  }

  /** Whether all of it has been read. */
  boolean isComplete() {
    return open.isEmpty();
  }

  /** Whether the API has returned no row for it. */
  boolean isEmpty() {
    return rows == 0;
  }

  /** Whether its totals and rows never agreed. */
  boolean isContradictory() {
    return isContradictory;
  }

  /**
   * Whether a further reading would show nothing else: its totals and rows never agreed, or the
   * total that is reported for it says the same as what was read.
   */
  boolean isFinal() {
    return isContradictory || reported == total;
  }

  /** How many rows the API returns for it now that are not known from other windows. */
  long rows() {
    return rows - rowsEmitted;
  }

  /**
   * What is known of it from now on: rows that the API no longer returns were there all the same,
   * and a total that contradicts the rows is what the next one has to be.
   */
  ReadCount updated() {
    return new ReadCount(
        known.range(),
        Math.max(known.rows(), rows),
        isContradictory ? Math.max(0, reported - outside) : total,
        first,
        last,
        outside);
  }
}
