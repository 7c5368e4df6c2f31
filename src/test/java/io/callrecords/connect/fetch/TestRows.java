package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** Rows and pages for tests that need no API. */
final class TestRows {
  static final Instant REQUESTED_AT = Instant.parse("2026-11-02T00:00:00Z");

  /** The window that rows are for. */
  static final TimeRange WINDOW =
      new TimeRange(Instant.parse("2026-11-01T10:00:00Z"), Instant.parse("2026-11-01T11:00:00Z"));

  private static final Schema SCHEMA = CallCenterFeed.create().schema();

  private TestRows() {}

  /** A row at a second of the window. */
  static Row row(String id, long second) {
    return new FeedRecord(
        id, WINDOW.from().plusSeconds(second).getEpochSecond(), new Struct(SCHEMA));
  }

  /** Rows whose ids are letters; each stands at the second that its letter has in the alphabet. */
  static List<Row> rows(String letters) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      char letter = letters.charAt(i);
      rows.add(row(String.valueOf(letter), letter - 'a'));
    }
    return rows;
  }

  /** A page with such rows. */
  static Page page(long total, String letters) {
    return page(total, rows(letters));
  }

  /** A page with rows. */
  static Page page(long total, List<Row> rows) {
    return new Page(total, rows, false, REQUESTED_AT);
  }

  /** A response of success without data. */
  static Page pageWithoutData() {
    return new Page(0, List.of(), true, REQUESTED_AT);
  }

  /** A pass with such pages; the largest is full. */
  static WindowPass pass(List<Page> pages) {
    int size = pages.stream().mapToInt(page -> page.rows().size()).max().orElse(1);
    return new WindowPass(WINDOW, pages, Math.max(1, size));
  }

  /** A pass whose pages have such rows; the largest is full. */
  static WindowPass pass(long total, String... pages) {
    List<Page> all = new ArrayList<>();
    for (String letters : pages) {
      all.add(page(total, letters));
    }
    return pass(all);
  }
}
