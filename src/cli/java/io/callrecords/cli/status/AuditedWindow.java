package io.callrecords.cli.status;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Instant;

/**
 * What a record of the audit topic says of a window.
 *
 * @param range the window
 * @param outcome how it ended
 * @param emitted how many different calls were emitted of it
 * @param late of these, those that a recheck has found
 * @param updated further versions that were emitted
 * @param malformed rows that could not be converted
 * @param isUnstable whether the API's responses for it never agreed
 * @param settledAt when it ended
 */
public record AuditedWindow(
    TimeRange range,
    WindowOutcome outcome,
    long emitted,
    long late,
    long updated,
    long malformed,
    boolean isUnstable,
    Instant settledAt) {
  /** Whether it was read whole. */
  boolean isRead() {
    return outcome == WindowOutcome.SETTLED || outcome == WindowOutcome.SETTLED_EARLY;
  }
}
