package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.runtime.ConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.TaskConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which names that no setting has are taken for a slip, and that others' names pass. */
class SettingNameValidatorTest {
  private static final Set<String> SETTINGS = CallRecordSourceConfig.configDef().names();

  private static List<UnknownSetting> find(String... names) {
    return new SettingNameValidator(SETTINGS).find(List.of(names));
  }

  /** What other products call it, or somebody may think that it is called. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "pseudonymize",
        "pseudonymize.key",
        "exclude",
        "exclude.field.names",
        "column.exclude.list",
        "blacklist",
        "hide",
        "privacy.exclude",
        "anonymize.fields",
        "mask.fields",
        "record.fields.exclude",
        "drop.fields",
        "value.fields.exclude",
        "REDACT"
      })
  void findsWhatIsLikelyMeantToHideSomething(String name) {
    assertThat(find(name)).extracting(UnknownSetting::name).containsExactly(name);
    assertThat(find(name).get(0).message()).contains("fields.");
    assertThatCode(() -> new SettingNameValidator(SETTINGS).ensureNothingPasses(List.of(name)))
        .doesNotThrowAnyException();
  }

  static Stream<String> settings() {
    return SETTINGS.stream().sorted();
  }

  /** Each letter of each name once, the forms that people take for one another, and chance. */
  private static Set<String> misspellings(String name, SplittableRandom random) {
    List<String> drawn = new ArrayList<>();
    for (int at = 0; at < name.length(); at++) {
      String before = name.substring(0, at);
      String after = name.substring(at + 1);
      drawn.add(before + after);
      drawn.add(before + name.charAt(at) + name.charAt(at) + after);
      drawn.add(before + (char) ('a' + random.nextInt(26)) + after);
      if (!after.isEmpty()) {
        drawn.add(before + after.charAt(0) + name.charAt(at) + after.substring(1));
      }
    }
    List<String> words = new ArrayList<>(List.of(name.split("\\.", -1)));
    for (int word = 0; word < words.size(); word++) {
      List<String> other = new ArrayList<>(words);
      other.set(
          word,
          words.get(word).endsWith("s")
              ? words.get(word).substring(0, words.get(word).length() - 1)
              : words.get(word) + "s");
      drawn.add(String.join(".", other));
    }
    for (int word = words.size() - 1; word > 0; word--) {
      words.add(random.nextInt(word), words.remove(word));
    }
    drawn.add(String.join(".", words));
    drawn.add(name.replace("ize", "ise"));
    drawn.add(name.replace('.', '_'));
    drawn.add(name.replace('.', '-'));
    drawn.add(name.replace(".", ""));
    drawn.add(name.toUpperCase(Locale.ROOT));
    drawn.add(name.toUpperCase(Locale.ROOT).replace('.', '_'));
    drawn.add(" " + name);
    drawn.add(name + "\n");
    drawn.add(name.replace(".", "\u200b."));
    Set<String> misspellings = new TreeSet<>(drawn);
    misspellings.removeAll(SETTINGS);
    return misspellings;
  }

  @ParameterizedTest
  @MethodSource("settings")
  void findsEachMisspeltName(String name) {
    for (String misspelt : misspellings(name, new SplittableRandom(name.hashCode()))) {
      assertThat(find(misspelt))
          .as("'%s'", misspelt)
          .singleElement()
          .satisfies(
              unknown -> {
                assertThat(unknown.name()).isEqualTo(misspelt);
                assertThat(unknown.nearest()).isEqualTo(name);
                assertThat(unknown.hides()).isEqualTo(name.startsWith("fields."));
              });
    }
  }

  @ParameterizedTest
  @CsvSource({
    "field.exclude, fields.exclude",
    "fields.excludes, fields.exclude",
    "fields.pseudonymise, fields.pseudonymize",
    "fields.hidden, fields.exclude",
    "field, fields.extra",
    "FieldsToExclude, fields.exclude",
    "exclude.fields, fields.exclude",
    "exclude_field, fields.exclude",
    "api.password, api.secret",
    "API_PASSWORD, api.secret",
    "api.user, api.key",
    "topic.audit, audit.topic",
    "topic.malformed, malformed.topic",
    "filter.agent.groups, filter.agent.group",
    "proxy.host, proxy.url",
    "requests.per.minute, requests.per.second",
    "topics, topic",
    "topic.name, topic",
    "start.date, start.time",
    "start.from, start.time",
    "end.date, end.time",
    "page.limit, page.size",
    "request.timeout, request.timeout.ms",
    "connect.timeout, connect.timeout.ms",
    "record.key, record.timestamp",
    "filter.call.type, filter.call.types"
  })
  void findsWhatIsMeantForASetting(String name, String nearest) {
    assertThat(find(name))
        .singleElement()
        .satisfies(unknown -> assertThat(unknown.nearest()).isEqualTo(nearest));
  }

  static Stream<String> names() {
    return Stream.of(
            ConnectorConfig.configDef().names().stream(),
            SourceConnectorConfig.configDef().names().stream(),
            Stream.of(TaskConfig.TASK_CLASS_CONFIG),
            Stream.of("task.splits", "task.count", "task.index", "task.weights", "task.start"))
        .flatMap(names -> names)
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("names")
  @ValueSource(
      strings = {
        "transforms.fields.exclude",
        "transforms.plain.field",
        "predicates.calls.pattern",
        "errors.retry.timeout",
        "errors.log.include.messages",
        "key.converter.schemas.enable",
        "value.converter.schema.registry.url",
        "header.converter",
        "topic.creation.default.partitions",
        "topic.creation.groups",
        "topic.creation.calls.include",
        "producer.override.retry.backoff.ms",
        "producer.override.request.timeout.ms",
        "config.providers.env.class",
        "connector.plugin.version",
        "key.converter.plugin.version",
        "tasks.max.enforce",
        "exactly.once.support",
        "transaction.boundary.interval.ms",
        "offsets.storage.topic",
        "kafka.api.key",
        "kafka.api.secret",
        "max.poll.interval.ms",
        "ssl.engine.factory.class",
        "description",
        "owner",
        "team.name",
        "_comment",
        ""
      })
  void letsPassWhatConnectAndOtherPluginsTake(String name) {
    assertThat(find(name)).isEmpty();
  }

  /** What Connect reads, or this connector refuses, is not left over. */
  @Test
  void findsTheNamesThatNobodyReads() {
    assertThat(
            new SettingNameValidator(SETTINGS)
                .unused(
                    List.of(
                        "name",
                        "owner",
                        "topic",
                        "filter.call.type",
                        "transforms.x.type",
                        "producer.override.acks",
                        "topic.creation.default.partitions",
                        "ssl.engine.factory.class",
                        "description")))
        .containsExactly("description", "owner", "ssl.engine.factory.class");
  }

  @Test
  void findsNothingAmongTheSettingsThemselves() {
    assertThat(new SettingNameValidator(SETTINGS).find(SETTINGS)).isEmpty();
  }

  /** Whoever writes a name must not write lines of the log, nor a value of its own into it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "field.exclude | field.exclude:",
        "api.secret=geheim | api.secret=...:",
        "api.secret : geheim | api.secret ...:",
        "' api.key geheim' | ' api.key ...:'",
        "api.geheim | api.geheim:"
      })
  void showsTheNameWithoutAValueThatStandsInIt(String name, String shown) {
    assertThat(find(name).get(0).message()).startsWith("Unknown setting " + shown);
  }

  @Test
  void showsALongNameCutAndOnOneLine() {
    assertThat(find("field\n" + "x".repeat(100_000)).get(0).message())
        .startsWith("Unknown setting field?...")
        .hasSizeLessThan(300);
    assertThat(find("field\u0007\u202e" + "x".repeat(100_000)).get(0).message())
        .startsWith("Unknown setting field??xxx")
        .contains("xxx...: this connector has none")
        .hasSizeLessThan(300);
  }

  @ParameterizedTest
  @ValueSource(strings = {"field.exclude", "FIELDS_EXCLUDE", "fileds.exclude", "exclude.fields"})
  void keepNothingFromPassingUnseenWhereNobodyValidates(String name) {
    assertThatThrownBy(() -> new CallRecordSourceConfig(TestSettings.with(name, "remark")))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "Unknown setting "
                + name
                + ": this connector has none of that name, and would ignore it. If fields.exclude"
                + " is meant, correct the name; otherwise remove it.");
    assertThatThrownBy(() -> new CallRecordSourceTaskConfig(TestSettings.ofTask(name, "remark")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("fields.exclude is meant");
  }

  @Test
  void letOtherMisspeltNamesGoOnThatEarlierVersionsIgnored() {
    for (String name : List.of("api.time.zones", "late.arival.ms", "filter.label")) {
      assertThatCode(() -> new CallRecordSourceConfig(TestSettings.with(name, "x")))
          .as(name)
          .doesNotThrowAnyException();
    }
  }
}
