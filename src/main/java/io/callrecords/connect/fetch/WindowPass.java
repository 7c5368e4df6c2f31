package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One pass over a window: its pages, put together. */
final class WindowPass {
  private final List<Page> pages;
  private final int rowCount;
  private final Map<String, Row> rows;
  private final boolean suspicious;
  private @Nullable Map<String, Integer> idCounts;

  /**
   * Puts pages together.
   *
   * @param range the window
   * @param pages the pages in order, one at least; not all if their totals differ
   */
  WindowPass(TimeRange range, List<Page> pages) {
    this.pages = List.copyOf(pages);
    int count = 0;
    for (Page page : pages) {
      count += page.rows().size();
    }
    this.rowCount = count;
    // In the order of the pages, which is nearly that of time, so that little is left to sort.
    this.rows = new LinkedHashMap<>(count * 4 / 3 + 1);
    boolean farOff = false;
    for (Page page : pages) {
      for (Row row : page.rows()) {
        rows.put(row.id(), row);
        farOff = farOff || isFarOff(range, row);
      }
    }
    this.suspicious =
        pages.get(0).withoutData()
            || (farOff && rows.values().stream().anyMatch(row -> isFarOff(range, row)));
  }

  /** The total that the first page reports. */
  long total() {
    return pages.get(0).total();
  }

  /** How many pages the pass has. */
  int pageCount() {
    return pages.size();
  }

  /** How many rows its pages have, repeated ones included. */
  int rowCount() {
    return rowCount;
  }

  /** Its rows by id; of a repeated row the last one. */
  Map<String, Row> rows() {
    return rows;
  }

  /** Whether all pages report the same total, and have as many rows. */
  boolean addsUp() {
    return haveSameTotal(pages) && rowCount == total();
  }

  /** Whether all pages report the same total. */
  static boolean haveSameTotal(List<Page> pages) {
    return pages.stream().allMatch(page -> page.total() == pages.get(0).total());
  }

  /**
   * Whether it may be a fault that looks like a response: one without data, or with rows of another
   * time than was requested.
   */
  boolean isSuspicious() {
    return suspicious;
  }

  /** How often its pages have each id. */
  Map<String, Integer> idCounts() {
    Map<String, Integer> counts = idCounts;
    if (counts == null) {
      counts = new HashMap<>();
      for (Page page : pages) {
        for (Row row : page.rows()) {
          counts.merge(row.id(), 1, Integer::sum);
        }
      }
      idCounts = counts;
    }
    return counts;
  }

  /** Whether a row's time lies outside of what is requested for a window. */
  static boolean isFarOff(TimeRange range, Row row) {
    long time = row.time();
    return time < range.from().getEpochSecond() - 1 || time > range.to().getEpochSecond();
  }
}
