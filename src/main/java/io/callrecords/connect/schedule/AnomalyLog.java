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

  AnomalyLog(ReadOptions options) {
    this.options = options;
  }

  /** Logs a window whose total and records never agreed. */
  void unverified(WindowSnapshot window) {
    LOG.warn(
        "The API's responses for {} contradict each other in every attempt: it reports {} records and"
            + " returns {}. The connector sends all records that it has received.",
        window.range(),
        window.total(),
        window.records().size());
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
