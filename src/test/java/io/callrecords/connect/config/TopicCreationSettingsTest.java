package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.TestSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Connect refuses only once the connector exists is refused before; what it ignores is told.
 */
class TopicCreationSettingsTest {
  private static final String FACTOR = "topic.creation.default.replication.factor";
  private static final String PARTITIONS = "topic.creation.default.partitions";
  private static final Map<String, String> WHOLE = Map.of(FACTOR, "3", PARTITIONS, "3");

  private static Map<String, String> with(String... namesAndValues) {
    Map<String, String> settings = new HashMap<>(WHOLE);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return settings;
  }

  @Test
  void nothingIsWrongWithNoneOrWithWhatThePageShows() {
    Map<String, String> page =
        with(
            "topic.creation.default.cleanup.policy", "delete",
            "topic.creation.groups", "aside",
            "topic.creation.aside.include", "calls-malformed,calls-audit",
            "topic.creation.aside.partitions", "1",
            "topic.creation.aside.retention.ms", "7776000000",
            "topic.creation.aside.min.compaction.lag.ms", "1");
    for (Map<String, String> settings : List.of(Map.<String, String>of(), WHOLE, page)) {
      assertThat(new TopicCreationSettings(settings).problems()).isEmpty();
      assertThat(new TopicCreationSettings(settings).unused()).isEmpty();
    }
  }

  /** Connect's own reading fails where this one does, which is after the connector was created. */
  @ParameterizedTest
  @CsvSource({
    "topic.creation.default.partitions, " + FACTOR,
    FACTOR + ", " + PARTITIONS,
    "topic.creation.groups, " + FACTOR,
    "topic.creation.enable, " + PARTITIONS,
    "topic.creation.aside.partitions, " + FACTOR
  })
  void whatConnectRequiresIsRequired(String name, String missing) {
    Map<String, String> settings = TestSettings.with(name, "1");

    assertThat(new TopicCreationSettings(settings).problems().get(missing))
        .contains(missing, "-1 stands for");
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    Plugins plugins = new Plugins(Map.of("plugin.discovery", "service_load"));
    assertThatThrownBy(() -> new SourceConnectorConfig(plugins, settings, true))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("Missing required configuration");
  }

  @ParameterizedTest
  @CsvSource({
    "topic.creation.default.replication.factors, " + FACTOR,
    "topic.creation.default.replication-factor, " + FACTOR,
    "topic.creation.default.partition, " + PARTITIONS,
    "topic.creation.aside.Include, topic.creation.aside.include"
  })
  void namesTheSettingThatAMisspeltOneIsMeantFor(String name, String meant) {
    Map<String, String> settings =
        with("topic.creation.groups", "aside", "topic.creation.aside.include", "x", name, "3");

    assertThat(new TopicCreationSettings(settings).problems())
        .containsOnlyKeys(name)
        .extractingByKey(name)
        .asString()
        .contains("If " + meant + " is meant");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"cleanup.policy", "retention.bytes", "min.insync.replicas", "segment.ms", "later"})
  void settingsOfTopicsPass(String suffix) {
    assertThat(new TopicCreationSettings(with("topic.creation.default." + suffix, "1")).problems())
        .isEmpty();
  }

  @Test
  void tellsOfGroupsThatNobodyLists() {
    assertThat(
            new TopicCreationSettings(
                    with(
                        "topic.creation.aside.include", "x",
                        "topic.creation.aside.partitions", "1",
                        "topic.creation.group", "aside"))
                .unused())
        .containsExactly(
            "topic.creation.aside.include (not in topic.creation.groups)",
            "topic.creation.aside.partitions (not in topic.creation.groups)",
            "topic.creation.group (not in topic.creation.groups)");
  }

  /** Connect takes the first group that matches, and default has all topics. */
  @Test
  void defaultIsNoGroupButTheLast() {
    String[] group = {"topic.creation.groups", "", "topic.creation.aside.include", "calls-audit"};
    group[1] = "aside,default";
    assertThat(new TopicCreationSettings(with(group)).problems()).isEmpty();

    group[1] = "default,aside";
    assertThat(new TopicCreationSettings(with(group)).problems())
        .containsOnlyKeys("topic.creation.groups")
        .allSatisfy((name, problem) -> assertThat(problem).contains("applies by itself"));
  }

  @Test
  void refusesGroupsWithoutTopics() {
    TopicCreationSettings settings =
        new TopicCreationSettings(
            with(
                "topic.creation.groups", "aside, other, whole",
                "topic.creation.other.include", " ",
                "topic.creation.whole.include", "calls-audit",
                "topic.creation.aside.partitions", "1"));

    assertThat(settings.problems())
        .containsOnlyKeys("topic.creation.aside.include", "topic.creation.other.include")
        .allSatisfy(
            (name, problem) ->
                assertThat(problem).contains(name, "has no topics", "topic.creation.groups"));
    assertThat(settings.unused()).isEmpty();
  }

  @Test
  void validationRefusesThemAndARunningConnectorIsTold() {
    Map<String, String> settings =
        TestSettings.with(PARTITIONS, "3", "topic.creation.aside.partitions", "1");
    Config result =
        CallRecordSourceConfig.validate(
            new Config(CallRecordSourceConfig.configDef().validate(settings)),
            settings,
            Instant.parse("2026-11-14T10:00:00Z"));

    assertThat(result.configValues())
        .filteredOn(value -> !value.errorMessages().isEmpty())
        .extracting(ConfigValue::name)
        .containsExactly(FACTOR);
    CallRecordSourceConfig config = new CallRecordSourceConfig(settings);
    assertThat(config.tolerated()).singleElement().asString().contains(FACTOR);
    assertThat(config.unusedNames())
        .containsExactly("topic.creation.aside.partitions (not in topic.creation.groups)");
  }
}
