package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.JoinedRows;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.WindowLimits;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How full the pages of a pass are. */
final class PassPages {
  /** So many pages without anything new show that no more will come. */
  static final int MAX_IDLE_PAGES = 3;

  private final List<Page> pages;
  private final int pageSize;
  private final int pagesWithRows;
  private @Nullable Map<String, Integer> idCounts;

  /**
   * Wraps the pages of a pass.
   *
   * @param pages the pages in order, one at least
   * @param pageSize the size that was requested
   * @param pagesWithRows how many of them have rows that count
   */
  PassPages(List<Page> pages, int pageSize, int pagesWithRows) {
    this.pages = pages;
    this.pageSize = pageSize;
    this.pagesWithRows = pagesWithRows;
  }

  /** Whether the last page with rows has as many as were requested, so that more may follow. */
  boolean endsFull() {
    return pagesWithRows > 0 && pages.get(pagesWithRows - 1).rows().size() >= pageSize;
  }

  /** Whether a page that is not the last one with rows has fewer than were requested. */
  boolean hasShortPage() {
    return pages.subList(0, Math.max(0, pagesWithRows - 1)).stream()
        .anyMatch(page -> page.rows().size() < pageSize);
  }

  /** Whether it has several pages with rows, all but the last as full as was requested. */
  boolean isPagedInFull() {
    return pagesWithRows > 1 && !hasShortPage();
  }

  /** Whether a page behind the last one with rows was requested and has none of its own. */
  boolean hasEmptyEnd() {
    return pages.size() > pagesWithRows;
  }

  /** Whether the first page is full if its rows are counted as those of a join. */
  boolean beginsWithJoinedPage() {
    List<Row> page = pages.get(0).rows();
    return page.size() < pageSize && JoinedRows.count(page) == pageSize;
  }

  /** The id of the last row; there must be one. */
  String lastId() {
    List<Row> rows = pages.get(pagesWithRows - 1).rows();
    return rows.get(rows.size() - 1).id();
  }

  /** How many rows the first page has. */
  int firstPageRows() {
    return pages.get(0).rows().size();
  }

  /** The pages that have its rows, in order. */
  List<Page> withRows() {
    return pages.subList(0, pagesWithRows);
  }

  /** How often its pages have each id. */
  Map<String, Integer> idCounts() {
    Map<String, Integer> counts = idCounts;
    if (counts == null) {
      counts = new HashMap<>();
      for (Page page : withRows()) {
        for (Row row : page.rows()) {
          counts.merge(row.id(), 1, Integer::sum);
        }
      }
      idCounts = counts;
    }
    return counts;
  }

  /** How many rows of a join its pages have, repeated ones included. */
  long joinedRowCount() {
    return withRows().stream().mapToLong(page -> JoinedRows.count(page.rows())).sum();
  }

  /** Whether a page has more than so many rows of a join. */
  boolean hasMoreJoinedRowsThan(int rows) {
    return pages.stream().anyMatch(page -> JoinedRows.count(page.rows()) > rows);
  }

  /** How its rows are ordered. */
  RowOrder order() {
    return RowOrder.of(pages);
  }

  /** Whether the API has returned success without any data, which proves nothing. */
  boolean isWithoutData() {
    return pages.get(0).withoutData();
  }

  /** The first page. */
  Page firstPage() {
    return pages.get(0);
  }

  /** How many pages the total announces. */
  long announcedPages() {
    return WindowLimits.pages(pages.get(0).total(), pageSize);
  }

  /** Whether no page behind this one has rows. */
  static boolean isLast(List<Page> pages, int number) {
    return pages.subList(number, pages.size()).stream().allMatch(page -> page.rows().isEmpty());
  }

  /**
   * Whether nothing comes from a page on: all are empty, or the same earlier page again where
   * nothing should follow, neither by the first page's total nor by theirs. Once or twice, that
   * page may as well be a record that the API repeats, or moved on by records that appear
   * meanwhile.
   */
  static boolean isPastTheEnd(List<Page> pages, int number, int pageSize, PassRows rows) {
    List<Page> rest = pages.subList(number - 1, pages.size());
    if (number == 1) {
      return false;
    }
    if (rest.get(0).rows().isEmpty()) {
      return isLast(pages, number);
    }
    long total = Math.max(pages.get(0).total(), rest.get(0).total());
    return number > WindowLimits.pages(total, pageSize)
        && rest.size() >= MAX_IDLE_PAGES
        && rest.stream().allMatch(page -> PassRows.haveSameIds(page, rest.get(0)))
        && rest.stream().allMatch(page -> rows.isShownAgain(page, pages.subList(0, number - 1)));
  }

  /** Whether all pages report the same total. */
  static boolean hasSameTotal(List<Page> pages) {
    return pages.stream().allMatch(page -> page.total() == pages.get(0).total());
  }

  /** Whether a page that the total does not announce was requested, and has rows. */
  boolean hasUnannouncedRows() {
    return pagesWithRows > announcedPages();
  }

  /** Whether any page reports that total: where rows appear meanwhile, the last one does. */
  boolean anyReports(long total) {
    return pages.stream().anyMatch(page -> page.total() == total);
  }
}
