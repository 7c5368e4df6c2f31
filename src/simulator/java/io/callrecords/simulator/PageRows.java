package io.callrecords.simulator;

/** What the rows are of which a page holds as many as its size says. */
public enum PageRows {
  /** Calls, each with all of its labels. */
  CALLS,
  /**
   * Rows of a join with the labels, of which those of one call become one record: a page has fewer
   * records than rows, and a call at its edge has only the labels whose rows lie on it.
   */
  JOINED,
  /** Rows of a join with the labels, each a record of its own with one label. */
  JOINED_APART
}
