package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import io.callrecords.connect.feed.CallCenterFeed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that only fields can be named which a record has, and that can be hidden. */
class PrivacySettingsTest {
  private static final List<Field> FIELDS = CallCenterFeed.create().schema().fields();

  private static CallRecordSourceConfig config(String name, String value) {
    Map<String, String> settings = TestSettings.with(name, value);
    if (name.equals("fields.pseudonymize")) {
      settings.put("fields.pseudonymize.key", "abcdefgh".repeat(4));
    }
    return new CallRecordSourceConfig(settings);
  }

  @Test
  void knowEachFieldOfTheSchema() {
    assertThat(
            Stream.of(
                    PrivacySettings.TEXT_FIELDS,
                    PrivacySettings.OTHER_FIELDS,
                    PrivacySettings.TIME_FIELDS,
                    List.of("callSessionId", "extra"))
                .flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(FIELDS.stream().map(Field::name).toList());
    for (Field field : FIELDS) {
      boolean holdsTexts =
          field.schema().type() == Schema.Type.STRING
              || (field.schema().type() == Schema.Type.ARRAY
                  && field.schema().valueSchema().type() == Schema.Type.STRING);
      assertThat(PrivacySettings.TEXT_FIELDS.contains(field.name()))
          .as(field.name())
          .isEqualTo(holdsTexts && !field.name().equals("callSessionId"));
    }
  }

  /** A token of a cost is no decimal number. */
  @Test
  void knowTheFieldsThatAreDecimalNumbers() {
    assertThat(PrivacySettings.COST_FIELDS).isEqualTo(CallCenterFeed.create().decimalFields());
  }

  /** Whoever chooses what to hide must find each field, with what it may say of somebody. */
  @Test
  void areExplainedFieldByField() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs", "SECURITY.md")).stream()
            .filter(line -> line.startsWith("| `"))
            .map(line -> line.split("\\|", -1)[1])
            .toList();

    assertThat(FIELDS)
        .allSatisfy(
            field ->
                assertThat(rows)
                    .filteredOn(row -> row.contains("`" + field.name() + "`"))
                    .as(field.name())
                    .hasSize(1));
  }

  /** Null is what such a field becomes. */
  @Test
  void letOnlyFieldsBeHiddenThatTheSchemaHasAsOptional() {
    for (Field field : FIELDS) {
      String name = field.name();
      boolean isExcludable =
          PrivacySettings.TEXT_FIELDS.contains(name) || PrivacySettings.OTHER_FIELDS.contains(name);
      if (isExcludable) {
        assertThat(field.schema().isOptional()).as(name).isTrue();
        assertThatCode(() -> config("fields.exclude", name)).as(name).doesNotThrowAnyException();
      } else {
        assertThatThrownBy(() -> config("fields.exclude", name))
            .isInstanceOf(ConfigException.class);
      }
    }
    for (String name : PrivacySettings.TEXT_FIELDS) {
      assertThatCode(() -> config("fields.pseudonymize", name)).doesNotThrowAnyException();
    }
  }

  /** Whoever mixes up the list and the key must not find the key in a log. */
  @Test
  void showNothingThatMayBeAKey() {
    for (String setting : List.of("fields.exclude", "fields.pseudonymize")) {
      assertThatThrownBy(() -> config(setting, "c".repeat(32)))
          .isInstanceOf(ConfigException.class)
          .hasMessageStartingWith("Invalid value for configuration " + setting + ": is no")
          .hasMessageNotContaining("ccc");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"called;caller", "[called,caller]", "'called'", "called caller"})
  void tellHowToSetNamesApart(String list) {
    assertThatThrownBy(() -> config("fields.pseudonymize", list))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("write them as in called,caller");
  }

  /** A template that was filled with nothing must not let everything pass. */
  @ParameterizedTest
  @ValueSource(strings = {"fields.exclude", "fields.pseudonymize"})
  void refuseAListThatNamesNothing(String setting) {
    Map<String, String> settings = TestSettings.minimal();
    for (String nothing : Arrays.asList("", " ", null)) {
      settings.put(setting, nothing);

      assertThatThrownBy(() -> new CallRecordSourceConfig(settings))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining(setting)
          .hasMessageContaining("it is empty");
      assertThat(TestSettings.errorsWithoutProbe(settings)).containsOnlyKeys(setting);
    }
  }

  @Test
  void refuseToKeepTheCountryCodeOfNothing() {
    assertThat(
            TestSettings.errorsWithoutProbe(
                TestSettings.with(
                    "fields.pseudonymize", "agentName",
                    "fields.pseudonymize.key", "0123456789abcdef0123456789abcdef",
                    "fields.pseudonymize.keep.country.code", "true")))
        .containsOnlyKeys("fields.pseudonymize.keep.country.code");
  }

  @Test
  void sayWhatIsOddAboutAKeyThatIsRefused() {
    assertThat(
            TestSettings.errorsWithoutProbe(
                    TestSettings.with(
                        "fields.pseudonymize", "called", "fields.pseudonymize.key", "\"%KEY%\""))
                .get("fields.pseudonymize.key"))
        .satisfiesExactly(
            error -> assertThat(error).contains("at least 32 characters"),
            error -> assertThat(error).contains("begins and ends with a quote"),
            error -> assertThat(error).contains("the name of a variable"))
        .noneMatch(error -> error.contains("KEY%"));
  }

  @Test
  void refuseAKeyThatAnybodyGuesses() {
    assertThat(
            TestSettings.errorsWithoutProbe(
                    TestSettings.with(
                        "fields.pseudonymize",
                        "called",
                        "fields.pseudonymize.key",
                        "a".repeat(31) + "b"))
                .get("fields.pseudonymize.key"))
        .singleElement()
        .asString()
        .contains("5 different characters");
  }

  /** Whoever corrects one name after the other restarts the connector as often. */
  @Test
  void nameEachWrongFieldWithTheOneThatIsMeant() {
    Map<String, List<String>> errors =
        TestSettings.errorsWithoutProbe(
            TestSettings.with(
                "fields.exclude", "remarks,cost,Caler,queue,duration,callStartTime,,remarks",
                "filter.call.types", "incomming,both"));

    assertThat(errors).containsOnlyKeys("fields.exclude", "filter.call.types");
    assertThat(errors.get("fields.exclude"))
        .satisfiesExactly(
            error ->
                assertThat(error)
                    .startsWith("Invalid value remarks for configuration fields.exclude: is no")
                    .endsWith("; if remark is meant, correct the name"),
            error ->
                assertThat(error)
                    .startsWith("Invalid value Caler for")
                    .endsWith("; if caller is meant, correct the name"),
            error ->
                assertThat(error)
                    .startsWith("Invalid value queue for")
                    .endsWith("fields.extra=deny"),
            error -> assertThat(error).endsWith("; if callDuration is meant, correct the name"),
            error -> assertThat(error).contains("callStartTime", "drop it with Kafka's transform"),
            error -> assertThat(error).contains("item 7 of the list is empty"));
    assertThat(errors.get("filter.call.types"))
        .satisfiesExactly(
            error -> assertThat(error).endsWith("; if incoming is meant, correct the name"),
            error -> assertThat(error).startsWith("Invalid value both").endsWith("outgoing (3)"));
  }

  @Test
  void nameTenWrongFieldsAtMost() {
    String names = "a1,a2,a3,a4,a5,a6,a7,a8,a9,b1,b2,b3";

    assertThat(TestSettings.errorsWithoutProbe(TestSettings.with("fields.exclude", names)))
        .hasEntrySatisfying("fields.exclude", errors -> assertThat(errors).hasSize(10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fields.exclude | phone | phone | is no field of a record; name one of callId, called,",
        "fields.exclude | remark,Called | Called | is no field of a record; name one of callId,",
        "fields.exclude | callSessionId | callSessionId | identifies the call",
        "fields.exclude | callStartTime | callStartTime | drop it with Kafka's transform",
        "fields.exclude | callEndTime | callEndTime | drop it with Kafka's transform ReplaceField",
        "fields.exclude | extra | extra | set fields.extra to deny",
        "fields.pseudonymize | phone | phone | is no field of a record that holds text; name one of",
        "fields.pseudonymize | called,callSessionId | callSessionId | identifies the call",
        "fields.pseudonymize | callDuration | callDuration | leave it out with fields.exclude",
        "fields.pseudonymize | callStartTime | callStartTime | ReplaceField",
        "fields.pseudonymize | extra | extra | set fields.extra to deny",
        "fields.extra | queue,caller | caller | is a field of its own and never in extra",
        "fields.extra | ALLOW | ALLOW | must be written in small letters",
        "fields.extra | Deny | Deny | must be written in small letters",
        "fields.extra | queue,Called,CALLER | Called | is a field of its own and never in extra",
        "fields.extra | CALLER | CALLER | is a field of its own and never in extra",
        "fields.extra | callsessionid | callsessionid | is a field of its own and never in extra",
        "fields.extra | extra | extra | is the map that unknown fields arrive in; name these fields",
        "fields.extra | customer.name | customer.name | must be a whole field, not a part of one"
      })
  void refuseANameThatCannotBeMeantWithTheWayOut(
      String setting, String value, String wrong, String wayOut) {
    assertThatThrownBy(() -> config(setting, value))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("Invalid value " + wrong + " for configuration " + setting + ": ")
        .hasMessageContaining(wayOut);
  }
}
