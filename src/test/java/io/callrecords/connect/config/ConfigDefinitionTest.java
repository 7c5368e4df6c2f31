package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.GoldenFile;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves that the settings are those that users rely on, and that a UI can show each of them. */
class ConfigDefinitionTest {
  private final ConfigDef definition = CallRecordSourceConfig.configDef();

  @Test
  void hasTheNamesTypesAndDefaultsThatUsersRelyOn() {
    String listing =
        definition.configKeys().values().stream()
            .sorted(
                Comparator.comparing((ConfigKey key) -> groups().indexOf(key.group))
                    .thenComparingInt(key -> key.orderInGroup))
            .map(ConfigDefinitionTest::describe)
            .collect(Collectors.joining("\n", "", "\n"));

    assertThat(listing).isEqualTo(GoldenFile.text("config/settings.txt"));
  }

  @Test
  void giveAUserInterfaceAllThatItShows() {
    assertThat(definition.configKeys().values())
        .allSatisfy(
            key -> {
              assertThat(key.displayName).as(key.name).isNotBlank().isNotEqualTo(key.name);
              assertThat(key.documentation).as(key.name).endsWith(".");
              assertThat(key.width).as(key.name).isNotEqualTo(ConfigDef.Width.NONE);
              assertThat(key.group).as(key.name).isNotBlank();
            });
  }

  @Test
  void sayInWordsWhatTheyAccept() {
    assertThat(definition.configKeys().values())
        .filteredOn(key -> key.validator != null)
        .allSatisfy(key -> assertThat(key.validator.toString()).as(key.name).doesNotContain("@"));
    assertThat(definition.configKeys().values())
        .filteredOn(key -> key.validator == null)
        .extracting(key -> key.name)
        .containsExactly(
            "api.allow.http",
            "emit.updates",
            "fields.pseudonymize.keep.country.code",
            "texts.keep.nul");
  }

  @ParameterizedTest
  @CsvSource({
    "filter.call.types, 'group, incoming, outgoing'",
    "filter.hangup.reasons, 'outgoing-not-answered, outgoing-hung-up, transfer-ringing-hung-up,"
        + " transfer-hung-up, abnormal, no-service, out-of-area, busy, incoming-not-answered,"
        + " incoming-hung-up'",
    "filter.hanging.directions, 'customer, agent, system'",
    "record.timestamp, 'ingest, call.start, call.end'",
    "query.time.field, 'callStartTime, callEndTime'"
  })
  void recommendTheWordsOfEnumeratedSettings(String name, String words) {
    ConfigKey key = definition.configKeys().get(name);

    assertThat(key.recommender.validValues(name, Map.of()))
        .containsExactlyElementsOf(List.of((Object[]) words.split(", ")));
    assertThat(key.recommender.visible(name, Map.of())).isTrue();
  }

  @Test
  void acceptTheirOwnDefaults() {
    assertThat(definition.configKeys().values())
        .filteredOn(key -> key.hasDefault() && key.validator != null)
        .isNotEmpty()
        .allSatisfy(key -> key.validator.ensureValid(key.name, key.defaultValue));
  }

  private List<String> groups() {
    return definition.groups();
  }

  private static String describe(ConfigKey key) {
    String value = key.hasDefault() ? "default " + key.defaultValue : "required";
    return "%s: %s, %s, %s, %s".formatted(key.group, key.name, key.type, value, key.importance);
  }
}
