package io.callrecords.simulator;

/**
 * How the API counts its result and cuts it into pages.
 *
 * @param total what {@code total} counts
 * @param percent how much of that it says, rounded up; 100 for all of it
 * @param rows what a page holds
 * @param cap the most rows that a page has, whatever size is asked for; 0 for no such limit
 * @param capTold whether a capped answer's {@code size} and {@code pages} go by the cap
 * @param pastEnd what comes past the last page
 * @param ties in which order the calls of one second come
 * @param twoMoments whether the {@link Insertion} happens within an answer, between its count and
 *     its rows
 */
public record Pagination(
    TotalCount total,
    int percent,
    PageRows rows,
    int cap,
    boolean capTold,
    PastEnd pastEnd,
    Ties ties,
    boolean twoMoments) {
  /** Totals that are the number of rows, and pages that are full. */
  public static final Pagination HONEST =
      new Pagination(
          TotalCount.ROWS, 100, PageRows.CALLS, 0, false, PastEnd.QUERIED, Ties.STABLE, false);

  public Pagination {
    if (percent < 1 || cap < 0) {
      throw new IllegalArgumentException("Needs a percentage above zero, and a cap");
    }
  }

  /** Labels by a join whose default count drops the join: MyBatis-Plus as most set it up. */
  public static Pagination labelJoin() {
    return HONEST.rows(PageRows.JOINED).pastEnd(PastEnd.NOT_QUERIED);
  }

  /** Labels by a join whose count keeps the join. */
  public static Pagination labelJoinCounted() {
    return labelJoin().total(TotalCount.JOINED_ROWS);
  }

  public Pagination total(TotalCount newTotal) {
    return new Pagination(newTotal, percent, rows, cap, capTold, pastEnd, ties, twoMoments);
  }

  public Pagination percent(int newPercent) {
    return new Pagination(total, newPercent, rows, cap, capTold, pastEnd, ties, twoMoments);
  }

  public Pagination rows(PageRows newRows) {
    return new Pagination(total, percent, newRows, cap, capTold, pastEnd, ties, twoMoments);
  }

  /** Pages of so many rows at most. */
  public Pagination cap(int most, boolean told) {
    return new Pagination(total, percent, rows, most, told, pastEnd, ties, twoMoments);
  }

  public Pagination pastEnd(PastEnd newPastEnd) {
    return new Pagination(total, percent, rows, cap, capTold, newPastEnd, ties, twoMoments);
  }

  public Pagination ties(Ties newTies) {
    return new Pagination(total, percent, rows, cap, capTold, pastEnd, newTies, twoMoments);
  }

  public Pagination twoMoments(boolean newTwoMoments) {
    return new Pagination(total, percent, rows, cap, capTold, pastEnd, ties, newTwoMoments);
  }

  /** Whether each row is a call in a settled order, so that any page can be had by its position. */
  boolean plainRows() {
    return rows == PageRows.CALLS && total != TotalCount.JOINED_ROWS && ties == Ties.STABLE;
  }

  /** How many rows a page has when it is full. */
  int pageSize(int asked) {
    return cap > 0 ? Math.min(asked, cap) : asked;
  }

  /** The size that an answer names. */
  int toldSize(int asked) {
    return capTold ? pageSize(asked) : asked;
  }

  /**
   * The page that is looked for in place of the one that was asked for, or 0 for none.
   *
   * @param pages how many pages were announced
   * @param rows how many rows there are
   */
  int lookedFor(int current, int size, int pages, long rows) {
    // An API that counts nothing announces nothing, so that only the rows tell where the end is.
    boolean past =
        total == TotalCount.ZERO
            ? (current - 1L) * pageSize(size) >= rows && pastEnd == PastEnd.FIRST_PAGE
            : current > pages;
    if (!past) {
      return current;
    }
    return switch (pastEnd) {
      case QUERIED -> current;
      case NOT_QUERIED -> 0;
      case FIRST_PAGE -> 1;
    };
  }
}
