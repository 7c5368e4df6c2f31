package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.Row;
import java.util.List;

/** How the API orders the rows of a query. */
enum RowOrder {
  /** By time, one way or the other. */
  BY_TIME,
  /** Not by time. */
  OTHER,
  /** There are too few different times to tell. */
  UNKNOWN;

  /** So many steps in one direction are hardly an accident. */
  private static final int ENOUGH_STEPS = 5;

  /** Judges page by page: between two pages, rows may have appeared. */
  static RowOrder of(List<Page> pages) {
    RowOrder order = UNKNOWN;
    for (Page page : pages) {
      RowOrder ofPage = ofRows(page.rows());
      if (ofPage == OTHER) {
        return OTHER;
      }
      order = ofPage == BY_TIME ? BY_TIME : order;
    }
    return order;
  }

  private static RowOrder ofRows(List<Row> rows) {
    int up = 0;
    int down = 0;
    for (int i = 1; i < rows.size(); i++) {
      int step = Long.compare(rows.get(i).time(), rows.get(i - 1).time());
      up += step > 0 ? 1 : 0;
      down += step < 0 ? 1 : 0;
    }
    if (up > 0 && down > 0) {
      return OTHER;
    }
    return up + down >= ENOUGH_STEPS ? BY_TIME : UNKNOWN;
  }
}
