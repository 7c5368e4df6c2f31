package io.callrecords.cli.status;

import io.callrecords.cli.status.PrometheusText.MetricSample;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the metrics of a connector's tasks say, in the names that {@code config/monitoring} gives
 * them.
 */
final class TaskNumbers {
  private static final String PREFIX = "call_records_";
  private static final String REQUESTS = "requests_total";

  private final List<MetricSample> samples;
  private final Instant at;

  private TaskNumbers(List<MetricSample> samples, Instant at) {
    this.samples = samples;
    this.at = at;
  }

  /** Those of one connector, as they were at a moment. */
  static TaskNumbers of(String connector, List<MetricSample> all, Instant at) {
    // An agent may leave the quotes that JMX puts around a name.
    Predicate<MetricSample> isOfConnector =
        sample ->
            sample.name().startsWith(PREFIX)
                && !sample.label("task").isEmpty()
                && Set.of(connector, '"' + connector + '"').contains(sample.label("connector"));
    return new TaskNumbers(all.stream().filter(isOfConnector).toList(), at);
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  /** When they were read. */
  Instant at() {
    return at;
  }

  /** How many tasks have any. */
  int tasks() {
    return samples.stream().map(s -> s.label("task")).collect(Collectors.toSet()).size();
  }

  /** The sum over all tasks; null where it is not known. */
  @Nullable Double sum(String name) {
    return together(name, sample -> true, Double::sum);
  }

  /** The largest of all tasks; null where it is not known. */
  @Nullable Double max(String name) {
    return together(name, sample -> true, Math::max);
  }

  /** How many requests came to an outcome, since the tasks began. */
  @Nullable Double requests(String outcome) {
    return together(REQUESTS, sample -> sample.label("outcome").equals(outcome), Double::sum);
  }

  /** How many requests a second there were since earlier numbers; null where a task began anew. */
  @Nullable Double requestsPerSecondSince(TaskNumbers earlier) {
    Double now = sum(REQUESTS);
    Double then = earlier.sum(REQUESTS);
    double seconds = (at.toEpochMilli() - earlier.at.toEpochMilli()) / 1_000.0;
    return now == null || then == null || now < then || seconds <= 0
        ? null
        : (now - then) / seconds;
  }

  private @Nullable Double together(
      String name, Predicate<MetricSample> wanted, DoubleBinaryOperator operator) {
    double[] values =
        samples.stream()
            .filter(sample -> sample.name().equals(PREFIX + name))
            .filter(wanted)
            .mapToDouble(MetricSample::value)
            .filter(value -> !Double.isNaN(value) && !Double.isInfinite(value))
            .toArray();
    if (values.length == 0) {
      return null;
    }
    double result = values[0];
    for (int i = 1; i < values.length; i++) {
      result = operator.applyAsDouble(result, values[i]);
    }
    return result;
  }
}
