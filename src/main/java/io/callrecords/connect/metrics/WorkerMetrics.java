package io.callrecords.connect.metrics;

import io.callrecords.connect.loop.Closer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;

/** Metrics of the worker, which tags them with the connector and the task. */
final class WorkerMetrics implements TaskMetrics {
  private final PluginMetrics worker;
  private final List<MetricName> names = new ArrayList<>();
  private final List<TaskMetric> waiting;

  private WorkerMetrics(PluginMetrics worker, List<TaskMetric> metrics) {
    this.worker = worker;
    this.waiting = new ArrayList<>(metrics);
  }

  static WorkerMetrics publish(SourceTaskContext context, List<TaskMetric> metrics) {
    WorkerMetrics all = new WorkerMetrics(context.pluginMetrics(), metrics);
    try {
      all.catchUp();
      return all;
    } catch (RuntimeException e) {
      // Nobody else could remove what was added until then.
      try {
        all.close();
      } catch (RuntimeException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  @Override
  public void catchUp() {
    waiting.removeIf(this::isAdded);
  }

  /** A task may start while the worker still waits for its predecessor, whose metrics are there. */
  private boolean isAdded(TaskMetric metric) {
    MetricName name = worker.metricName(metric.name(), metric.description(), new LinkedHashMap<>());
    Gauge<Number> gauge = (config, now) -> metric.value().get();
    try {
      worker.addMetric(name, gauge);
    } catch (IllegalArgumentException e) {
      return false;
    }
    names.add(name);
    return true;
  }

  @Override
  public void close() {
    Closer.closeAll(
        names.stream()
            .map(name -> (AutoCloseable) () -> worker.removeMetric(name))
            .toArray(AutoCloseable[]::new));
  }
}
