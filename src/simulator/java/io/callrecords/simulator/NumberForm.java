package io.callrecords.simulator;

/** How whole numbers are written in a record. */
public enum NumberForm {
  /** {@code 12}. */
  WHOLE,
  /** {@code 12.0}. */
  FRACTION
}
