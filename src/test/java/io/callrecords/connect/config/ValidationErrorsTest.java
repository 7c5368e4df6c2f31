package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.LogCapture;
import io.callrecords.connect.TestSettings;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.api.Test;

/** Proves that a reason which a worker hides is found elsewhere, without the value. */
class ValidationErrorsTest {
  private static final Instant NOW = Instant.parse("2026-11-14T10:00:00Z");

  private final ValidationErrors errors = new ValidationErrors();

  private Config validated(Map<String, String> settings, String... namesAndProblems) {
    Config result =
        CallRecordSourceConfig.validate(
            new Config(CallRecordSourceConfig.configDef().validate(settings)), settings, NOW);
    for (int i = 0; i < namesAndProblems.length; i += 2) {
      String name = namesAndProblems[i];
      String problem = namesAndProblems[i + 1];
      result.configValues().stream()
          .filter(value -> value.name().equals(name))
          .forEach(value -> value.addErrorMessage(problem));
    }
    errors.publish(result, settings);
    return result;
  }

  private static Map<String, List<String>> messages(Config result) {
    return result.configValues().stream()
        .filter(value -> !value.errorMessages().isEmpty())
        .collect(
            Collectors.toMap(
                ConfigValue::name, ConfigValue::errorMessages, (a, b) -> a, TreeMap::new));
  }

  /** What Connect 4.4 makes of an error of a value that a config provider has returned. */
  private static Map<String, List<String>> hidden(Config result, String... provided) {
    Map<String, List<String>> shown = messages(result);
    for (String name : provided) {
      shown.computeIfPresent(
          name,
          (key, messages) ->
              List.of(
                  "Invalid value for configuration '"
                      + key
                      + "': the value resolved from the config provider reference failed"
                      + " validation"));
    }
    return shown;
  }

  @Test
  void tellsOfARefusedSecretAtTheAddressAndOnceInTheLog() {
    String problem = "Status -1: the API rejects the signature: check api.key and api.secret.";
    try (LogCapture log = new LogCapture(ValidationErrors.class)) {
      Config result =
          validated(
              TestSettings.minimal(),
              "api.key",
              "Invalid value for configuration api.key: " + problem,
              "api.secret",
              "Invalid value for configuration api.secret: " + problem);

      assertThat(hidden(result, "api.key", "api.secret").get("api.url"))
          .singleElement()
          .asString()
          .startsWith("Invalid value for configuration api.key, api.secret: " + problem)
          .contains("config provider");
      validated(
          TestSettings.minimal(),
          "api.key",
          "Invalid value for configuration api.key: " + problem,
          "api.secret",
          "Invalid value for configuration api.secret: " + problem);
      assertThat(log.lines())
          .containsExactly(
              "WARN calls: validation refuses the configuration. api.key, api.secret: " + problem);
    }
  }

  @Test
  void logsAgainWhatHasBeenRightInBetween() {
    try (LogCapture log = new LogCapture(ValidationErrors.class)) {
      validated(TestSettings.with("page.size", "0"));
      validated(TestSettings.minimal());
      validated(TestSettings.with("page.size", "0"));

      assertThat(log.lines())
          .hasSize(2)
          .containsOnly(
              "WARN calls: validation refuses the configuration. page.size: must be a whole number"
                  + " from 1 to 100");
    }
  }

  @Test
  void showsNoValueAndNoLineOfSomebodyElseInTheLog() {
    try (LogCapture log = new LogCapture(ValidationErrors.class)) {
      validated(
          TestSettings.with(
              "name", "calls\nERROR all is lost",
              "api.url", "http://intern.example.com/v3/",
              "topic", "hunter2 hunter2",
              "api.secret", "hunter2 geheim",
              "poll.interval.ms", "hunter2",
              "start.time", "hunter2-start",
              "filter.call.types", "hunter2-type",
              "audit.topic", "calls-x",
              "malformed.topic", "calls-x"));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN calls?ERROR all is lost: validation refuses the configuration.")
          .contains("api.secret: must be a single word", "topic: must be a topic name")
          .contains("api.url: http://intern.example.com/v3", " would send the API key")
          .contains("malformed.topic: [hidden] is already")
          .doesNotContain("hunter2", "geheim", "\n");
    }
  }

  /** A reference may name the wrong variable. */
  @Test
  void showsTheAddressInTheLogUnlessASecretStandsInIt() {
    try (LogCapture log = new LogCapture(ValidationErrors.class)) {
      for (String secret : List.of("geheim.example.com", "another")) {
        validated(
            TestSettings.with("api.url", "https://geheim.example.com/v3", "api.secret", secret),
            "api.url",
            "Request to https://geheim.example.com/v3/voice/ccRecordQuery: HTTP 404");
      }

      assertThat(log.lines())
          .satisfiesExactly(
              line -> assertThat(line).contains("Request to [hidden]/voice/ccRecordQuery: HTTP"),
              line ->
                  assertThat(line)
                      .contains("Request to https://geheim.example.com/v3/voice/ccRecordQuery"));
    }
  }

  /** A worker's log is where a misspelt variable is looked for. */
  @Test
  void namesABareReferenceInTheLog() {
    try (LogCapture log = new LogCapture(ValidationErrors.class)) {
      validated(TestSettings.with("api.secret", "${env:CALL_RECORDS_API_SECERT}"));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("api.secret: the value is the reference ${env:CALL_RECORDS_API_SECERT}, which");
    }
  }

  /** No worker hides that a value is missing, or that a reference was not replaced. */
  @Test
  void repeatsNothingThatIsNotHidden() {
    assertThat(messages(validated(TestSettings.with("api.secret", "${env:OTHER}"))))
        .containsOnlyKeys("api.secret");
    assertThat(messages(validated(TestSettings.with("api.secret", ""))))
        .containsOnlyKeys("api.secret");
    assertThat(messages(validated(TestSettings.with("page.size", "0"))))
        .containsOnlyKeys("page.size");
  }

  @Test
  void publishesByTheConnectorsOwnValidation() {
    Map<String, String> settings = TestSettings.with("api.secret", "two words");
    Config result = new CallRecordSourceConnector().validate(settings);

    assertThat(messages(result)).containsOnlyKeys("api.secret", "api.url");
    assertThat(hidden(result, "api.secret").get("api.url").toString())
        .contains("must be a single word")
        .doesNotContain("two words");
  }
}
