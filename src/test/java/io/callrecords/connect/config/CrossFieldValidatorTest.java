package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves that settings which contradict one another are refused, at the setting to change. */
class CrossFieldValidatorTest {
  private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

  /** Settings that contradict others, the setting to change, and its message. */
  static Stream<Arguments> contradictions() {
    return Stream.of(
        Arguments.of(
            Map.of("api.url", "http://api.example.com"),
            "api.url",
            "http://api.example.com would send the API key and every call in clear text; use https,"
                + " or set api.allow.http=true"),
        Arguments.of(
            Map.of("audit.topic", "calls"),
            "audit.topic",
            "calls is already the value of topic; set a topic of its own"),
        Arguments.of(
            Map.of("malformed.topic", "aside", "audit.topic", "aside"),
            "malformed.topic",
            "aside is already the value of audit.topic; set a topic of its own"),
        Arguments.of(
            Map.of("malformed.records", "topic"),
            "malformed.topic",
            "malformed.records=topic needs malformed.topic; set a topic, or set malformed.records"
                + " to fail or skip"),
        Arguments.of(
            Map.of("late.arrival.ms", "2678400000", "api.retention.days", "30"),
            "late.arrival.ms",
            "2678400000 is longer than the API keeps records (api.retention.days=30); lower"
                + " late.arrival.ms to 2592000000 or less, or raise api.retention.days if the API"
                + " keeps records longer"),
        Arguments.of(
            Map.of("retry.backoff.ms", "60001"),
            "retry.backoff.max.ms",
            "60000 is less than retry.backoff.ms (60001); raise it or lower the latter"),
        Arguments.of(
            Map.of("proxy.password", "hunter2", "proxy.url", "http://10.0.0.1:80"),
            "proxy.password",
            "proxy.password needs proxy.username; set both or neither"),
        Arguments.of(
            Map.of("proxy.username", "user"),
            "proxy.username",
            "proxy.username needs proxy.url; set both or neither"));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void addsAContradictionAtTheSettingToChange(
      Map<String, String> settings, String key, String problem) {
    assertThat(errors(settings))
        .containsExactly(
            Map.entry(
                key, List.of("Invalid value for configuration " + key + ": " + problem + ".")));
  }

  /** A worker validates a configuration when it changes, not when the plugin does. */
  @ParameterizedTest
  @MethodSource("contradictions")
  void refusesTheSameContradictionWhenTheConnectorStarts(
      Map<String, String> settings, String key, String problem) {
    if (key.equals("late.arrival.ms")) {
      // Earlier versions took it: a connector that has it goes on.
      assertThatCode(() -> new CallRecordSourceConfig(all(settings))).doesNotThrowAnyException();
      return;
    }
    assertThatThrownBy(() -> new CallRecordSourceConfig(all(settings)))
        .isInstanceOf(ConfigException.class)
        .hasMessage("Invalid value for configuration " + key + ": " + problem + ".");
  }

  /** What depends on the clock must not stop a connector that has run for months. */
  @ParameterizedTest
  @CsvSource({
    "start.time, 2026-08-01T00:00:00Z, start.time",
    "start.time, 2026-12-01T00:00:00Z, start.time",
    "end.time, 2026-08-01T00:00:00Z, end.time"
  })
  void refusesATimeThatIsOutOfRangeWhenItIsSetButNotAtEachStart(
      String name, String time, String key) {
    assertThat(errors(Map.of(name, time))).containsOnlyKeys(key);
    assertThatCode(() -> new CallRecordSourceConfig(all(Map.of(name, time))))
        .doesNotThrowAnyException();
  }

  @Test
  void addsTheErrorsOfAllRulesAtOnce() {
    Map<String, String> settings = new HashMap<>();
    settings.put("api.url", "http://api.example.com");
    settings.put("audit.topic", "calls");
    settings.put("malformed.records", "topic");
    settings.put("late.arrival.ms", "2678400000");
    settings.put("api.retention.days", "20");
    settings.put("retry.backoff.ms", "60001");
    settings.put("proxy.username", "user");
    settings.put("start.time", "P30D");
    settings.put("end.time", "2026-10-01T00:00:00Z");
    settings.put("ssl.truststore.location", "/no/such/file");

    assertThat(errors(settings))
        .containsOnlyKeys(
            "api.url",
            "audit.topic",
            "malformed.topic",
            "late.arrival.ms",
            "retry.backoff.max.ms",
            "proxy.username",
            "start.time",
            "end.time",
            "ssl.truststore.location");
  }

  /** One mistake gives one error. */
  @ParameterizedTest
  @CsvSource({
    "api.url, nonsense",
    "api.retention.days, 0",
    "late.arrival.ms, -1",
    "retry.backoff.max.ms, 0",
    "retry.backoff.ms, 0",
    "audit.topic, my topic",
    "start.time, tomorrow",
    "end.time, tomorrow",
    "ssl.protocol, TLSv9",
    "proxy.url, nonsense"
  })
  void leavesOutTheRulesOfASettingThatIsWrongByItself(String name, String value) {
    Map<String, String> settings = new HashMap<>(Map.of(name, value));
    if (name.startsWith("proxy.")) {
      settings.put("proxy.username", "user");
    }
    if (name.equals("ssl.protocol")) {
      settings.put("ssl.truststore.location", "/no/such/file");
    }

    assertThat(errors(settings))
        .containsOnlyKeys(name)
        .allSatisfy((key, messages) -> assertThat(messages).hasSize(1));
  }

  /**
   * Whatever validation accepts starts, and whatever contradicts itself does not, but for what
   * earlier versions accepted.
   */
  @Test
  void refusesAtTheStartExactlyWhatValidationFindsContradictory() {
    SplittableRandom random = new SplittableRandom(7);
    List<Arguments> contradictions = contradictions().toList();
    for (int round = 0; round < 300; round++) {
      Map<String, String> settings = new HashMap<>();
      for (Arguments arguments : contradictions) {
        if (arguments.get()[0] instanceof Map<?, ?> some && random.nextInt(6) == 0) {
          some.forEach((key, value) -> settings.put(key.toString(), value.toString()));
        }
      }
      Map<String, List<String>> errors = errors(settings);
      errors.remove("late.arrival.ms");
      if (errors.isEmpty()) {
        assertThatCode(() -> new CallRecordSourceConfig(all(settings)))
            .as("%s", settings)
            .doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> new CallRecordSourceConfig(all(settings)))
            .as("%s", settings)
            .isInstanceOf(ConfigException.class)
            .satisfies(
                error ->
                    assertThat(errors.values().stream().flatMap(List::stream))
                        .contains(error.getMessage()));
      }
    }
  }

  private static Map<String, String> all(Map<String, String> settings) {
    Map<String, String> all = TestSettings.minimal();
    all.putAll(settings);
    return all;
  }

  private static Map<String, List<String>> errors(Map<String, String> settings) {
    List<ConfigValue> values = CallRecordSourceConfig.configDef().validate(all(settings));
    new CrossFieldValidator(values, NOW).validate();
    Map<String, List<String>> errors = new TreeMap<>();
    for (ConfigValue value : values) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
