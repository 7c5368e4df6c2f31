package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Page;
import io.callrecords.connect.feed.JoinedRows;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a task has learned of how the API counts and pages, so that it need not be learned for each
 * window: it saves requests for as long as it holds, and what a window's rows contradict is given
 * up.
 *
 * <p>{@link PassJudge} relies on two of the facts. That totals count rows is assumed until three
 * readings contradict it, and what is verified by such a total has as many rows. That rows come in
 * order is given up at the first pass that is not.
 *
 * <p>It is changed on the loop; any thread may read the page size and what totals count.
 */
public final class PagingFacts {
  private static final Logger LOG = LoggerFactory.getLogger(PagingFacts.class);

  /** So many readings in which the same contradiction came again show that it is no accident. */
  private static final int ENOUGH_READINGS = 3;

  /** So many windows in a row whose totals are right show that they can be relied on again. */
  private static final int ENOUGH_RIGHT_TOTALS = 50;

  /** So many passes in order make up for one that was not. */
  private static final int ENOUGH_UNORDERED = 100;

  private final WindowLimits configured;
  private final WeightEstimate weights;
  private final PageSizeLimit pageSize;
  private volatile Totals totals = Totals.ROWS;
  private volatile boolean hasJoinedPages;
  private int contradictions;
  private int joinedContradictions;
  private int rightTotals;
  private int passesInOrder;
  private int unannouncedMisses;
  private double rowsPerTotal = 1;
  private int wholeJoins;
  private boolean hasWarned;

  /** What the totals of the API's responses count. */
  enum Totals {
    /** The rows, as documented. */
    ROWS,
    /** The rows of a join, one for each element of a record's lists. */
    JOINED_ROWS,
    /** Nothing that can be made out from the rows. */
    UNKNOWN
  }

  /** Knows nothing yet, and allows windows of any weight. */
  public PagingFacts(int pageSize) {
    this(pageSize, Long.MAX_VALUE);
  }

  /**
   * Knows nothing yet.
   *
   * @param pageSize records per page as configured
   * @param maxWindowWeight how much of the heap a window may take that can be cut, in bytes
   */
  public PagingFacts(int pageSize, long maxWindowWeight) {
    this.configured = new WindowLimits(pageSize);
    this.weights = new WeightEstimate(maxWindowWeight);
    this.pageSize = new PageSizeLimit(pageSize);
  }

  /** The page size to request: as configured, or less where the API returns no more. */
  public int pageSize() {
    return pageSize.current();
  }

  /** How large windows are with that page size, and with records as heavy as they were lately. */
  WindowLimits limits() {
    int size = pageSize();
    WindowLimits limits = size == configured.pageSize() ? configured : new WindowLimits(size);
    return limits.atMost(weights.maxRecords());
  }

  /** How heavy records are. */
  WeightEstimate weights() {
    return weights;
  }

  /**
   * The most records of a window that can be cut. Where pages hold the rows of a join and totals do
   * not, only what is left of a page has room for these.
   */
  long maxRows() {
    return hasJoinedPages ? Math.max(1, pageSize() / 2) : limits().maxRecords();
  }

  /** Whether a total is the number of rows, so that totals of neighbouring ranges can be added. */
  public boolean totalsCountRows() {
    return totals == Totals.ROWS;
  }

  /** Whether records are known to come in the order of their times, one way or the other. */
  boolean isInOrder() {
    return passesInOrder >= ENOUGH_READINGS;
  }

  /** Learns from any pass how rows are ordered. */
  void observeOrder(WindowPass pass) {
    switch (pass.pages().order()) {
      case BY_TIME -> passesInOrder = Math.min(passesInOrder, ENOUGH_READINGS) + 1;
      // One that is not, such as a page that a fault has mixed up, has to be made up for.
      case OTHER -> passesInOrder = -ENOUGH_UNORDERED;
      case UNKNOWN -> {}
    }
  }

  /** Learns from any pass whether the API returns pages that it does not announce. */
  void observeEnd(WindowPass pass) {
    if (pass.pages().hasUnannouncedRows()) {
      unannouncedMisses = 0;
    } else if (pass.lacksUnannouncedRows()) {
      unannouncedMisses++;
    }
  }

  /** Whether pages that the API does not announce may have rows: some pagers return none. */
  boolean mayReturnUnannounced() {
    return unannouncedMisses < ENOUGH_READINGS;
  }

  /** What totals count. */
  Totals totals() {
    return totals;
  }

  /** Whether pages hold fewer rows than was requested, although more rows follow. */
  boolean hasJoinedPages() {
    return hasJoinedPages;
  }

  /** Learns that a full page may have so many rows at most, whatever size is requested. */
  void suggestCap(int rows) {
    pageSize.suggestCap(rows);
  }

  /**
   * How many rows a query probably has.
   *
   * @param first its first page: where that is short, a total that says much more is not believed
   * @param size the page size that was requested
   */
  long expectedRows(Page first, int size) {
    int rows = first.rows().size();
    boolean isShort = rows < size && JoinedRows.count(first.rows()) < size;
    return switch (totals) {
      case ROWS -> isShort ? Math.min(first.total(), 2L * size) : first.total();
      // A first page that is full does not hold the rows of a join, which the total may count.
      case JOINED_ROWS -> rows < size ? first.total() : scaled(first.total());
      case UNKNOWN -> isShort ? rows : Math.max(rows, scaled(first.total()));
    };
  }

  /** How many rows a query of which a pass has read some has: as expected, or as many as came. */
  long expectedRows(WindowPass pass) {
    return Math.max(expectedRows(pass.pages().firstPage(), pass.pageSize()), pass.rows().size());
  }

  private long scaled(long total) {
    return (long) Math.ceil(total * rowsPerTotal);
  }

  /**
   * Learns from a window that may lack records: pages may hold the rows of a join, and totals not.
   *
   * @param history all passes over the window, the last one included
   */
  void notVerified(TimeRange range, WindowPass pass, PassHistory history) {
    boolean lacksRows =
        pass.hasSameTotal() && pass.rows().size() < pass.total() && !pass.addsUpJoined();
    boolean isCutOff = history.hasJoinedPages() || (pass.hasSplitRecords() && pass.isCutOff());
    if (!hasJoinedPages && totals != Totals.JOINED_ROWS && lacksRows && isCutOff) {
      hasJoinedPages = true;
      LOG.warn(
          "The API's pages hold fewer records than were requested, although more follow: for {} it"
              + " reports {} records and returns {} on {} pages. The connector requests smaller"
              + " ranges from now on, which takes more requests.",
          range,
          pass.total(),
          pass.rows().size(),
          pass.pageCount());
    }
  }

  /**
   * Learns that a page of two records or more was too large to be received.
   *
   * @return the size to request instead
   */
  int tooLarge(int size) {
    return pageSize.tooLarge(size);
  }

  /**
   * Learns from a window that is verified.
   *
   * @param pass its last pass
   * @param isOverruled whether its total is not the number of its records, which an earlier pass
   *     confirms
   */
  void verified(TimeRange range, WindowPass pass, boolean isOverruled) {
    pageSize.windowRead();
    forgetJoinedPages(range, pass);
    if (pass.hasRightTotal()) {
      boolean isInDoubt = totals != Totals.ROWS || joinedContradictions > 0;
      if (isInDoubt && pass.total() > 0 && pass.joinedRows() != pass.total()) {
        joinedContradictions = 0;
        rightTotals++;
        forgetWrongTotals();
      }
    } else if (isOverruled) {
      contradicted(range, pass);
    }
  }

  /** A page of joined rows has no more of them than was requested. */
  private void forgetJoinedPages(TimeRange range, WindowPass pass) {
    if (!hasJoinedPages || !pass.pages().hasMoreJoinedRowsThan(pass.pageSize())) {
      return;
    }
    wholeJoins++;
    if (wholeJoins >= ENOUGH_READINGS) {
      hasJoinedPages = false;
      wholeJoins = 0;
      LOG.info(
          "The API's pages hold whole records again: for {} a page of {} has more labels than that.",
          range,
          pass.pageSize());
    }
  }

  private void forgetWrongTotals() {
    if (totals != Totals.ROWS && rightTotals >= ENOUGH_RIGHT_TOTALS) {
      LOG.info("The API's totals are the number of its records again.");
      totals = Totals.ROWS;
      contradictions = 0;
    }
  }

  private void contradicted(TimeRange range, WindowPass pass) {
    rightTotals = 0;
    contradictions += 2;
    rowsPerTotal = pass.total() == 0 ? 1 : (double) pass.rows().size() / pass.total();
    boolean isJoined = pass.addsUpJoined();
    joinedContradictions = isJoined ? joinedContradictions + 2 : 0;
    Totals learned =
        joinedContradictions >= ENOUGH_READINGS
            ? Totals.JOINED_ROWS
            : contradictions >= ENOUGH_READINGS && !isJoined ? Totals.UNKNOWN : totals;
    if (learned != totals) {
      totals = learned;
      // Pages that are short because totals count the rows of a join hide nothing.
      hasJoinedPages &= !isJoined;
      if (!hasWarned) {
        hasWarned = true;
        LOG.warn(
            "The API's totals are not the number of its records: for {} it reports {} and returns {}"
                + " each time{}. The connector goes by the records from now on.",
            range,
            pass.total(),
            pass.rows().size(),
            isJoined ? ", since it counts each label of a call" : "");
      }
    }
  }
}
