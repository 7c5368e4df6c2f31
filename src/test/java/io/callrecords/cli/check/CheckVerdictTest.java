package io.callrecords.cli.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.check.Fact.FactName;
import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CheckVerdictTest {
  private static final Instant NOW = Instant.parse("2026-11-20T09:00:00Z");

  private static List<String> verdict(Map<String, String> facts, String... settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "api.url", "https://api.example.com/v3",
                "api.key", "k",
                "api.secret", "s",
                "topic", "calls"));
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    List<Fact> found = new ArrayList<>();
    facts.forEach((name, value) -> found.add(new FactName(name, name).is(value, "", List.of())));
    return CheckVerdict.of(found, new CallRecordSourceConfig(all), NOW, Set.of());
  }

  @Test
  void factsAreToBeReplacedUnlessTheyAreRight() {
    CallRecordSourceConfig config =
        new CallRecordSourceConfig(TestSettings.with("api.time.zone", "UTC"));
    List<Fact> found = new ArrayList<>();
    known().forEach((name, value) -> found.add(new FactName(name, name).is(value, "", List.of())));

    assertThat(CheckVerdict.of(found, config, NOW, Set.of("api.time.zone")))
        .anyMatch(line -> line.contains("api.time.zone: +08:00"))
        .noneMatch(line -> line.contains("api.facts"));
    assertThat(CheckVerdict.of(found, config, NOW, Set.of("api.time.zone", "query.time.field")))
        .anyMatch(line -> line.contains("api.facts: replace it"));
    assertThat(CheckVerdict.of(found, config, NOW, Set.of("api.facts")))
        .anyMatch(line -> line.contains("api.facts: replace it"));
  }

  private static Map<String, String> known(String... more) {
    Map<String, String> facts =
        new HashMap<>(
            Map.of(
                "range.use", "honoured",
                "time.zone", "+08:00",
                "time.filtered", "call-start",
                "range.oldest", "60 days, status -25",
                "paging.cap", "none"));
    for (int i = 0; i < more.length; i += 2) {
      facts.put(more[i], more[i + 1]);
    }
    return facts;
  }

  @Test
  void settingsThatFitAreSaidToFit() {
    assertThat(verdict(known(), "api.time.zone", "Asia/Shanghai"))
        .containsExactly("These settings fit.");
    assertThat(verdict(Map.of("range.use", "honoured")))
        .containsExactly(
            "These settings fit as far as could be seen; unknown: time.zone, time.filtered.");
  }

  @Test
  void eachSettingThatDoesNotFitIsNamedWithItsValue() {
    assertThat(
            verdict(
                known(
                    "time.filtered", "call-end",
                    "range.oldest", "30 days, status -25",
                    "paging.cap", "20, not said",
                    "rate.limit", "HTTP 429"),
                "api.time.zone",
                "UTC",
                "requests.per.second",
                "4"))
        .hasSize(6)
        .first()
        .isEqualTo("Change these settings:");
    assertThat(
            String.join(
                "\n",
                verdict(
                    known("time.filtered", "call-end", "paging.cap", "20, not said"),
                    "api.time.zone",
                    "UTC")))
        .contains("api.time.zone: +08:00", "query.time.field: callEndTime", "page.size: 20");
    assertThat(verdict(known("rate.limit", "HTTP 429"), "requests.per.second", "4"))
        .anyMatch(line -> line.contains("requests.per.second: less than 4"));
    assertThat(verdict(known("range.oldest", "30 days, status -25")))
        .anyMatch(line -> line.contains("api.retention.days: 30"));
  }

  @Test
  void noSettingMendsAnApiThatIgnoresRanges() {
    assertThat(verdict(known("range.use", "ignored")).get(0)).startsWith("No settings fit");
  }
}
