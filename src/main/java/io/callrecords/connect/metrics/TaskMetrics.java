package io.callrecords.connect.metrics;

import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceTaskContext;

/**
 * Publishes a task's metrics until it is closed: through the worker's own metrics (KIP-877) where
 * the worker has them, which is from Connect 4.1 on, and as a JMX bean where it does not.
 */
public interface TaskMetrics extends AutoCloseable {
  /**
   * Publishes.
   *
   * @param settings the task's settings, of which its connector's name and its number are taken
   * @param metrics what is published
   */
  static TaskMetrics publish(
      SourceTaskContext context, Map<String, String> settings, List<TaskMetric> metrics) {
    try {
      return WorkerMetrics.publish(context, metrics);
    } catch (NoSuchMethodError | NoClassDefFoundError e) {
      return JmxMetrics.publish(settings, metrics);
    }
  }

  /** Publishes what could not be so far, since a predecessor of the task had not ended. */
  default void catchUp() {}

  @Override
  void close();
}
