package io.callrecords.connect.fetch;

/**
 * Decides whether a pass over a window has returned all of its records. Pure: the same pass after
 * the same history and with the same facts always gets the same verdict.
 *
 * <p>Each request cuts the pages anew, so a record that appears between two requests moves others
 * from one page to the next. A pass has all records if its pages agree on the total, and have as
 * many. Where the total is not the number of records, rows outrank it: two passes whose pages were
 * cut differently have to agree on the window's records, and one of them has to have seen the end.
 */
final class PassJudge {
  /**
   * Passes in a row with the very same rows. Pages in random order would have returned others by
   * then, even a page of one record out of two.
   */
  private static final int REPETITIONS = 12;

  private PassJudge() {}

  /** The verdict on a pass. */
  enum Verdict {
    /** The pass has all records of the window. */
    COMPLETE,
    /** All passes so far have them together. */
    COMPLETE_TOGETHER,
    /** The pass may be a fault that looks like a response, and has to be repeated first. */
    SUSPICIOUS,
    /** Records may be missing. */
    INCOMPLETE;

    /** Whether the window is verified by it. */
    boolean isVerified() {
      return this == COMPLETE || this == COMPLETE_TOGETHER;
    }
  }

  /**
   * Judges a pass.
   *
   * @param history the passes before it
   * @param facts what is known of how the API counts and pages
   * @param isRecheckedSoon whether the window is read again anyway, so that a suspicious pass need
   *     not be repeated
   */
  static Verdict judge(
      WindowPass pass, PassHistory history, PagingFacts facts, boolean isRecheckedSoon) {
    boolean isConfirmed = history.wasSuspicious() && history.isRepeatedBy(pass);
    if (pass.isSuspicious() && !isRecheckedSoon && !isConfirmed) {
      return Verdict.SUSPICIOUS;
    }
    if (pass.pages().isWithoutData() && !isRecheckedSoon) {
      return Verdict.INCOMPLETE;
    }
    boolean isCut = pass.endsWithinRecord() || pass.isEndRefuted();
    if (!isCut && isCompleteAlone(pass, facts.totals())) {
      return Verdict.COMPLETE;
    }
    return areCompleteTogether(pass, history, facts)
        ? Verdict.COMPLETE_TOGETHER
        : Verdict.INCOMPLETE;
  }

  private static boolean isCompleteAlone(WindowPass pass, PagingFacts.Totals totals) {
    return switch (totals) {
      case ROWS -> pass.hasRightTotal();
      case JOINED_ROWS -> pass.hasRightTotal() || pass.hasJoinedTotal();
      case UNKNOWN -> pass.isSteady() && pass.hasSeenEnd() && !pass.pages().hasShortPage();
    };
  }

  private static boolean areCompleteTogether(
      WindowPass pass, PassHistory history, PagingFacts facts) {
    if (pass.isEndRefuted()) {
      return false;
    }
    boolean hasAll =
        pass.hasRightTotal()
            || pass.addsUpJoined()
            || (pass.addsUp() && !pass.hasSplitRecords() && !pass.pages().beginsWithJoinedPage());
    boolean hasEnd = pass.hasSeenEnd() || (hasAll && !pass.endsWithinRecord());
    if (hasEnd && history.agreesWith(pass, facts.isInOrder())) {
      return true;
    }
    boolean isJoined = facts.totals() == PagingFacts.Totals.JOINED_ROWS || pass.hasSplitRecords();
    boolean isJoinedTogether =
        isJoined
            && pass.addsUpJoined()
            && history.hasSameTotal(pass)
            && history.joinedWith(pass) == pass.total();
    if (isJoinedTogether) {
      return true;
    }
    if (history.countsAllRows(pass)) {
      return true;
    }
    if (!pass.addsUp() || pass.endsWithinRecord()) {
      return false;
    }
    // Fewer ids than rows: the API repeats a record within its response, or its order differs from
    // page to page. Only passes that have returned every id together, or many that repeated the
    // very same rows, can tell.
    boolean isTogether = history.hasSameTotal(pass) && history.distinctWith(pass) == pass.total();
    return isTogether || history.repetitionsWith(pass) >= REPETITIONS;
  }
}
