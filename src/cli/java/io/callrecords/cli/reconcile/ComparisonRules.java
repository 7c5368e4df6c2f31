package io.callrecords.cli.reconcile;

import java.time.Duration;
import java.time.Instant;

/**
 * What has to be known to judge a difference.
 *
 * @param updates whether a changed call is emitted again
 * @param lateArrival how long after its time a call may still appear
 * @param slack how long the connector takes, at most, until what is settled is in the topic
 * @param hasLostRecords whether the topic may have lost its oldest records
 * @param audits what the audit topic says; empty where there is none
 */
record ComparisonRules(
    boolean updates,
    Duration lateArrival,
    Duration slack,
    boolean hasLostRecords,
    AuditWindows audits) {
  /** Whether a call of some time may still come, or change, at a moment. */
  boolean mayStillCome(long millis, Instant now) {
    return Instant.ofEpochMilli(millis).plus(lateArrival).plus(slack).isAfter(now);
  }
}
