package io.callrecords.connect.client;

import io.callrecords.connect.config.MemoryBudget;

/**
 * How much of a response is received.
 *
 * @param maxBytes how long its body may be
 * @param maxWeight how much of the heap its rows may take together, in bytes
 */
record ResponseLimits(int maxBytes, long maxWeight) {
  private static final int KIBIBYTE = 1024;
  private static final int MEBIBYTE = 1024 * KIBIBYTE;

  /** How long the body may be of a page of one record, which no smaller page can replace. */
  static final int MAX_BYTES_OF_ONE = 8 * MEBIBYTE;

  /** A call may come in many rows, which no smaller page parts. */
  private static final long MIN_WEIGHT_OF_ONE = 2 * MEBIBYTE;

  /** Of a page of several records. */
  static ResponseLimits of(MemoryBudget budget) {
    return new ResponseLimits(budget.maxResponseBytes(), budget.maxPageWeight());
  }

  /** Of a page of one record, where these are of one of several: a row alone may weigh more. */
  ResponseLimits ofOne() {
    return new ResponseLimits(MAX_BYTES_OF_ONE, Math.max(maxWeight, MIN_WEIGHT_OF_ONE));
  }

  /** A number of bytes in words. */
  static String describe(long bytes) {
    return bytes % MEBIBYTE == 0 ? bytes / MEBIBYTE + " MiB" : bytes / KIBIBYTE + " KiB";
  }
}
