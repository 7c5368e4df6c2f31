package io.callrecords.connect.schedule;

import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs what cannot be delivered as it should be; what a metric counts is logged once. */
public final class AnomalyLog {
  private static final Logger LOG = LoggerFactory.getLogger(AnomalyLog.class);

  private final ReadOptions options;
  private boolean loggedExpired;
  private boolean loggedUnconfirmed;
  private boolean loggedMalformed;
  private boolean loggedConflicts;

  AnomalyLog(ReadOptions options) {
    this.options = options;
  }

  /** Logs the first record that cannot be converted, where that does not fail the task. */
  void malformed(WindowSnapshot window) {
    if (loggedMalformed || options.malformed() == MalformedPolicy.FAIL) {
      return;
    }
    window.records().stream()
        .filter(MalformedRecord.class::isInstance)
        .map(MalformedRecord.class::cast)
        .findFirst()
        .ifPresent(
            record -> {
              loggedMalformed = true;
              LOG.warn(
                  "{}. The API returns it for {}. Such records are not emitted as calls"
                      + " (malformed.records is {}); the metric records-malformed-total counts"
                      + " them.",
                  record.reason(),
                  window.range(),
                  options.malformed().configValue());
            });
  }

  /** Logs the first window with rows that contradict another row of their record. */
  void conflicting(WindowSnapshot window) {
    // Where pages contradict each other, an edit may have come between two of them.
    if (!loggedConflicts && window.verified() && window.reconciliation().conflicts() > 0) {
      loggedConflicts = true;
      LOG.warn(
          "The API returns some records for {} more than once, and not with the same content: {} rows"
              + " differ from another one of the same callSessionId in more than labels. The"
              + " connector emits one version of each, the same each time; the metric"
              + " conflicting-records-total counts such rows.",
          window.range(),
          window.reconciliation().conflicts());
    }
  }

  /** Logs the first range that was too old when the task started. */
  void unconfirmed(TimeRange range) {
    if (!loggedUnconfirmed) {
      loggedUnconfirmed = true;
      LOG.info(
          "Records for {} had expired before the task started (api.retention.days is {}), and no"
              + " stored offset tells whether an earlier run has read them. If the connector was"
              + " running then, nothing is lost.",
          range,
          options.retention().toDays());
    }
  }

  /** Logs the first range that the API no longer answers for. */
  void expired(TimeRange range) {
    if (!loggedExpired) {
      loggedExpired = true;
      LOG.error(
          "The API no longer returns records for {} (api.retention.days is {}): what the connector has"
              + " not read of it is lost. The metric expired-days-total counts the days that are"
              + " affected.",
          range,
          options.retention().toDays());
    }
  }
}
