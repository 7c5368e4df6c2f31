package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.client.PageTooLargeException;
import io.callrecords.connect.loop.StageErrors;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Reads the pages of one pass over a window: as many as the total announces, and more for as long
 * as rows may follow. Runs on the loop, once.
 */
final class PassReader {
  private final TimeRange range;
  private final PageSource source;
  private final PagingFacts facts;
  private final long maxRows;
  private final boolean isRepeated;
  private final boolean isRecheckedSoon;

  /**
   * Prepares a pass.
   *
   * @param maxRows the number of rows beyond which the pass ends
   * @param isRepeated whether there was a pass before
   * @param isRecheckedSoon whether the window is read again anyway
   */
  PassReader(
      TimeRange range,
      PageSource source,
      PagingFacts facts,
      long maxRows,
      boolean isRepeated,
      boolean isRecheckedSoon) {
    this.range = range;
    this.source = source;
    this.facts = facts;
    this.maxRows = maxRows;
    this.isRepeated = isRepeated;
    this.isRecheckedSoon = isRecheckedSoon;
  }

  /**
   * Fetches the pages behind the first: those in the middle side by side, and the last one when
   * they are there, so that its total speaks for the whole time that the pass took.
   *
   * @param first the first page, whose total and number of rows are known
   * @param firstPage the first page once it may be used
   */
  CompletableFuture<WindowPass> read(int pageSize, Page first, CompletableFuture<Page> firstPage) {
    long rows = facts.expectedRows(first, pageSize);
    int last = rows <= maxRows ? Math.max(1, WindowLimits.pages(rows, pageSize)) : 1;
    List<CompletableFuture<Page>> responses = new ArrayList<>();
    responses.add(firstPage);
    for (int number = 2; number < last; number++) {
      responses.add(source.fetch(number, pageSize));
    }
    return CompletableFuture.allOf(responses.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              List<Page> pages = new ArrayList<>();
              responses.forEach(response -> pages.add(response.join()));
              boolean isLastNeeded =
                  last > 1 && (PassPages.hasSameTotal(pages) || mayTotalsDiffer());
              return isLastNeeded
                  ? withNextPage(pages, pageSize).thenCompose(all -> toTheEnd(all, pageSize))
                  : toTheEnd(pages, pageSize);
            });
  }

  /** Whether totals that differ say nothing, as with an API whose totals are estimates. */
  private boolean mayTotalsDiffer() {
    return isRepeated || facts.totals() == PagingFacts.Totals.UNKNOWN;
  }

  private CompletableFuture<List<Page>> withNextPage(List<Page> pages, int pageSize) {
    return source
        .fetch(pages.size() + 1, pageSize)
        .thenApply(
            page -> {
              List<Page> more = new ArrayList<>(pages);
              more.add(page);
              return more;
            });
  }

  /**
   * Requests further pages for as long as there may be rows behind the last one. Where records come
   * in parts, a total that is the number of records does not tell whether more parts follow.
   */
  private CompletableFuture<WindowPass> toTheEnd(List<Page> pages, int pageSize) {
    WindowPass pass = new WindowPass(range, pages, pageSize);
    boolean mayPartsFollow =
        (pass.hasSplitRecords() && pass.rowCount() > pass.total() && pass.pages().endsFull())
            || (pass.endsWithinRecord() && facts.mayReturnUnannounced());
    if (pass.hasRightTotal() && facts.totals() != PagingFacts.Totals.UNKNOWN && !mayPartsFollow) {
      return behindFullPage(pass, pages);
    }
    if (mayGoOn(pass)) {
      return withNextPage(pages, pageSize).thenCompose(more -> toTheEnd(more, pageSize));
    }
    boolean isEndDoubtful =
        facts.totals() == PagingFacts.Totals.UNKNOWN
            && pass.rowCount() > 0
            && !pass.pages().beginsWithJoinedPage()
            && pass.rows().size() <= maxRows;
    if (isEndDoubtful) {
      // A page may be empty for a moment only; at the live edge, a recheck finds what that hid.
      int checks = isRecheckedSoon ? 1 : 2;
      return checkEnd(pass, pass.hasSeenEnd() ? checks - 1 : checks);
    }
    return mayBeCapped(pass) ? checkBehind(pass, 0) : CompletableFuture.completedFuture(pass);
  }

  /**
   * Whether a pass that may settle what the total contradicts has one page that is short: it looks
   * the same whatever size is requested where the API returns no more per page.
   */
  private boolean mayBeCapped(WindowPass pass) {
    return isRepeated
        && !isRecheckedSoon
        && isOnePageOfMore(pass)
        && pass.rowCount() < pass.pageSize()
        && !pass.pages().beginsWithJoinedPage();
  }

  /**
   * Requests another page behind the last one if that is full: the total and the rows of one
   * response may be of two moments, and a total that is too low may end with a page. It begins
   * within what is known, so that the total announces it, and no pager leaves it unread.
   */
  private CompletableFuture<WindowPass> behindFullPage(WindowPass pass, List<Page> pages) {
    if (!pass.pages().endsFull() || isRecheckedSoon) {
      return CompletableFuture.completedFuture(pass);
    }
    int size = sizeWithRoom(pass);
    long before = pass.total() / size;
    long known = pass.total() - before * size;
    return received(source.fetch((int) before + 1, size))
        .thenCompose(
            page ->
                page.map(next -> ending(pass, pages, next, known))
                    .orElse(CompletableFuture.completedFuture(pass)));
  }

  /**
   * Ends a pass with a page behind its last one, or goes on behind that.
   *
   * @param known how many of the page's rows the total announces
   */
  private CompletableFuture<WindowPass> ending(
      WindowPass pass, List<Page> pages, Page next, long known) {
    boolean hasSameTotal = next.total() == pass.total();
    boolean hasMore = next.rows().size() > known;
    // Where a pager leaves what it does not announce unread, it has shown an empty page before.
    if (hasSameTotal && hasMore && !pass.pages().hasEmptyEnd()) {
      return withNextPage(pages, pass.pageSize())
          .thenCompose(more -> toTheEnd(more, pass.pageSize()));
    }
    return CompletableFuture.completedFuture(
        hasSameTotal && !hasMore ? pass.endingWith(next) : pass.withRefutedEnd());
  }

  /**
   * The largest smaller page size with which the last page that the total announces has room for
   * more rows; a larger one where no smaller has.
   */
  private static int sizeWithRoom(WindowPass pass) {
    int size = pass.pageSize() - 1;
    while (size > 1 && pass.total() % size == 0) {
      size--;
    }
    if (size > 1) {
      return size;
    }
    size = pass.pageSize() + 1;
    while (pass.total() % size == 0) {
      size++;
    }
    return size;
  }

  /** A page; empty where it is too large to be received, which says nothing against the rows. */
  private static CompletableFuture<Optional<Page>> received(CompletableFuture<Page> page) {
    return page.thenApply(Optional::of)
        .exceptionallyCompose(
            error ->
                StageErrors.unwrap(error) instanceof PageTooLargeException
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : CompletableFuture.failedFuture(error));
  }

  /**
   * Requests what would follow the last row, and then the last page again: a page may have been cut
   * off for a moment only, and where that page has no rows any more, nothing has for now.
   */
  private CompletableFuture<WindowPass> checkEnd(WindowPass pass, int checks) {
    if (checks == 0) {
      return CompletableFuture.completedFuture(pass);
    }
    return pass.hasSeenEnd() ? lastPageAgain(pass, checks - 1) : checkBehind(pass, checks - 1);
  }

  private CompletableFuture<WindowPass> lastPageAgain(WindowPass pass, int checksLeft) {
    return source
        .fetch(pass.pageCount(), pass.pageSize())
        .thenCompose(
            page -> {
              WindowPass again = pass.endingWith(page);
              if (!again.hasSeenEnd()) {
                return CompletableFuture.completedFuture(again);
              }
              return pass.pages().endsFull()
                  ? checkBehind(again, checksLeft)
                  : checkEnd(again, checksLeft);
            });
  }

  /**
   * Requests what would follow the last row; where rows do, the pass goes on with these, unless the
   * total tells that they are new.
   */
  private CompletableFuture<WindowPass> checkBehind(WindowPass pass, int checksLeft) {
    // Of a page that the total does not announce, a pager may return nothing without looking. One
    // that is as large as the rows are many is announced.
    int size = isOnePageOfMore(pass) ? pass.rowCount() : pass.pageSize();
    return source
        .fetch(pass.pageCount() + 1, size)
        .thenCompose(
            page -> {
              WindowPass ended = pass.endingBefore(page);
              if (!ended.isEndRefuted()) {
                return checkEnd(ended, checksLeft);
              }
              if (page.total() != pass.total()) {
                return CompletableFuture.completedFuture(ended);
              }
              List<Page> pages = new ArrayList<>(pass.pages().withRows());
              pages.add(page);
              return toTheEnd(pages, size);
            });
  }

  /** Whether a pass has one page, and the total says more than that. */
  private static boolean isOnePageOfMore(WindowPass pass) {
    return pass.pageCount() == 1 && pass.total() > pass.rowCount();
  }

  private boolean mayGoOn(WindowPass pass) {
    if (pass.pages().hasEmptyEnd()
        || pass.rowCount() == 0
        || facts.expectedRows(pass) > maxRows
        || pass.endsInRepeats()) {
      return false;
    }
    if (!pass.hasSameTotal()) {
      return mayTotalsDiffer();
    }
    boolean countsJoinedRows = facts.totals() == PagingFacts.Totals.JOINED_ROWS;
    if (countsJoinedRows && pass.joinedRows() == pass.total()) {
      return pass.pages().endsFull();
    }
    // Where rows are missing behind a short page, another page size tells more than another page,
    // unless the API returns pages that it does not announce.
    return pass.total() <= pass.rows().size()
        || !pass.beginsShort()
        || (pass.pageCount() > 1 && facts.mayReturnUnannounced());
  }
}
