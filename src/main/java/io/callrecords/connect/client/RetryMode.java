package io.callrecords.connect.client;

/** How long a request is tried. */
enum RetryMode {
  /** One attempt only. */
  ONCE,
  /** For as long as {@code retry.timeout.ms} says. */
  CONFIGURED,
  /** As {@link #CONFIGURED}; also while the API refuses the requested range as too old. */
  DESPITE_REFUSAL
}
