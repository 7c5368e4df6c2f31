package io.callrecords.cli.check;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A call of the sample, put together of all rows that it had.
 *
 * @param id its id
 * @param start its start as the API writes it, in seconds of no zone
 * @param end its end, likewise
 * @param labels all labels that any of its rows had
 * @param rows how many rows it had in one answer at most
 */
record SampledCall(
    String id, @Nullable Long start, @Nullable Long end, Set<String> labels, int rows) {
  /** Without what the call says. */
  @Override
  public String toString() {
    return "SampledCall";
  }

  static SampledCall of(SeenRow row, int rows) {
    return new SampledCall(row.id(), row.start(), row.end(), new TreeSet<>(row.labels()), rows);
  }

  SampledCall with(SampledCall other) {
    Set<String> all = new TreeSet<>(labels);
    all.addAll(other.labels);
    return new SampledCall(id, start, end, all, Math.max(rows, other.rows));
  }

  /** How many rows a join with the labels gives for it. */
  int joined() {
    return Math.max(1, labels.size());
  }

  /** How long it lasted, in seconds. */
  long length() {
    Long from = start;
    Long to = end;
    return from == null || to == null ? -1 : to - from;
  }
}
