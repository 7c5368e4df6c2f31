package io.callrecords.connect.metrics;

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
  private final List<MetricName> names;

  private WorkerMetrics(PluginMetrics worker, List<MetricName> names) {
    this.worker = worker;
    this.names = names;
  }

  static WorkerMetrics publish(SourceTaskContext context, List<TaskMetric> metrics) {
    PluginMetrics worker = context.pluginMetrics();
    List<MetricName> names = new ArrayList<>();
    for (TaskMetric metric : metrics) {
      MetricName name =
          worker.metricName(metric.name(), metric.description(), new LinkedHashMap<>());
      Gauge<Number> gauge = (config, now) -> metric.value().get();
      worker.addMetric(name, gauge);
      names.add(name);
    }
    return new WorkerMetrics(worker, names);
  }

  @Override
  public void close() {
    names.forEach(worker::removeMetric);
  }
}
