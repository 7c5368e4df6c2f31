package io.callrecords.connect.state;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.feed.RowWeight;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the API returned for a whole window.
 *
 * @param range the window
 * @param records its rows, each id once, in the order of {@link Row#ORDER}
 * @param requestedAt the server's time when its first page was requested: what was visible then is
 *     among the rows
 * @param reconciliation how the API's responses added up; where they did not, the rows are all that
 *     it ever returned
 */
public record WindowSnapshot(
    TimeRange range,
    List<Row> records,
    Instant requestedAt,
    WindowAudit.Reconciliation reconciliation) {
  /** This snapshot without what lies before a moment. */
  WindowSnapshot since(Instant from) {
    if (from.equals(range.from())) {
      return this;
    }
    List<Row> remaining =
        records.stream().filter(row -> row.time() >= from.getEpochSecond()).toList();
    return new WindowSnapshot(
        new TimeRange(from, range.to()), remaining, requestedAt, reconciliation);
  }

  /** The ids of its rows. */
  Set<String> ids() {
    Set<String> ids = new HashSet<>(records.size() * 4 / 3 + 1);
    for (Row row : records) {
      ids.add(row.id());
    }
    return ids;
  }

  /** How much of the heap one of its rows takes on average, in bytes; 0 where it has none. */
  public long rowWeight() {
    return RowWeight.average(records);
  }

  /** Whether the API's responses added up. */
  public boolean verified() {
    return reconciliation.verified();
  }

  /** Whether the total is made up of the rows, so that it changes when these do. */
  boolean counted() {
    return reconciliation.counted();
  }

  /** The total that the API reported for exactly this window's query. */
  public long total() {
    return reconciliation.total();
  }
}
