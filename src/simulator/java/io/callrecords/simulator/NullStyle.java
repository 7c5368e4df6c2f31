package io.callrecords.simulator;

/** How the API writes a value that a record does not have. */
public enum NullStyle {
  NULL,
  EMPTY_TEXT,
  ABSENT
}
