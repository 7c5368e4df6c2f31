package io.callrecords.connect.fetch;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/** Makes the snapshot of a window from the rows that the API returned for it. Pure. */
final class SnapshotAssembler {
  private SnapshotAssembler() {}

  /**
   * Keeps the rows that belong to a window, sorted, and counts the others.
   *
   * @param rows the rows, each id once
   * @param requestedAt the server's time when the first page was requested
   * @param last the last pass
   * @param passes how many passes there were
   * @param verified whether the rows are all that there are
   */
  static WindowSnapshot assemble(
      TimeRange range,
      Collection<Row> rows,
      Instant requestedAt,
      WindowPass last,
      int passes,
      boolean verified) {
    List<Row> own = new ArrayList<>(rows.size());
    for (Row row : rows) {
      if (range.contains(row.time())) {
        own.add(row);
      }
    }
    // Once reversed, rows that the API returns newest first are nearly sorted.
    if (own.size() > 1 && own.get(0).time() > own.get(own.size() - 1).time()) {
      Collections.reverse(own);
    }
    own.sort(Row.ORDER);
    int outside = rows.size() - own.size();
    int repeated = Math.max(0, last.rowCount() - rows.size());
    return new WindowSnapshot(
        range,
        Collections.unmodifiableList(own),
        requestedAt,
        new WindowAudit.Reconciliation(
            last.pages().isWithoutData() ? WindowOffset.UNKNOWN : last.total(),
            outside,
            repeated,
            passes,
            verified,
            verified && last.isCounted(),
            last.conflicts()));
  }
}
