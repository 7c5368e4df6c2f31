package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.TestSettings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that a secret in a setting that is shown is refused, and shown nowhere. */
class SecretCopiesTest {
  private static final String TOKEN_KEY = "bDqJFiq9-bDqJFiq9-bDqJFiq9-bDqJFiq9";

  @ParameterizedTest
  @CsvSource({
    "topic, api.secret",
    "audit.topic, fields.pseudonymize.key",
    "api.time.zone, fields.pseudonymize.key",
    "record.timestamp, api.secret",
    "start.time, api.secret",
    "fields.extra, fields.pseudonymize.key",
    "fields.exclude, fields.pseudonymize.key",
    "filter.agents, api.secret",
    "proxy.username, api.secret"
  })
  void refusesASecretInASettingThatIsShown(String setting, String secretSetting) {
    Map<String, String> settings = TestSettings.minimal();
    settings.put("api.url", "http://127.0.0.1:1");
    settings.put("fields.pseudonymize", "called");
    settings.put("fields.pseudonymize.key", TOKEN_KEY);
    String secret = settings.get(secretSetting);
    settings.put(setting, secret);

    Config result = new CallRecordSourceConnector().validate(settings);

    ConfigValue value =
        result.configValues().stream()
            .filter(each -> each.name().equals(setting))
            .findFirst()
            .orElseThrow();
    assertThat(value.errorMessages())
        .anyMatch(error -> error.contains("it holds what " + secretSetting));
    for (ConfigValue each : result.configValues()) {
      assertThat(String.valueOf(each.value())).doesNotContain(secret);
      assertThat(each.errorMessages()).noneMatch(error -> error.contains(secret));
    }
  }

  /** A reference works within a value as well: the address of a request would show it. */
  @ParameterizedTest
  @CsvSource({
    "api.url, http://127.0.0.1:1/v3/, api.secret",
    "topic, calls-, fields.pseudonymize.key",
    "audit.topic, audit-, api.secret",
    "filter.agents, 'agent-1,agent-', api.secret"
  })
  void refusesASecretWithinASettingThatIsShown(
      String setting, String before, String secretSetting) {
    Map<String, String> settings = TestSettings.minimal();
    settings.putIfAbsent("api.url", "http://127.0.0.1:1");
    settings.put("fields.pseudonymize", "called");
    settings.put("fields.pseudonymize.key", TOKEN_KEY);
    String secret = settings.get(secretSetting);
    settings.put(setting, before + secret);

    Config result = new CallRecordSourceConnector().validate(settings);

    assertThat(result.configValues())
        .filteredOn(value -> value.name().equals(setting))
        .singleElement()
        .satisfies(
            value ->
                assertThat(value.errorMessages())
                    .anyMatch(error -> error.contains("it holds what " + secretSetting)));
    for (ConfigValue each : result.configValues()) {
      assertThat(String.valueOf(each.value())).doesNotContain(secret);
      assertThat(each.errorMessages()).noneMatch(error -> error.contains(secret));
    }
  }

  /** The key of an account is no secret, and may be anywhere. */
  @ParameterizedTest
  @CsvSource({"topic", "filter.agents"})
  void takesTheAccountsKey(String setting) {
    Map<String, String> settings = TestSettings.with("api.key", "bDqJFiq9", setting, "bDqJFiq9");

    assertThat(TestSettings.errorsWithoutProbe(settings)).isEqualTo(Map.of());
    assertThat(List.of(settings.get(setting))).containsExactly("bDqJFiq9");
  }
}
