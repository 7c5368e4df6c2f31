package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.JoinedRows;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One pass over a window: its pages, put together. */
final class WindowPass {
  /** What was found out, beside the pages, about whether rows follow behind the last one. */
  private enum End {
    OPEN,
    PROVEN,
    REFUTED
  }

  private final TimeRange range;
  private final List<Page> pages;
  private final int pageSize;
  private final int rowCount;
  private final PassRows rows;
  private final boolean suspicious;
  private final End end;

  /** The pages up to the last one with rows that no page before it has. */
  private int pagesWithRows;

  private final PassPages shape;

  /** How many pages at its end were not announced, and have no record that is new. */
  private int idlePages;

  /**
   * Puts pages together.
   *
   * @param range the window
   * @param pages the pages in order, one at least; not all if their totals differ
   * @param pageSize the size that was requested
   */
  WindowPass(TimeRange range, List<Page> pages, int pageSize) {
    this(range, pages, pageSize, End.OPEN);
  }

  private WindowPass(TimeRange range, List<Page> pages, int pageSize, End end) {
    this.end = end;
    this.range = range;
    this.pages = List.copyOf(pages);
    this.pageSize = pageSize;
    this.pagesWithRows = pages.size();
    int count = rowCount(pages);
    this.rows = new PassRows(range, count);
    boolean farOff = false;
    for (int number = 1; number <= pages.size(); number++) {
      Page page = pages.get(number - 1);
      if (PassPages.isPastTheEnd(this.pages, number, pageSize, rows)) {
        pagesWithRows = number - 1;
        count -= rowCount(pages.subList(number - 1, pages.size()));
        break;
      }
      int known = rows.size();
      for (Row row : page.rows()) {
        rows.add(row);
        farOff = farOff || PassRows.isFarOff(range, row);
      }
      idlePages =
          number > WindowLimits.pages(total(), pageSize) && rows.size() == known
              ? idlePages + 1
              : 0;
    }
    this.rowCount = count;
    this.shape = new PassPages(this.pages, pageSize, pagesWithRows);
    this.suspicious =
        pages.get(0).withoutData()
            || (farOff
                && rows.byId().values().stream().anyMatch(row -> PassRows.isFarOff(range, row)));
  }

  private static int rowCount(List<Page> pages) {
    return pages.stream().mapToInt(page -> page.rows().size()).sum();
  }

  /**
   * This pass after a page behind its last row was requested, to see whether anything follows.
   *
   * @return the same pass, whose end is proven or refuted by it
   */
  WindowPass endingBefore(Page page) {
    boolean isEnd = page.rows().isEmpty() || rows.isShownAgain(page, pages);
    return new WindowPass(range, pages, pageSize, isEnd ? End.PROVEN : End.REFUTED);
  }

  /**
   * This pass after its last page with rows was requested again.
   *
   * @return the same pass, whose end is refuted where that page has more rows by now, or none
   */
  WindowPass endingWith(Page page) {
    boolean hasChanged = page.rows().isEmpty() || page.rows().stream().anyMatch(rows::adds);
    return new WindowPass(range, pages, pageSize, hasChanged ? End.REFUTED : End.PROVEN);
  }

  /** This pass where something has changed since. */
  WindowPass withRefutedEnd() {
    return new WindowPass(range, pages, pageSize, End.REFUTED);
  }

  /** Whether something follows that its pages do not have. */
  boolean isEndRefuted() {
    return end == End.REFUTED;
  }

  /** The total that the first page reports. */
  long total() {
    return pages.get(0).total();
  }

  /** The page size that was requested. */
  int pageSize() {
    return pageSize;
  }

  /** How full its pages are. */
  PassPages pages() {
    return shape;
  }

  /** How many pages have its rows. */
  int pageCount() {
    return pagesWithRows;
  }

  /** Whether such a page has none, although fewer records have come than the total says. */
  boolean lacksUnannouncedRows() {
    return shape.hasEmptyEnd() && pagesWithRows == shape.announcedPages() && rows.size() < total();
  }

  /** How many rows its pages have, repeated ones included. */
  int rowCount() {
    return rowCount;
  }

  /**
   * How many rows repeat another one, and are not a part of it that a join has split off; where a
   * join has split some, how many joined rows came twice.
   */
  int repeats() {
    return rows.unions() == 0
        ? rows.repeats()
        : Math.max(rows.repeats(), (int) (shape.joinedRowCount() - joinedRows()));
  }

  /**
   * Whether it cannot have lost a record between two pages, since that would have repeated another
   * in its place. A single page is a response of one moment, whatever it repeats.
   */
  boolean isSteady() {
    return repeats() == 0 || pagesWithRows == 1;
  }

  /** How many rows repeat a record of the window itself. */
  int repeatsWithin() {
    return rows.unions() == 0 ? rows.repeatsWithin() : repeats();
  }

  /** How many rows of the window itself differ from another one of their id, not only in lists. */
  int conflicts() {
    return rows.conflicts();
  }

  /** Its rows by id; those of a repeated id are put together. */
  Map<String, Row> rows() {
    return rows.byId();
  }

  /** The ids of the rows that belong to the window itself, and not to the seconds around it. */
  Set<String> ownIds() {
    return rows.ownIds();
  }

  /** How many rows of a join its rows are made of. */
  long joinedRows() {
    return rows.joinedRows();
  }

  /**
   * Whether all pages report the same total, and have as many rows of a join; not where they merely
   * end where as many fit.
   */
  boolean addsUpJoined() {
    return hasSameTotal() && shape.joinedRowCount() == total() && !endsWithinRecord();
  }

  /** Whether all pages report the same total, and have as many rows. */
  boolean addsUp() {
    return hasSameTotal() && rowCount == total();
  }

  boolean hasSameTotal() {
    return PassPages.hasSameTotal(pages);
  }

  /**
   * Whether the total is the number of its rows or records, none of which came twice; of a single
   * page, which is a response of one moment, rows may repeat each other.
   */
  boolean hasRightTotal() {
    return hasSameTotal()
        && ((repeats() == 0 && (rows.size() == total() || isApart()))
            || (pagesWithRows == 1 && rowCount == total()));
  }

  /** Whether each row of a join is a row of its own, and the total is their number. */
  private boolean isApart() {
    return rowCount == total() && shape.joinedRowCount() == rowCount;
  }

  /** Whether the total is the number of joined rows, none of which came twice. */
  boolean hasJoinedTotal() {
    return repeats() == 0 && addsUpJoined();
  }

  /** Whether the total is made up of the rows: of the records, or of the rows of a join. */
  boolean isCounted() {
    return hasRightTotal() || addsUp() || addsUpJoined();
  }

  /**
   * Whether the last page may have been cut off in the middle of a record's lists: it is full if
   * its rows are counted as those of a join, and records are seen to be made of these.
   */
  boolean endsWithinRecord() {
    if (pagesWithRows == 0) {
      return false;
    }
    List<Row> last = pages.get(pagesWithRows - 1).rows();
    boolean isJoined = last.size() < pageSize || hasSplitRecords() || shape.beginsWithJoinedPage();
    return isJoined && JoinedRows.count(last) == pageSize;
  }

  /**
   * Whether nothing can follow: a page behind the last one with rows is empty, and is not one that
   * a pager returns without looking, because it did not announce it.
   */
  boolean hasSeenEnd() {
    return switch (end) {
      case PROVEN -> true;
      case REFUTED -> false;
      case OPEN ->
          shape.hasEmptyEnd()
              && !shape.hasShortPage()
              && (pagesWithRows < shape.announcedPages() || hasAsManyAsTotal());
    };
  }

  /** Whether its rows are as many as the total says at least; a record's split rows are one. */
  private boolean hasAsManyAsTotal() {
    return total() <= rows.size() || (total() < rowCount && !hasSplitRecords());
  }

  /** Whether its last pages were not announced, and have nothing but rows that came before. */
  boolean endsInRepeats() {
    return idlePages >= PassPages.MAX_IDLE_PAGES;
  }

  /** Whether the first page has fewer rows than were requested, although the total says more. */
  boolean beginsShort() {
    return shape.firstPageRows() < pageSize && (pagesWithRows > 1 || total() > rows.size());
  }

  /** Whether rows of one record came apart, each with other elements in its lists. */
  boolean hasSplitRecords() {
    return rows.unions() > 0;
  }

  /**
   * Whether all that was announced is full, so that more may be hidden: of rows, or of those of a
   * join.
   */
  boolean isCutOff() {
    return shape.beginsWithJoinedPage()
        ? endsWithinRecord()
        : hasSplitRecords() && shape.endsFull();
  }

  /**
   * Whether it may be a fault that looks like a response: one without data, or with rows of another
   * time than was requested.
   */
  boolean isSuspicious() {
    return suspicious;
  }
}
