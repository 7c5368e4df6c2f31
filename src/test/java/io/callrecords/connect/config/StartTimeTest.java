package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that each form of a start means one moment, and that nothing else is taken for one. */
class StartTimeTest {
  private static final Instant NOW = Instant.parse("2026-11-15T10:20:30.456Z");
  private static final Instant KEPT_SINCE = Instant.parse("2026-09-17T10:20:30.456Z");

  @ParameterizedTest
  @CsvSource({
    "earliest, 2026-09-17T10:20:30Z",
    "EARLIEST, 2026-09-17T10:20:30Z",
    "2026-11-01T00:00:00+08:00, 2026-10-31T16:00:00Z",
    "2026-11-01T00:00:00.999Z, 2026-11-01T00:00:00Z",
    "2026-11-01T00:00Z, 2026-11-01T00:00:00Z",
    "2026-11-01T00:00:00-05:30, 2026-11-01T05:30:00Z",
    "2020-01-01T00:00:00Z, 2020-01-01T00:00:00Z",
    "P7D, 2026-11-08T10:20:30Z",
    "p7d, 2026-11-08T10:20:30Z",
    "P2W, 2026-11-01T10:20:30Z",
    "P1M, 2026-10-15T10:20:30Z",
    "P1M1D, 2026-10-14T10:20:30Z",
    "PT12H, 2026-11-14T22:20:30Z",
    "pt90m, 2026-11-15T08:50:30Z",
    "P1DT12H, 2026-11-13T22:20:30Z",
    "PT0.5S, 2026-11-15T10:20:29Z"
  })
  void meansOneMomentInWholeSeconds(String text, Instant expected) {
    assertThat(StartTime.parse(text).resolve(NOW, KEPT_SINCE)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "latest",
        "now",
        "2026-11-01",
        "2026-11-01T00:00:00",
        "2026-11-01 00:00:00+08:00",
        "2026-13-01T00:00:00Z",
        "2026-11-01T00:00:00+08:00[Asia/Shanghai]",
        "1793491200"
      })
  void isNoOtherTime(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartTime.parse(text))
        .withMessageContaining("2026-11-01T00:00:00+08:00");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P",
        "PT",
        "P7",
        "7D",
        "P7X",
        "P1MT1H",
        "P0D",
        "PT0S",
        "P-7D",
        "PT-1H",
        "-P7D",
        "P7D 12H",
        "P2147483647Y",
        "P9999999999999Y",
        "PT2562047788015215H",
        "PT99999999999999999999H"
      })
  void isNoDurationThatDoesNotLeadBackToATime(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> StartTime.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"earliest", "P7D", "2026-11-01", "", "9999999999-01-01T00:00:00Z"})
  void isNoEnd(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> StartTime.instant(text))
        .withMessageContaining("2026-11-01T00:00:00+08:00");
  }
}
