package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a range is read as one window or cut into smaller ranges, and how patiently a
 * window is read. It holds no state.
 *
 * @param size how large windows are
 * @param priority the priority of the ranges
 */
record WindowCutter(WindowLimits size, Priority priority) {
  /** A window that can be cut is not read over and over, since its pieces are easier to verify. */
  private static final int PASSES_BEFORE_CUT = 2;

  private static final int MAX_PASSES = 40;

  /** Each query covers a second more on both sides, which would be most of a shorter piece. */
  private static final long MIN_SECONDS_PER_PIECE = 3;

  /** Why a range is cut. */
  enum Reason {
    FIRST_RECORDS("its first records are needed soon"),
    NEW_RECORDS("new records would shift its pages while they are read"),
    TOO_MANY_RECORDS("it has more records than a window may have"),
    UNVERIFIED("its pages do not add up"),
    REFUSED("the API refuses it, but not its last second");

    private final String text;

    Reason(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * The pieces of a range that is cut.
   *
   * @param pieces two or more ranges that together cover it, in order
   */
  record Cut(List<TimeRange> pieces, Reason reason) {}

  /**
   * Decides by the total of the first page.
   *
   * @param isStart whether nothing has been read before, and other records wait for this range
   * @return the pieces; empty to read the range as one window
   */
  Optional<Cut> afterFirstPage(TimeRange range, long total, boolean isStart) {
    if (isDivisible(range) && isStart && total > size.page()) {
      return cut(withSmallStart(range, total), Reason.FIRST_RECORDS);
    }
    if (isNews(range, total)) {
      return cut(range.cut(size.unsteadyPieces(total)), Reason.NEW_RECORDS);
    }
    if (isDivisible(range) && total > size.max()) {
      return cut(range.cut(size.pieces(total)), Reason.TOO_MANY_RECORDS);
    }
    return Optional.empty();
  }

  /**
   * Decides by what reading the window came to.
   *
   * @param firstTotal the total of the window's first page
   * @return the pieces; empty to take the window as it is
   */
  Optional<Cut> afterRead(TimeRange range, long firstTotal, WindowSnapshot window) {
    // The first response may have been a fault that hid how much there is.
    boolean hasOutgrown = isDivisible(range) && window.total() > size.max();
    if (window.verified() || !(isWorthCutting(range, firstTotal) || hasOutgrown)) {
      return Optional.empty();
    }
    return cut(range.cut(size.unsteadyPieces(window.total())), Reason.UNVERIFIED);
  }

  /** Halves a range that the API refuses although it returns the range's last second. */
  Cut afterRefusal(TimeRange range) {
    return new Cut(range.cut(2), Reason.REFUSED);
  }

  /** The total beyond which reading the window is given up, so that it can be cut. */
  long maxTotal(TimeRange range) {
    return isDivisible(range) ? size.max() : Long.MAX_VALUE;
  }

  /** The most passes over the window. */
  int maxPasses(TimeRange range, long firstTotal) {
    return isWorthCutting(range, firstTotal) ? PASSES_BEFORE_CUT : MAX_PASSES;
  }

  /** A window of one page is a response of one moment, which nothing can shift. */
  private boolean isWorthCutting(TimeRange range, long total) {
    return isDivisible(range) && total > size.page();
  }

  private boolean isNews(TimeRange range, long total) {
    return priority == Priority.LIVE
        && total > size.page()
        && range.seconds() >= MIN_SECONDS_PER_PIECE * size.unsteadyPieces(total);
  }

  /** Cuts off a first piece that is likely to be a single page, so that it is read at once. */
  private List<TimeRange> withSmallStart(TimeRange range, long total) {
    Instant end = range.from().plusSeconds(size.secondsOfAFew(range, total));
    List<TimeRange> pieces = new ArrayList<>();
    pieces.add(new TimeRange(range.from(), end));
    pieces.addAll(new TimeRange(end, range.to()).cut(total > size.max() ? size.pieces(total) : 1));
    return pieces;
  }

  private static Optional<Cut> cut(List<TimeRange> pieces, Reason reason) {
    return Optional.of(new Cut(pieces, reason));
  }

  private static boolean isDivisible(TimeRange range) {
    return range.seconds() > 1;
  }
}
