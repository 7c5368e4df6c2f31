package io.callrecords.simulator;

/** How the API writes a result without any record. */
public enum EmptyResult {
  EMPTY_RECORDS,
  NULL_DATA
}
