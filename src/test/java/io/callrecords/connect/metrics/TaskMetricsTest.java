package io.callrecords.connect.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.junit.jupiter.api.Test;

/** Proves that metrics are there on every worker, and gone once the task is. */
class TaskMetricsTest {
  private static final Map<String, String> SETTINGS =
      Map.of("name", "calls, new", "task.index", "3");

  private static final List<TaskMetric> METRICS =
      List.of(
          new TaskMetric(
              "answer", TaskMetric.MetricKind.COUNTER, "things", "What it is", () -> 42L),
          new TaskMetric(
              "guess", TaskMetric.MetricKind.GAUGE, "things", "Not known", () -> Double.NaN));

  private final SourceTaskContext context = mock(SourceTaskContext.class);

  @Test
  void usesTheWorkersMetricsWhereItHasThem() {
    RecordedMetrics worker = new RecordedMetrics();
    when(context.pluginMetrics()).thenReturn(worker);

    TaskMetrics metrics = TaskMetrics.publish(context, SETTINGS, METRICS);

    assertThat(worker.metrics.keySet())
        .extracting(MetricName::name)
        .containsExactlyInAnyOrderElementsOf(METRICS.stream().map(TaskMetric::name).toList());
    assertThat(worker.value("answer")).isEqualTo(42L);
    assertThat(worker.value("guess")).isEqualTo(Double.NaN);
    metrics.close();
    assertThat(worker.metrics).isEmpty();
  }

  @Test
  void waitsForAPredecessorThatHasNotEnded() {
    RecordedMetrics worker = new RecordedMetrics();
    when(context.pluginMetrics()).thenReturn(worker);
    List<TaskMetric> newer =
        List.of(
            new TaskMetric(
                "answer", TaskMetric.MetricKind.COUNTER, "things", "What it is", () -> 7));
    TaskMetrics predecessor = TaskMetrics.publish(context, SETTINGS, METRICS);

    TaskMetrics metrics = TaskMetrics.publish(context, SETTINGS, newer);
    metrics.catchUp();

    assertThat(worker.value("answer")).isEqualTo(42L);
    predecessor.close();
    metrics.catchUp();
    assertThat(worker.value("answer")).isEqualTo(7);
    metrics.close();
    assertThat(worker.metrics).isEmpty();
  }

  @Test
  void usesABeanOfItsOwnWhereTheWorkerHasNone() throws Exception {
    when(context.pluginMetrics()).thenThrow(new NoSuchMethodError("an older worker"));
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name = new ObjectName("kafka.connect:type=plugins,connector=\"calls, new\",task=3");

    TaskMetrics metrics = TaskMetrics.publish(context, SETTINGS, METRICS);
    // The worker starts a task anew whose predecessor would not stop.
    TaskMetrics again = TaskMetrics.publish(context, SETTINGS, METRICS);

    assertThat(server.getAttribute(name, "answer")).isEqualTo(42L);
    assertThat(server.getAttribute(name, "guess")).isEqualTo(Double.NaN);
    assertThat(server.getMBeanInfo(name).getAttributes()).hasSize(2);
    assertThatThrownBy(() -> server.getAttribute(name, "no-such-metric"))
        .isInstanceOf(AttributeNotFoundException.class);
    // The one that would not stop does, and takes nothing along that is its successor's.
    metrics.close();
    assertThat(server.getAttribute(name, "answer")).isEqualTo(42L);
    again.close();
    assertThat(server.isRegistered(name)).isFalse();
  }

  /** A worker's metrics. */
  private static final class RecordedMetrics implements PluginMetrics {
    final Map<MetricName, MetricValueProvider<?>> metrics = new HashMap<>();

    Object value(String name) {
      MetricValueProvider<?> found =
          metrics.entrySet().stream()
              .filter(entry -> entry.getKey().name().equals(name))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no " + name))
              .getValue();
      return ((Gauge<?>) found).value(new MetricConfig(), 0);
    }

    // Kafka's interface wants it so.
    @SuppressWarnings("NonApiType")
    @Override
    public MetricName metricName(
        String name, String description, LinkedHashMap<String, String> tags) {
      return new MetricName(name, "plugins", description, tags);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> value) {
      if (metrics.putIfAbsent(name, value) != null) {
        throw new IllegalArgumentException(name + " already exists");
      }
    }

    @Override
    public void removeMetric(MetricName name) {
      metrics.remove(name);
    }

    @Override
    public Sensor addSensor(String name) {
      throw new UnsupportedOperationException(name);
    }

    @Override
    public void removeSensor(String name) {
      throw new UnsupportedOperationException(name);
    }
  }
}
