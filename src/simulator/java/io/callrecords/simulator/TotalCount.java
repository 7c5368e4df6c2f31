package io.callrecords.simulator;

/** What the {@code total} of an answer counts. */
public enum TotalCount {
  /** The rows of the whole result, each call once. */
  ROWS,
  /** What a join with the labels gives: a row for each label, and one for a call without any. */
  JOINED_ROWS,
  /** Nothing: it is 0 whatever there is. */
  ZERO,
  /** About the rows, and something else in each answer, as an estimate or a cache would have it. */
  DRIFTING
}
