package io.callrecords.connect.fetch;

/**
 * Decides whether a pass over a window has returned all of its records. Pure: the same pass after
 * the same history always gets the same verdict.
 *
 * <p>Each request cuts the pages anew, so a record that appears between two requests moves others
 * from one page to the next. Only a pass whose pages agree on the total, and whose distinct ids are
 * as many, has all of them.
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
   * @param isRecheckedSoon whether the window is read again anyway, so that a suspicious pass need
   *     not be repeated
   */
  static Verdict judge(WindowPass pass, PassHistory history, boolean isRecheckedSoon) {
    boolean isConfirmed = history.wasSuspicious() && history.isRepeatedBy(pass);
    if (pass.isSuspicious() && !isRecheckedSoon && !isConfirmed) {
      return Verdict.SUSPICIOUS;
    }
    if (!pass.addsUp()) {
      return Verdict.INCOMPLETE;
    }
    if (pass.rows().size() == pass.total() || pass.pageCount() == 1) {
      return Verdict.COMPLETE;
    }
    // Fewer ids than rows: the API repeats a record within its response, or its order differs from
    // page to page. A single page holds all the same; of several, only passes that have returned
    // every id together, or many that repeated the very same rows, can tell.
    boolean isTogether = history.hasSameTotal(pass) && history.distinctWith(pass) == pass.total();
    return isTogether || history.repetitionsWith(pass) >= REPETITIONS
        ? Verdict.COMPLETE_TOGETHER
        : Verdict.INCOMPLETE;
  }
}
