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
 * @param facts what is known of how the API pages, which decides how large windows are
 * @param priority the priority of the ranges
 */
record WindowCutter(PagingFacts facts, Priority priority) {
  /** A window that can be cut is not read over and over, since its pieces are easier to verify. */
  private static final int PASSES_BEFORE_CUT = 2;

  private static final int MAX_PASSES = 40;

  /** A day is cut nine times until a second of it is left. */
  private static final int PIECES_AFTER_FAILURES = 4;

  /** What is new is handed over soon: rechecks find what two passes have missed. */
  private static final int PASSES_AT_LIVE_EDGE = 2;

  /** Each query covers a second more on both sides, which would be most of a shorter piece. */
  private static final long MIN_SECONDS_PER_PIECE = 3;

  /** Why a range is cut. */
  enum Reason {
    FIRST_RECORDS("its first records are needed soon"),
    NEW_RECORDS("new records would shift its pages while they are read"),
    TOO_MANY_RECORDS("it has more records than a window may have"),
    TOO_HEAVY("its records are heavier than those of its first page"),
    UNVERIFIED("its pages do not add up"),
    JOINED_PAGES("its pages hold fewer records than were requested"),
    REFUSED("the API refuses it, but not its last second"),
    FAILING("the API goes on failing to return it, and answers other requests");

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
  record Cut(List<TimeRange> pieces, Reason reason) {
    /** What is wanted of the pieces. */
    List<FetchOrder> orders() {
      return pieces.stream()
          .map(reason == Reason.FAILING ? FetchOrder::readingSuspect : FetchOrder::reading)
          .toList();
    }
  }

  /**
   * Decides by the total of the first page.
   *
   * @param isStart whether nothing has been read before, and other records wait for this range
   * @return the pieces; empty to read the range as one window
   */
  Optional<Cut> afterFirstPage(TimeRange range, long total, boolean isStart) {
    WindowLimits limits = facts.limits();
    if (isDivisible(range) && facts.hasJoinedPages() && total > facts.maxRows()) {
      return cut(range.cut(limits.unsteadyPieces(total)), Reason.JOINED_PAGES);
    }
    if (isDivisible(range) && isStart && total > limits.pageSize()) {
      return cut(withSmallStart(range, total), Reason.FIRST_RECORDS);
    }
    if (isNews(range, total)) {
      return cut(range.cut(limits.unsteadyPieces(total)), Reason.NEW_RECORDS);
    }
    if (isDivisible(range) && total > limits.maxRecords()) {
      return cut(range.cut(limits.pieces(total)), Reason.TOO_MANY_RECORDS);
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
    long count = Math.max(window.total(), window.records().size());
    // The first response may have been a fault that hid how much there is.
    boolean hasOutgrown = isDivisible(range) && count > facts.maxRows();
    boolean isCutOff = isDivisible(range) && facts.hasJoinedPages();
    boolean isCut = isWorthCutting(range, Math.max(firstTotal, count)) || hasOutgrown || isCutOff;
    if (window.verified() || !isCut) {
      return Optional.empty();
    }
    if (hasOutgrown && !isCutOff && facts.totals() == PagingFacts.Totals.UNKNOWN) {
      // Nobody knows how many more there are: as many again is a fair guess.
      return cut(range.cut(facts.limits().pieces(2 * count)), Reason.TOO_MANY_RECORDS);
    }
    return cut(range.cut(facts.limits().unsteadyPieces(count)), Reason.UNVERIFIED);
  }

  /** Cuts a range whose records have turned out to take too much memory. */
  Cut afterTooHeavy(TimeRange range, long firstTotal) {
    return new Cut(range.cut(facts.limits().pieces(firstTotal)), Reason.TOO_HEAVY);
  }

  /** Halves a range that the API refuses although it returns the range's last second. */
  Cut afterRefusal(TimeRange range) {
    return new Cut(range.cut(2), Reason.REFUSED);
  }

  /** Cuts a range that the API fails to return: all but one piece may be returned. */
  Cut afterFailures(TimeRange range) {
    return new Cut(range.cut(PIECES_AFTER_FAILURES), Reason.FAILING);
  }

  /** When reading a window is given up, so that it can be cut or read again later. */
  WindowReader.ReadLimits limits(TimeRange range, long firstTotal) {
    boolean isDivisible = isDivisible(range);
    int maxPasses = isWorthCutting(range, firstTotal) ? PASSES_BEFORE_CUT : MAX_PASSES;
    return new WindowReader.ReadLimits(
        isDivisible ? facts.maxRows() : Long.MAX_VALUE,
        priority == Priority.LIVE ? PASSES_AT_LIVE_EDGE : maxPasses,
        isDivisible);
  }

  /**
   * A window of one page is a response of one moment, which nothing can shift. Where totals say
   * nothing, a full page may have others behind it.
   */
  private boolean isWorthCutting(TimeRange range, long total) {
    boolean hasMorePages =
        facts.totalsCountRows() ? total > facts.pageSize() : total >= facts.pageSize();
    return isDivisible(range) && hasMorePages;
  }

  private boolean isNews(TimeRange range, long total) {
    return priority == Priority.LIVE
        && total > facts.pageSize()
        && range.seconds() >= MIN_SECONDS_PER_PIECE * facts.limits().unsteadyPieces(total);
  }

  /** Cuts off a first piece that is likely to be a single page, so that it is read at once. */
  private List<TimeRange> withSmallStart(TimeRange range, long total) {
    WindowLimits limits = facts.limits();
    Instant end = range.from().plusSeconds(limits.secondsOfAFew(range, total));
    List<TimeRange> pieces = new ArrayList<>();
    pieces.add(new TimeRange(range.from(), end));
    pieces.addAll(
        new TimeRange(end, range.to()).cut(total > limits.maxRecords() ? limits.pieces(total) : 1));
    return pieces;
  }

  private static Optional<Cut> cut(List<TimeRange> pieces, Reason reason) {
    return Optional.of(new Cut(pieces, reason));
  }

  private static boolean isDivisible(TimeRange range) {
    return range.seconds() > 1;
  }
}
