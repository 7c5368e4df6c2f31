package io.callrecords.connect.feed;

import java.util.Comparator;
import java.util.function.Function;

/** One row of an answer: a record of a feed, or what cannot be taken for one. */
public sealed interface Row permits FeedRecord, MalformedRecord, OutOfRangeRecord {
  /** By time, and by id within a second: the order in which rows are sent. */
  Comparator<Row> ORDER =
      (a, b) -> a.time() == b.time() ? a.id().compareTo(b.id()) : Long.compare(a.time(), b.time());

  /** What tells it from all other rows; the same each time that the API shows it. */
  String id();

  /** The time by which the API filters it, in seconds since the epoch. */
  long time();

  /** A number that differs from that of another version of the row, or 0 where none is known. */
  int fingerprint();

  /** Applies the function for the row's kind; there is one for each, so that none is forgotten. */
  <T> T match(
      Function<? super FeedRecord, ? extends T> onRecord,
      Function<? super MalformedRecord, ? extends T> onMalformed,
      Function<? super OutOfRangeRecord, ? extends T> onOutOfRange);
}
