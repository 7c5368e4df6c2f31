package io.callrecords.simulator;

/** What the API answers to a range that is too long or too old. */
public enum OutOfRange {
  /** Status -25. */
  TIME_RANGE_STATUS,
  /** Status -22. */
  PARAMETER_STATUS,
  /**
   * Success without records: none at all for a range that is too long, and only the kept ones for a
   * range that begins too early.
   */
  EMPTY
}
