package io.callrecords.connect.feed;

import java.util.Comparator;
import java.util.function.Function;

/** One row of a page: a record of a feed, or what cannot be taken for one. */
public sealed interface Row permits FeedRecord, MalformedRecord, OutOfRangeRecord {
  /** By time, and by id within a second: the order in which rows are emitted. */
  Comparator<Row> ORDER =
      (a, b) -> a.time() == b.time() ? a.id().compareTo(b.id()) : Long.compare(a.time(), b.time());

  /** Distinguishes it from all other rows; the same each time that the API returns it. */
  String id();

  /** The time by which the API filters it, in seconds since the epoch. */
  long time();

  /** A number that differs between versions of the row, or 0 where none is known. */
  int fingerprint();

  /** How much of the heap it takes, in bytes, as {@link RowWeight} estimates it. */
  long weight();

  /** Takes the row apart: exactly one of the functions is called, the one for what it is. */
  <T> T match(
      Function<FeedRecord, T> record,
      Function<MalformedRecord, T> malformed,
      Function<OutOfRangeRecord, T> outOfRange);
}
