package io.callrecords.connect.metrics;

import io.callrecords.connect.client.RequestCounts;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.schedule.Progress;
import io.callrecords.connect.state.TaskCounts;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A metric of a task.
 *
 * @param name its name, which never changes
 * @param kind how it behaves
 * @param unit what it is counted in
 * @param description what it tells
 * @param value its value at any moment, on any thread: a long, or a double that is not a number
 *     where nothing is known
 */
public record TaskMetric(
    String name, MetricKind kind, String unit, String description, Supplier<Number> value) {

  /** How a metric behaves. */
  public enum MetricKind {
    /** Begins at zero when the task starts, and only grows. */
    COUNTER("counter"),
    /** Goes up and down. */
    GAUGE("gauge");

    private final String word;

    MetricKind(String word) {
      this.word = word;
    }

    /** Its name in the documentation. */
    public String word() {
      return word;
    }
  }

  /** All metrics of a task. */
  public static List<TaskMetric> of(
      TaskCounts read, RequestCounts requests, Progress progress, Invariants invariants) {
    return List.of(
        counter(
            "records-total",
            "records",
            "Records emitted, further versions included",
            read::records),
        counter(
            "records-late-total",
            "records",
            "Late records: found by a recheck, after their window had been read",
            read::late),
        counter(
            "records-updated-total",
            "records",
            "Further versions of records that were emitted before (emit.updates)",
            read::updated),
        counter(
            "records-malformed-total",
            "records",
            "Records that could not be converted and were routed to malformed.topic"
                + " or skipped (malformed.records)",
            read::malformed),
        counter(
            "expired-days-total",
            "days",
            "Days for which the API no longer returns all records before they were "
                + "read: what was not read of them is lost",
            read::expiredDays),
        counter(
            "windows-reread-total",
            "windows",
            "Rechecks of windows for late and changed records; neighbouring windows"
                + " that one request compares count once",
            read::rechecks),
        counter(
            "windows-unverified-total",
            "windows",
            "Windows that were settled although the API's responses contradicted each other"
                + " in every attempt; everything that it returned is emitted",
            read::unverified),
        counter(
            "windows-settled-early-total",
            "windows",
            "Windows settled before late.arrival.ms because the offset had no room:"
                + " calls that appear in them later are not found",
            read::settledEarly),
        gauge(
            "live-lag-seconds",
            "seconds",
            "Time since the live edge was last read: at most poll.interval.ms and "
                + "one request when all is well; 0 on a task that does not follow the "
                + "live edge",
            progress::liveLagSeconds),
        gauge(
            "oldest-unsettled-seconds",
            "seconds",
            "Age of the oldest part of the range that may still gain records: a "
                + "little over late.arrival.ms once the backlog is read, and up to a "
                + "day more where few calls make a long window; 0 when everything is "
                + "settled",
            progress::oldestUnsettledSeconds),
        estimate(
            "backlog-days",
            "days",
            "The unread part of the range, excluding the live edge",
            progress::backlogDays),
        estimate(
            "backlog-records",
            "records",
            "Estimated records in the backlog, from the part that was read since "
                + "the task started; NaN before that",
            progress::backlogRecords),
        estimate(
            "backlog-seconds-left",
            "seconds",
            "Estimated time until the backlog is read, from the last minutes; NaN "
                + "before anything was read",
            progress::backlogSecondsLeft),
        counter(
            "requests-answered-total",
            "requests",
            "Requests that returned a page",
            requests::answered),
        counter(
            "requests-throttled-total",
            "requests",
            "Requests throttled by the API (status -15, HTTP 429, Retry-After, HTTP 503"
                + " between pages)",
            requests::throttled),
        counter(
            "requests-failed-total",
            "requests",
            "Requests that failed otherwise and were retried: no connection, no "
                + "response in time, HTTP errors, invalid responses, an expired timestamp",
            requests::failed),
        counter(
            "requests-refused-total",
            "requests",
            "Requests that the API refused because of their parameters or the " + "account",
            requests::refused),
        counter(
            "request-retries-total",
            "requests",
            "Requests that retry an earlier one",
            requests::retries),
        counter(
            "throttled-ms-total",
            "milliseconds",
            "Time in which the task sent no requests because the API throttled it",
            requests::throttledMillis),
        estimate(
            "request-rate-allowed",
            "requests a second",
            "The task's share of requests.per.second, less what throttling has " + "taken from it",
            requests::allowedPerSecond),
        counter(
            "request-latency-ms-total",
            "milliseconds",
            "Total time of all requests, from sending to the end of the response",
            requests::latencyTotalMillis),
        estimate(
            "request-latency-ms-avg",
            "milliseconds",
            "Average time of a request in the last 30 to 60 seconds; NaN without " + "any",
            requests::latencyMeanMillis),
        estimate(
            "request-latency-ms-max",
            "milliseconds",
            "Time of the slowest request in the last 30 to 60 seconds; NaN without " + "any",
            requests::latencyMaxMillis),
        gauge(
            "trouble-seconds",
            "seconds",
            "How long requests have been failing, or the API has refused a range "
                + "that it should have; 0 when all is well",
            requests::outageSeconds),
        estimate(
            "clock-offset-seconds",
            "seconds",
            "How far the API's clock is ahead of the worker's; 0 while they agree to two "
                + "seconds; NaN before the first response",
            requests::clockOffsetSeconds),
        counter(
            "invariant-violations-total",
            "violations",
            "Bugs that the connector has found in itself: the log names each kind "
                + "once, and the task continues in the way that loses nothing",
            invariants::violations),
        counter(
            "drifted-windows-total",
            "windows",
            "Settled windows for which the API returns more records than it did: those that"
                + " are new are not emitted; the log names the days to load again",
            read::drifted),
        counter(
            "conflicting-records-total",
            "records",
            "Rows that differ from another row of the same callSessionId in more than labels,"
                + " counted when their window is settled; one version of each is emitted",
            read::conflicting),
        counter(
            "nul-texts-total",
            "texts",
            "Texts of emitted records from which U+0000 was dropped (texts.keep.nul)",
            read::nulTexts));
  }

  private static TaskMetric counter(
      String name, String unit, String description, LongSupplier value) {
    return new TaskMetric(name, MetricKind.COUNTER, unit, description, value::getAsLong);
  }

  private static TaskMetric gauge(
      String name, String unit, String description, LongSupplier value) {
    return new TaskMetric(name, MetricKind.GAUGE, unit, description, value::getAsLong);
  }

  private static TaskMetric estimate(
      String name, String unit, String description, DoubleSupplier value) {
    return new TaskMetric(name, MetricKind.GAUGE, unit, description, value::getAsDouble);
  }
}
