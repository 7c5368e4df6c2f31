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
            "windows-settled-early-total",
            "Windows settled before late.arrival.ms, since the offset had to make room:"
                + " calls that appear in them later are not found",
            counts::settledEarly));
  }
}
