package io.callrecords.connect.client;

/** How long a request is tried. */
enum RetryMode {
  /** One attempt only. */
  ONCE,
  /** For as long as {@code retry.timeout.ms} says. */
  CONFIGURED,
  /** As {@link #CONFIGURED}; while the API answers other requests, it may be given up. */
  WHILE_OTHERS_FAIL,
  /** As {@link #CONFIGURED}; also while the API refuses the requested range as too old. */
  DESPITE_REFUSAL
}
