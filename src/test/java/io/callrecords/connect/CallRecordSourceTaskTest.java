package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.PluginMetrics;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Proves that a task opens what it needs and closes all of it, whatever goes wrong. */
class CallRecordSourceTaskTest {
  private static final String NAME = "closing";

  private final PluginMetrics worker = mock();
  private final SourceTaskContext context = mock();
  private final CallRecordSourceTask task = new CallRecordSourceTask();
  private @Nullable String facts;

  @Test
  void closesLoopAndConnectionsAlthoughTheMetricsCannotBeRemoved() {
    IllegalStateException failure = new IllegalStateException("the worker's metrics are closed");
    doThrow(failure).when(worker).removeMetric(any());
    List<String> added = start();
    assertThat(TaskRun.threads(NAME)).isNotEmpty();

    assertThatThrownBy(task::stop).isSameAs(failure);

    await().atMost(TimeLimits.LONG).until(() -> TaskRun.threads(NAME).isEmpty());
    verify(worker, times(added.size())).removeMetric(any());
  }

  @Test
  void leavesNoMetricBehindWhenPublishingFailsHalfway() {
    List<String> added = new ArrayList<>();
    when(worker.metricName(any(), any(), any()))
        .thenAnswer(
            call -> {
              if (added.size() == 3) {
                throw new IllegalStateException("no more");
              }
              added.add(call.getArgument(0));
              return name(call.getArgument(0));
            });

    assertThatThrownBy(() -> start(added)).hasMessage("no more");
    task.stop();

    verify(worker, times(3)).removeMetric(any());
    await().atMost(TimeLimits.LONG).until(() -> TaskRun.threads(NAME).isEmpty());
  }

  @Test
  void warnsOnceOfMoreTasksThanTheHeapHasRoomFor() {
    int tasks = (int) (Runtime.getRuntime().maxMemory() >> 20);
    try (LogCapture log = new LogCapture(CallRecordSourceTask.class)) {
      start();
      task.stop();
      start(List.of(), 1, tasks);
      task.stop();
      assertThat(log.lines()).isEmpty();

      start(List.of(), 0, tasks);
      task.stop();

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN The connector's %d tasks may hold %d MiB".formatted(tasks, 4 * tasks))
          .contains("heap of %d MiB".formatted(tasks), "tasks.max", "-Xmx");
    }
  }

  @Test
  void saysOnceWhatItBeginsWith() {
    facts =
        "{\"formatVersion\":1,\"facts\":{\"answer.empty\":\"data null\",\"rows.order\":\"none\"}}";
    try (LogCapture log = new LogCapture(CallRecordSourceTask.class)) {
      start();
      task.stop();
      start(List.of(), 1, 2);
      task.stop();

      assertThat(log.lines())
          .containsExactly(
              "INFO The connector begins with what a check has found out about the API:"
                  + " {answer.empty=data null} (api.facts).");
    }
  }

  private List<String> start() {
    List<String> added = new ArrayList<>();
    when(worker.metricName(any(), any(), any()))
        .thenAnswer(
            call -> {
              added.add(call.getArgument(0));
              return name(call.getArgument(0));
            });
    return start(added);
  }

  private List<String> start(List<String> added) {
    return start(added, 0, 1);
  }

  private List<String> start(List<String> added, int index, int count) {
    OffsetStorageReader reader = mock();
    when(context.offsetStorageReader()).thenReturn(reader);
    when(context.pluginMetrics()).thenReturn(worker);
    task.initialize(context);
    Map<String, String> settings =
        TestSettings.with("name", NAME, "api.url", "http://127.0.0.1:1/v3");
    settings.put(CallRecordSourceTaskConfig.TASK_SPLITS, "2026-11-01/..");
    settings.put(CallRecordSourceTaskConfig.TASK_COUNT, Integer.toString(count));
    settings.put(CallRecordSourceTaskConfig.TASK_INDEX, Integer.toString(index));
    settings.put(CallRecordSourceTaskConfig.TASK_START, "2026-11-01T00:00:00Z");
    if (facts != null) {
      settings.put("api.facts", facts);
    }
    task.start(settings);
    return added;
  }

  private static MetricName name(String name) {
    return new MetricName(name, "plugins", "", Map.of());
  }
}
