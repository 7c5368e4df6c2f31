package io.callrecords.connect.state;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;

/**
 * What reading a window came to.
 *
 * @param range the window
 * @param records its rows, each id once, in the order in which they are sent
 * @param requestedAt the server's time when the reading began: what was visible then is among the
 *     records
 * @param reading how the API's answers added up; where they did not, the records are all that it
 *     ever showed
 */
public record WindowSnapshot(
    TimeRange range, List<Row> records, Instant requestedAt, WindowAudit.Reconciliation reading) {
  /** The same without what lies before a moment. */
  WindowSnapshot since(Instant from) {
    if (from.equals(range.from())) {
      return this;
    }
    List<Row> rest =
        records.stream().filter(record -> record.time() >= from.getEpochSecond()).toList();
    return new WindowSnapshot(new TimeRange(from, range.to()), rest, requestedAt, reading);
  }

  /** Whether the API's answers add up. */
  public boolean verified() {
    return reading.verified();
  }

  /** What the API reported for exactly this window's query. */
  public long total() {
    return reading.total();
  }
}
