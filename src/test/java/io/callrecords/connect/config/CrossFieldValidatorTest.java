package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import java.time.Duration;
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
            Map.of(
                "malformed.topic", "aside", "audit.topic", "aside", "malformed.records", "topic"),
            "malformed.topic",
            "aside is already the value of audit.topic; set a topic of its own"),
        Arguments.of(
            Map.of(
                "cost.format", "decimal",
                "fields.pseudonymize", "called,cost",
                "fields.pseudonymize.key", "0123456789abcdef0123456789abcdef"),
            "cost.format",
            "the token that fields.pseudonymize makes of cost is no decimal number; set cost.format"
                + " to text, or take cost out of that list"),
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
            Map.of(
                "fields.pseudonymize", "called",
                "fields.pseudonymize.key", "$CALL_RECORDS_PSEUDONYMIZATION_KEY"),
            "fields.pseudonymize.key",
            "it looks like the name of a variable that nothing has replaced by its value: a worker"
                + " replaces references to config providers alone, such as ${env:NAME}"),
        Arguments.of(
            Map.of("malformed.topic", "aside", "malformed.records", "skip"),
            "malformed.topic",
            "no record gets into it while malformed.records is skip; set malformed.records to topic,"
                + " or remove malformed.topic"),
        Arguments.of(
            Map.of("emit.updates", "true", "late.arrival.ms", "0"),
            "emit.updates",
            "no update is looked for while late.arrival.ms is 0, since a record is rechecked until"
                + " it is that old; raise late.arrival.ms, or remove emit.updates"),
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
            "proxy.username needs proxy.url; set both or neither"),
        Arguments.of(
            Map.of("fields.pseudonymize", "called,caller"),
            "fields.pseudonymize.key",
            "fields.pseudonymize needs a key; set fields.pseudonymize.key to one of at least 32"
                + " characters from a config provider, or remove fields.pseudonymize"),
        Arguments.of(
            Map.of("fields.pseudonymize.keep.country.code", "true"),
            "fields.pseudonymize",
            "fields.pseudonymize.keep.country.code is set, but no field is; name fields in"
                + " fields.pseudonymize, or remove the other setting"),
        Arguments.of(
            Map.of("fields.extra", "allow,queue"),
            "fields.extra",
            "it has more beside allow or deny; set one of these two, or names of fields"),
        Arguments.of(
            Map.of(
                "api.facts",
                "{\"formatVersion\":1,\"apiUrl\":\"https://other.example.com\",\"facts\":{}}"),
            "api.facts",
            "it is the report of https://other.example.com, and api.url is"
                + " https://api.example.com/v3; run the command check with this configuration"),
        Arguments.of(
            facts("range.use", "start-ignored"),
            "api.facts",
            "by it, the API does not honour strTime, without which no range of calls can be read;"
                + " have the API mended, then run the command check again and replace api.facts"),
        Arguments.of(
            facts("time.zone", "+05:30"),
            "api.time.zone",
            "+08:00 never has the offset +05:30, which api.facts has found; correct it, or if it is"
                + " right, run the command check again and replace api.facts"),
        Arguments.of(
            facts("range.oldest", "30 days, status -25"),
            "api.retention.days",
            "59 is more than the 30 days back for which the API answers by api.facts; correct it, or"
                + " if it is right, run the command check again and replace api.facts"),
        Arguments.of(
            facts("time.filtered", "call-end"),
            "query.time.field",
            "callStartTime is not the time that the API compares, which is callEndTime by api.facts;"
                + " correct it, or if it is right, run the command check again and replace"
                + " api.facts"));
  }

  private static Map<String, String> facts(String name, String value) {
    return Map.of(
        "api.facts", "{\"formatVersion\":1,\"facts\":{\"%s\":\"%s\"}}".formatted(name, value));
  }

  /** The clocks of a zone have two offsets in a year, and a report knows one of them. */
  @ParameterizedTest
  @CsvSource({
    "+08:00, +08:00",
    "Asia/Shanghai, +08:00",
    "Europe/Berlin, +01:00",
    "Europe/Berlin, +02:00",
    "UTC, +00:00"
  })
  void takesFactsThatAgreeWithTheSettings(String zone, String offset) {
    Map<String, String> settings = new HashMap<>(facts("time.zone", offset));
    settings.put("api.time.zone", zone);

    assertThat(errors(settings)).isEmpty();
    assertThat(errors(facts("time.filtered", "call-start"))).isEmpty();
    assertThat(errors(facts("time.filtered", "other"))).isEmpty();
    assertThat(errors(facts("range.use", "whole-minutes"))).isEmpty();
    assertThat(errors(facts("range.oldest", "58 days, status -25"))).isEmpty();
    assertThat(errors(facts("range.oldest", "57 days, status -25")))
        .containsOnlyKeys("api.retention.days");
    assertThat(errors(facts("range.oldest", "no refusal, oldest call 12 days"))).isEmpty();
  }

  /** The file that a config provider reads may be replaced while the connector runs. */
  @Test
  void tellsAStartThatFactsAndSettingsContradictOneAnother() {
    CallRecordSourceConfig config =
        new CallRecordSourceConfig(all(facts("time.filtered", "call-end")));

    assertThat(config.tolerated())
        .singleElement()
        .asString()
        .contains("query.time.field: callStartTime is not the time that the API compares");
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
    if (isTolerated(problem)) {
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
    "start.time, 2025-08-01T00:00:00Z, start.time",
    "start.time, 2026-12-01T00:00:00Z, start.time",
    "end.time, 2025-08-01T00:00:00Z, end.time"
  })
  void refusesATimeThatIsOutOfRangeWhenItIsSetButNotAtEachStart(
      String name, String time, String key) {
    assertThat(errors(Map.of(name, time))).containsOnlyKeys(key);
    assertThatCode(() -> new CallRecordSourceConfig(all(Map.of(name, time))))
        .doesNotThrowAnyException();
  }

  /** What only one of the two would do must not depend on which of them is read first. */
  @Test
  void refusesAFieldInBothLists() {
    Map<String, String> settings =
        Map.of(
            "fields.exclude", "remark,called",
            "fields.pseudonymize", "caller,called",
            "fields.pseudonymize.key", "abcdefgh".repeat(4));

    assertThat(errors(settings))
        .containsExactly(
            Map.entry(
                "fields.pseudonymize",
                List.of(
                    "Invalid value for configuration fields.pseudonymize: called is in"
                        + " fields.exclude as well; remove it from one of the two.")));
    assertThatThrownBy(() -> new CallRecordSourceConfig(all(settings)))
        .hasMessageContaining("called is in fields.exclude as well");
  }

  @Test
  void refusesAKeyOfNoFieldAndAnEmptyListOfUnknownFields() {
    assertThat(errors(Map.of("fields.pseudonymize.key", "abcdefgh".repeat(4))))
        .containsOnlyKeys("fields.pseudonymize")
        .hasToString(
            "{fields.pseudonymize=[Invalid value for configuration fields.pseudonymize:"
                + " fields.pseudonymize.key is set, but no field is; name fields in"
                + " fields.pseudonymize, or remove the other setting.]}");
    assertThat(errors(Map.of("fields.extra", "")))
        .hasToString(
            "{fields.extra=[Invalid value for configuration fields.extra: it is empty; set allow,"
                + " deny, or names of fields, or remove it.]}");
  }

  /** Neither validation nor a task sends anything to a host that the worker does not allow. */
  @Test
  void refusesAHostThatTheWorkerDoesNotAllow() {
    Map<String, String> proxied = Map.of("proxy.url", "http://10.0.0.1:80");
    System.setProperty(AllowedHosts.PROPERTY, "api.example.com");
    try {
      assertThat(errors(Map.of())).isEmpty();
      assertThat(errors(proxied))
          .hasToString(
              "{proxy.url=[Invalid value for configuration proxy.url: 10.0.0.1 is not among the"
                  + " hosts that this worker allows; have its administrator add it to the system"
                  + " property callrecords.allowed.hosts.]}");
      assertThat(errors(Map.of("api.url", "https://localhost:8083"))).containsOnlyKeys("api.url");
      assertThatThrownBy(() -> new CallRecordSourceConfig(all(proxied)))
          .hasMessageContaining("10.0.0.1 is not among the hosts that this worker allows");
    } finally {
      System.clearProperty(AllowedHosts.PROPERTY);
    }
    assertThat(errors(proxied)).isEmpty();
  }

  /** Whoever runs the worker must be told which entry of the list matches nothing, and why. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "api.example.com:443 | api.example.com:443",
        "10.0.0.2,https://127.0.0.1 | https://127.0.0.1",
        "* | *",
        "127.0.0.*,a.com | 127.0.0.*",
        "a.com,https://user:hunter2@b.com | https://[hidden]@b.com"
      })
  void namesTheEntryOfTheListThatIsNoHost(String list, String entry) {
    System.setProperty(AllowedHosts.PROPERTY, list);
    try {
      assertThat(errors(Map.of()))
          .hasToString(
              "{api.url=[Invalid value for configuration api.url: api.example.com is not among the"
                  + " hosts that this worker allows; have its administrator add it to the system"
                  + " property callrecords.allowed.hosts, whose entries are bare host names, such as"
                  + " api.example.com or *.example.com, which "
                  + entry
                  + " is not.]}");
    } finally {
      System.clearProperty(AllowedHosts.PROPERTY);
    }
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
    settings.put("end.time", "2026-01-01T00:00:00Z");
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

  /** An edit of a connector that has run must not fail because its range has grown old. */
  @Test
  void refusesNothingLaterThatItOnceAccepted() {
    SplittableRandom random = new SplittableRandom(11);
    int accepted = 0;
    for (int round = 0; round < 400; round++) {
      Instant created = NOW.plusSeconds(random.nextLong(86_400L * 1_000));
      Map<String, String> settings = new HashMap<>();
      settings.put("api.retention.days", String.valueOf(random.nextInt(1, 90)));
      settings.put("start.time", startOf(created, random));
      if (random.nextBoolean()) {
        settings.put("end.time", near(created, random));
      }
      if (!errors(settings, created).isEmpty()) {
        continue;
      }
      accepted++;
      Instant later = created.plusSeconds(random.nextLong(86_400L * 3_000));
      assertThat(errors(settings, later)).as("%s at %s", settings, later).isEmpty();
    }
    assertThat(accepted).isGreaterThan(100);
  }

  private static String startOf(Instant created, SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> "earliest";
      case 1 -> "P" + random.nextInt(1, 90) + "D";
      case 2 -> "P" + random.nextInt(1, 4) + "M";
      default -> near(created, random);
    };
  }

  private static String near(Instant time, SplittableRandom random) {
    return time.minusSeconds(random.nextLong(86_400L * 100)).toString();
  }

  /** What no connector can ever have had is a mistake, such as that of a year. */
  @ParameterizedTest
  @CsvSource({
    "start.time, 2025-11-01T00:00:00Z, set it to earliest",
    "start.time, P60D, set it to earliest",
    "start.time, P3M, set it to earliest",
    "end.time, 2025-11-01T00:00:00Z, move one of them"
  })
  void refusesWhatTheApiCannotEverHaveKept(String key, String value, String wayOut) {
    for (int days : List.of(0, 30, 400, 4_000)) {
      assertThat(errors(Map.of(key, value), NOW.plus(Duration.ofDays(days))))
          .as("%d days later", days)
          .hasEntrySatisfying(
              key, errors -> assertThat(errors).singleElement().asString().contains(wayOut));
    }
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
      errors
          .values()
          .removeIf(messages -> messages.stream().allMatch(CrossFieldValidatorTest::isTolerated));
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

  private static boolean isTolerated(String problem) {
    return problem.contains("longer than the API keeps records")
        || problem.contains("no record gets into it")
        || problem.contains("the name of a variable")
        || problem.contains("no update is looked for")
        || problem.contains("the command check");
  }

  private static Map<String, String> all(Map<String, String> settings) {
    Map<String, String> all = TestSettings.minimal();
    all.putAll(settings);
    return all;
  }

  private static Map<String, List<String>> errors(Map<String, String> settings) {
    return errors(settings, NOW);
  }

  private static Map<String, List<String>> errors(Map<String, String> settings, Instant now) {
    List<ConfigValue> values = CallRecordSourceConfig.configDef().validate(all(settings));
    new CrossFieldValidator(values, now).validate();
    Map<String, List<String>> errors = new TreeMap<>();
    for (ConfigValue value : values) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
