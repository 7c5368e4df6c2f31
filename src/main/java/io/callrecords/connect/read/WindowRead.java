package io.callrecords.connect.read;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;

/**
 * What reading a window came to.
 *
 * @param range the window
 * @param records its rows, each id once, in the order in which they are sent
 * @param askedAt the server's time when the reading began: what was visible then is among the
 *     records
 * @param reading how the API's answers added up; where they did not, the records are all that it
 *     ever showed
 */
record WindowRead(
    TimeRange range, List<Row> records, Instant askedAt, WindowAudit.Reading reading) {
  /** The same without what lies before a moment. */
  WindowRead since(Instant from) {
    if (from.equals(range.from())) {
      return this;
    }
    List<Row> rest =
        records.stream().filter(record -> record.time() >= from.getEpochSecond()).toList();
    return new WindowRead(new TimeRange(from, range.to()), rest, askedAt, reading);
  }

  /** Whether the API's answers add up. */
  boolean verified() {
    return reading.verified();
  }

  /** What the API reported for exactly this window's query. */
  long total() {
    return reading.total();
  }
}
