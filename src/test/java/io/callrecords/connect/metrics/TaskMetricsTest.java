package io.callrecords.connect.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.callrecords.connect.read.ReadCounts;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.MetricValueProvider;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.junit.jupiter.api.Test;

/** Proves that metrics are there on every worker, and gone once the task is. */
class TaskMetricsTest {
  private static final Map<String, String> SETTINGS =
      Map.of("name", "calls, new", "task.index", "3");

  private final SourceTaskContext context = mock(SourceTaskContext.class);

  @Test
  void usesTheWorkersMetricsWhereItHasThem() {
    RecordedMetrics worker = new RecordedMetrics();
    when(context.pluginMetrics()).thenReturn(worker);

    TaskMetrics metrics = TaskMetrics.publish(context, SETTINGS, new ReadCounts());

    assertThat(worker.metrics.keySet())
        .extracting(MetricName::name)
        .containsExactlyInAnyOrder(
            "records-total",
            "records-late-total",
            "records-updated-total",
            "records-malformed-total",
            "expired-days-total",
            "windows-unverified-total",
            "windows-settled-early-total");
    metrics.close();
    assertThat(worker.metrics).isEmpty();
  }

  @Test
  void usesABeanOfItsOwnWhereTheWorkerHasNone() throws Exception {
    when(context.pluginMetrics()).thenThrow(new NoSuchMethodError("an older worker"));
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    ObjectName name =
        new ObjectName(
            "io.callrecords.connect:type=call-records-source-task,connector=\"calls, new\",task=3");

    TaskMetrics metrics = TaskMetrics.publish(context, SETTINGS, new ReadCounts());
    // The worker starts a task anew whose predecessor would not stop.
    TaskMetrics again = TaskMetrics.publish(context, SETTINGS, new ReadCounts());

    assertThat(server.getAttribute(name, "records-total")).isEqualTo(0L);
    assertThat(server.getMBeanInfo(name).getAttributes()).hasSize(7);
    assertThatThrownBy(() -> server.getAttribute(name, "no-such-metric"))
        .isInstanceOf(AttributeNotFoundException.class);
    again.close();
    metrics.close();
    assertThat(server.isRegistered(name)).isFalse();
  }

  /** A worker's metrics. */
  private static final class RecordedMetrics implements PluginMetrics {
    final Map<MetricName, MetricValueProvider<?>> metrics = new HashMap<>();

    // Kafka's interface wants it so.
    @SuppressWarnings("NonApiType")
    @Override
    public MetricName metricName(
        String name, String description, LinkedHashMap<String, String> tags) {
      return new MetricName(name, "plugins", description, tags);
    }

    @Override
    public void addMetric(MetricName name, MetricValueProvider<?> value) {
      metrics.put(name, value);
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
