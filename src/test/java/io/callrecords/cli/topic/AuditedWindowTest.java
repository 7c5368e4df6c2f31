package io.callrecords.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves which records of the audit topic are understood. */
class AuditedWindowTest {
  private static final Instant HOUR = Instant.parse("2026-11-01T08:00:00Z");

  private static final String PLAIN =
      """
      {"feed":"call-center","split":"2026-11-01","outcome":"settled-early","emitted":7,"late":2,
       "updated":1,"malformed":3,"distinctRows":10,"unstable":true,"settledAt":1761987600123,
       "windowStart":1761984000000,"windowEnd":1761987600000}"""
          .replace("1761984000000", Long.toString(HOUR.toEpochMilli()))
          .replace("1761987600000", Long.toString(HOUR.toEpochMilli() + 3_600_000))
          .replace("1761987600123", Long.toString(HOUR.toEpochMilli() + 7_200_123));

  private static AuditedWindow window(String text) {
    return AuditedWindow.of(new JsonFields().texts(text.getBytes(StandardCharsets.UTF_8)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "schema", "iso", "old"})
  void readsEachForm(String form) {
    String text =
        switch (form) {
          case "schema" -> "{\"schema\":{},\"payload\":" + PLAIN + "}";
          case "iso" ->
              PLAIN
                  .replace(Long.toString(HOUR.toEpochMilli()), "\"2026-11-01T08:00:00.000Z\"")
                  .replace(
                      Long.toString(HOUR.toEpochMilli() + 3_600_000),
                      "\"2026-11-01T09:00:00.000Z\"")
                  .replace(
                      Long.toString(HOUR.toEpochMilli() + 7_200_123),
                      "\"2026-11-01T10:00:00.123Z\"");
          // Of version 0.2.0.
          case "old" ->
              PLAIN
                  .replace("windowStart", "from")
                  .replace("windowEnd", "to")
                  .replace("distinctRows", "distinct");
          default -> PLAIN;
        };

    assertThat(window(text))
        .isEqualTo(
            new AuditedWindow(
                new TimeRange(HOUR, HOUR.plusSeconds(3_600)),
                WindowOutcome.SETTLED_EARLY,
                10,
                7,
                2,
                1,
                3,
                true,
                HOUR.plusSeconds(7_200)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"feed\":\"others\"}", "{\"feed\":\"call-center\"}"})
  void isNotMisledByOthers(String text) {
    assertThat(window(text)).isNull();
  }

  @Test
  void isNotMisledByAnOutcomeThatNobodyKnows() {
    assertThat(window(PLAIN)).isNotNull();
    assertThat(window(PLAIN.replace("settled-early", "lost"))).isNull();
    assertThat(window(PLAIN.replace("\"emitted\":7", "\"emitted\":\"x\""))).isNull();
    assertThat(AuditedWindow.of(Map.of())).isNull();
  }
}
