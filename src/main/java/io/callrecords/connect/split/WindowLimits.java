package io.callrecords.connect.split;

/**
 * How many records a window may hold, and into how many pieces a larger one is cut.
 *
 * @param pageSize records a page
 * @param maxRecords the most records of a window; only a single second may hold more
 */
public record WindowLimits(int pageSize, long maxRecords) {
  private static final int MAX_PAGES = 20;
  private static final int MAX_PIECES = 16;
  private static final long GROWS_TO_SECONDS = 3600;

  /** For records of usual weight. */
  public WindowLimits(int pageSize) {
    this(pageSize, (long) MAX_PAGES * pageSize);
  }

  /** For records of which a window may hold no more than a number, but a page in any case. */
  public WindowLimits atMost(long records) {
    return records >= maxRecords ? this : new WindowLimits(pageSize, Math.max(pageSize, records));
  }

  /** Records a page in a pass over a window, counted from 0: a little fewer each time. */
  public int pageSize(int pass) {
    return pageSize - pass % Math.max(Math.min(pageSize, 2), (pageSize + 1) / 2);
  }

  /** How many pages an answer with that total has. */
  public static int pages(long total, int pageSize) {
    return Math.toIntExact(total / pageSize + (total % pageSize == 0 ? 0 : 1));
  }

  /** Whether a window of so many records still fits into a page when a few more come. */
  public boolean isSmall(int records) {
    return records <= pageSize / 2;
  }

  /**
   * Whether neighbouring windows may become one of that range: an hour is the grain of settling.
   */
  public boolean mayGrowTo(TimeRange range) {
    return range.seconds() <= GROWS_TO_SECONDS;
  }

  /**
   * Into how many pieces a window is cut that holds too much: so many that a piece would be three
   * quarters full if the records lay evenly, but not so many that a dense minute of an empty day
   * leaves hundreds of empty pieces to ask for.
   */
  public int pieces(long total) {
    return (int) Math.max(2, Math.min(MAX_PIECES, total / Math.max(1, maxRecords * 3 / 4) + 1));
  }

  /**
   * How much of a range, at least a second, is likely to hold some records but not more than a
   * page: an eighth of one if they lay evenly, since busy hours have several times the mean.
   */
  public long secondsOfAFew(TimeRange range, long total) {
    return Math.max(1, Math.min(range.seconds() - 1, range.seconds() * pageSize / 8 / total));
  }

  /** Into how many pieces a window is cut whose pages do not hold still: so that one is a page. */
  public int unsteadyPieces(long total) {
    return (int) Math.max(2, Math.min(4 * MAX_PAGES, 2 * total / pageSize + 1));
  }
}
