package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a task gets the settings of the connector and its share of the work. */
class CallRecordSourceTaskConfigTest {
  @Test
  void givesATaskWhatIsAssignedToIt() {
    Map<String, String> settings =
        TestSettings.with(
            "end.time", "2026-12-01T00:00:00Z",
            "task.splits", "2026-11-01,2026-11-03/..",
            "task.count", "4",
            "task.index", "2",
            "task.start", "2026-11-01T10:00:00Z");

    CallRecordSourceTaskConfig task = new CallRecordSourceTaskConfig(settings);

    assertThat(task.splits()).isEqualTo("2026-11-01,2026-11-03/..");
    assertThat(task.api("agent").requestsPerSecond()).isEqualTo(5);
    assertThat(task.api("agent").share()).isEqualTo(new TaskShare(2, 4));
    assertThat(task.read())
        .isEqualTo(
            new ReadOptions(
                Instant.parse("2026-11-01T10:00:00Z"),
                Instant.parse("2026-12-01T00:00:00Z"),
                Duration.ofDays(59),
                Duration.ofSeconds(30),
                Duration.ofDays(1),
                false,
                false,
                MalformedPolicy.FAIL));
  }

  @Test
  void givesATaskOfMoreVolumeMoreOfTheRequests() {
    Map<String, String> settings = TestSettings.ofTask("max.concurrent.requests", "16");
    settings.put("task.count", "3");
    settings.put("task.weights", "500,250,250");

    CallRecordSourceTaskConfig task = new CallRecordSourceTaskConfig(settings);

    assertThat(task.api("agent").share()).isEqualTo(new TaskShare(0, List.of(500, 250, 250)));
    assertThat(task.api("agent").maxConcurrentRequests()).isEqualTo(24);
  }

  @ParameterizedTest
  @ValueSource(strings = {"task.splits", "task.count", "task.index", "task.start"})
  void refusesATaskToWhichNothingIsAssigned(String missing) {
    Map<String, String> settings =
        TestSettings.with(
            "task.splits", "2026-11-01",
            "task.count", "4",
            "task.index", "2",
            "task.start", "2026-11-01T10:00:00Z");
    settings.remove(missing);

    assertThatThrownBy(() -> new CallRecordSourceTaskConfig(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(missing);
  }

  @Test
  void readsWhatTheSettingsOfTheConnectorSay() {
    CallRecordSourceTaskConfig task =
        new CallRecordSourceTaskConfig(
            TestSettings.with(
                "emit.updates", "true",
                "audit.topic", "audit",
                "malformed.records", "topic",
                "malformed.topic", "malformed",
                "poll.interval.ms", "1000",
                "late.arrival.ms", "3600000",
                "api.retention.days", "30",
                "task.splits", "2026-11-01/..",
                "task.count", "1",
                "task.index", "0",
                "task.start", "2026-11-01T10:00:00Z"));

    assertThat(task.read())
        .isEqualTo(
            new ReadOptions(
                Instant.parse("2026-11-01T10:00:00Z"),
                null,
                Duration.ofDays(30),
                Duration.ofSeconds(1),
                Duration.ofHours(1),
                true,
                true,
                MalformedPolicy.TOPIC));
    assertThat(task.malformedTopic()).isEqualTo("malformed");
    assertThat(task.auditTopic()).isEqualTo("audit");
  }

  /** A task of an older plugin's connector can be handed a contradiction, too. */
  @Test
  void refusesSettingsThatContradictOneAnother() {
    Map<String, String> settings = TestSettings.ofTask("retry.backoff.ms", "60001");

    assertThatThrownBy(() -> new CallRecordSourceTaskConfig(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("retry.backoff.max.ms");
  }

  /** Validation refuses this since 0.3.0; a connector that has it already goes on. */
  @Test
  void goesOnWithLateArrivalBeyondRetention() {
    Map<String, String> settings = TestSettings.ofTask("late.arrival.ms", "2678400000");
    settings.put("api.retention.days", "30");

    assertThat(new CallRecordSourceTaskConfig(settings).lateArrival())
        .isEqualTo(Duration.ofDays(31));
  }
}
