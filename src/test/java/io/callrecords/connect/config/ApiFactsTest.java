package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read from a report, and what is refused as none. */
class ApiFactsTest {
  private static final String REPORT =
      """
      {"report": "call-records-check", "formatVersion": 1, "connectorVersion": "9.9.9",
        "apiUrl": "https://api.example.com/v3/",
        "backlog": {"records": 5},
        "facts": {
          "range.use": "honoured", "time.filtered": "call-end", "time.zone": "+05:30",
          "range.oldest": "30 days, status -22", "answer.empty": "data null",
          "rows.order": "newest-first", "of.later": {"versions": [1]}},
        "details": [{"name": "time.zone", "facts": {"time.zone": "+08:00"}}]}
      """;

  @Test
  void readsWhatTheConnectorUsesAndPassesOverTheRest() {
    ApiFacts facts = ApiFacts.parse(REPORT);

    assertThat(facts.isOf("https://api.example.com/v3")).isTrue();
    assertThat(facts.isOf("https://api.example.com")).isFalse();
    assertThat(facts.ignoredRange()).isNull();
    assertThat(facts.queryTimeField()).isEqualTo(QueryTimeField.CALL_END_TIME);
    assertThat(facts.zone()).isEqualTo(ZoneOffset.ofHoursMinutes(5, 30));
    assertThat(facts.keptDays()).isEqualTo(30);
    assertThat(facts.returnsNoData()).isTrue();
    assertThat(facts.values()).doesNotContainKeys("rows.order", "of.later");
  }

  @Test
  void knowsNothingWhereNothingIsSaid() {
    for (ApiFacts facts :
        new ApiFacts[] {
          ApiFacts.NONE,
          ApiFacts.parse("{\"formatVersion\":1,\"facts\":{}}"),
          ApiFacts.parse("{\"facts\":{\"time.zone\":null},\"formatVersion\":1}"),
          new CallRecordSourceConfig(TestSettings.minimal()).facts()
        }) {
      assertThat(facts.isOf("https://any.example.com")).isTrue();
      assertThat(facts.ignoredRange()).isNull();
      assertThat(facts.queryTimeField()).isNull();
      assertThat(facts.zone()).isNull();
      assertThat(facts.keptDays()).isNull();
      assertThat(facts.returnsNoData()).isFalse();
    }
  }

  /** Only a refusal tells how far back the API answers. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "59 days, status -25 | 59",
        "0 days, status -22 | 0",
        "no refusal, oldest call 12 days |",
        "twelve days |"
      })
  void knowsHowFarBackTheApiAnswers(String value, Integer days) {
    assertThat(new ApiFacts(null, Map.of("range.oldest", value)).keptDays()).isEqualTo(days);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "secret-0815 | takes the text of that file, not its path",
        "facts.txt | as ${directory:",
        "/etc/secret-0815 | takes the text of that file, not its path",
        "[secret-0815 | must be what check --facts writes",
        "{\"formatVersion\":1,\"facts\":{\"time.zone\":secret-0815}} | it is no JSON at line 1, column",
        "{\"formatVersion\":1,\"facts\":{}} secret-0815 | it is no JSON at line 1, column",
        "{\"formatVersion\":1,\"facts\":{}} {} | something follows the object",
        "{\"formatVersion\":1,\"facts\": | it is no JSON at line 1, column",
        "\"secret-0815\" | must be what check --facts writes",
        "{\"formatVersion\":2,\"facts\":{}} | must be what check --facts writes",
        "{\"facts\":{}} | must be what check --facts writes",
        "{\"formatVersion\":1} | must be what check --facts writes",
        "{\"formatVersion\":1,\"facts\":[]} | must be what check --facts writes",
        "{\"formatVersion\":1,\"facts\":{\"time.zone\":8}} | fact time.zone must be a text",
        "{\"formatVersion\":1,\"facts\":{\"time.zone\":\"8\"}} | fact time.zone is 8, and must be an offset",
        "{\"formatVersion\":1,\"facts\":{\"range.use\":\"all\"}} | is all, and must be one of honoured, ignored"
      })
  void refusesWhatIsNoReportAndQuotesNoneOfIt(String text, String problem) {
    assertThatThrownBy(() -> new CallRecordSourceConfig(TestSettings.with("api.facts", text)))
        .hasMessageStartingWith("Invalid value for configuration api.facts: ")
        .hasMessageContaining(problem)
        .hasMessageNotContaining("secret-0815");
  }
}
