package io.callrecords.connect.metrics;

import io.callrecords.connect.client.RequestCounts;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.schedule.Progress;
import io.callrecords.connect.state.RecordCounts;
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
      RecordCounts read, RequestCounts requests, Progress progress, Invariants invariants) {
    return List.of(
        counter(
            "records-total",
            "records",
            "Records handed over to be sent, further versions included",
            read::records),
        counter(
            "records-late-total",
            "records",
            "Those of them that a later look has found, after their window had been read whole",
            read::late),
        counter(
            "records-updated-total",
            "records",
            "Those of them that are a further version of a record sent before (emit.updates)",
            read::updated),
        counter(
            "records-malformed-total",
            "records",
            "Records that could not be converted and were put aside or left out, as"
                + " malformed.records says",
            read::malformed),
        counter(
            "expired-days-total",
            "days",
            "Days of the range of which the API no longer answers for all: what was not read of"
                + " them cannot be had any more",
            read::expiredDays),
        counter(
            "windows-reread-total",
            "windows",
            "Looks at windows that had been read before, for late and changed records; neighbours"
                + " that one request compares count once",
            read::rechecks),
        counter(
            "windows-unverified-total",
            "windows",
            "Readings of windows for which the API's answers never added up; all that it showed is"
                + " sent",
            read::unverified),
        counter(
            "windows-settled-early-total",
            "windows",
            "Windows settled before late.arrival.ms, since the offset had to make room: calls that"
                + " appear in them later are not found",
            read::settledEarly),
        gauge(
            "live-lag-seconds",
            "seconds",
            "From what was last read of the present until now: at most poll.interval.ms and a"
                + " request when all is well. 0 on a task that does not follow the present",
            progress::liveLagSeconds),
        gauge(
            "oldest-unsettled-seconds",
            "seconds",
            "Age of the oldest moment of the range for which records may still come:"
                + " late.arrival.ms and a little once the backlog is read; 0 when all is settled",
            progress::oldestUnsettledSeconds),
        estimate(
            "backlog-days",
            "days",
            "How much of the range is unread and not the present's",
            progress::backlogDays),
        estimate(
            "backlog-records",
            "records",
            "Records in the backlog, estimated from the part that was read since the task started;"
                + " NaN before that",
            progress::backlogRecords),
        estimate(
            "backlog-seconds-left",
            "seconds",
            "Time until the backlog is read, estimated from the last minutes; NaN before anything"
                + " was read",
            progress::backlogSecondsLeft),
        counter(
            "requests-answered-total",
            "requests",
            "Requests that were answered with a page",
            requests::answered),
        counter(
            "requests-throttled-total",
            "requests",
            "Requests that were called too many (status -15, HTTP 429), or told when to come again"
                + " (Retry-After)",
            requests::throttled),
        counter(
            "requests-failed-total",
            "requests",
            "Requests that came to nothing otherwise, and were tried again: no connection, no"
                + " answer in time, HTTP errors, odd answers, an expired timestamp",
            requests::failed),
        counter(
            "requests-refused-total",
            "requests",
            "Requests that the API refused for what they ask or who asks",
            requests::refused),
        counter(
            "request-retries-total",
            "requests",
            "Those of all requests that try again what an earlier one failed to get",
            requests::retries),
        counter(
            "throttled-ms-total",
            "milliseconds",
            "Time in which the task asked nothing, since the API wanted it so",
            requests::throttledMillis),
        estimate(
            "request-rate-allowed",
            "requests a second",
            "The task's share of requests.per.second, less what was taken back since the API called"
                + " it too much",
            requests::allowedPerSecond),
        counter(
            "request-latency-ms-total",
            "milliseconds",
            "Time that all requests have taken together, from sending to the answer's end",
            requests::latencyTotalMillis),
        estimate(
            "request-latency-ms-avg",
            "milliseconds",
            "Time that a request took on average, in the last 30 to 60 seconds; NaN without any",
            requests::latencyMeanMillis),
        estimate(
            "request-latency-ms-max",
            "milliseconds",
            "Time that the slowest request took, in the last 30 to 60 seconds; NaN without any",
            requests::latencyMaxMillis),
        gauge(
            "trouble-seconds",
            "seconds",
            "For how long the API has not responded as it should, or has refused a range that it"
                + " should have; 0 when all is well",
            requests::outageSeconds),
        estimate(
            "clock-offset-seconds",
            "seconds",
            "How far the API's clock is ahead of the worker's, to a second or two; NaN before the"
                + " first answer",
            requests::clockOffsetSeconds),
        counter(
            "invariant-violations-total",
            "violations",
            "Bugs that the connector has found in itself: the log names each kind once; the task"
                + " continues in the way that loses nothing",
            invariants::violations));
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
