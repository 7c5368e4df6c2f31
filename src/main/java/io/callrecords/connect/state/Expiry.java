package io.callrecords.connect.state;

/** What it means for a range that the API no longer returns it; the worst stands last. */
public enum Expiry {
  /** All of it had been read. */
  READ,
  /**
   * Some of it is unread as far as known, but was too old already when the task started: an earlier
   * run may have read it.
   */
  UNCONFIRMED,
  /** Some of it could have been read when the task started, and was not. */
  LOST
}
