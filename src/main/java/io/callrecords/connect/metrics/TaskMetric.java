package io.callrecords.connect.metrics;

import io.callrecords.connect.read.ReadCounts;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A metric of a task.
 *
 * @param name its name, which never changes
 * @param description what it counts, with its unit
 * @param value tells its value at any moment, on any thread
 */
record TaskMetric(String name, String description, LongSupplier value) {
  /** All metrics of a task. */
  static List<TaskMetric> of(ReadCounts counts) {
    return List.of(
        new TaskMetric(
            "records-total",
            "Records handed over to be sent since the task started, further versions included",
            counts::records),
        new TaskMetric(
            "records-late-total",
            "Those of them that a later look has found, after their window had been read whole",
            counts::late),
        new TaskMetric(
            "records-updated-total",
            "Those of them that are a further version of a record sent before",
            counts::updated),
        new TaskMetric(
            "records-malformed-total",
            "Records that could not be converted and were put aside or left out, as"
                + " malformed.records says",
            counts::malformed),
        new TaskMetric(
            "expired-days-total",
            "Days of the range of which the API no longer answers for all: what was not read of"
                + " them cannot be had any more",
            counts::expiredDays),
        new TaskMetric(
            "windows-unverified-total",
            "Readings of windows for which the API's answers never added up; all that it showed is"
                + " sent",
            counts::unverified),
        new TaskMetric(
            "windows-settled-early-total",
            "Windows settled before late.arrival.ms, since the offset had to make room:"
                + " calls that appear in them later are not found",
            counts::settledEarly));
  }
}
