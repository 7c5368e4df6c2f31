package io.callrecords.cli.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves what counts when a value is compared, and what does not. */
class CanonicalTextTest {
  @Test
  void theOrderOfAListDoesNotCount() {
    assertThat(CanonicalText.of(List.of("b", "a,\"", "")))
        .isEqualTo(CanonicalText.of(List.of("a,\"", "", "b")))
        .isNotEqualTo(CanonicalText.of(List.of("a", ",\"", "", "b")));
  }

  @Test
  void signaturesOfAddressesDoNotCount() {
    assertThat(CanonicalText.of("https://a.example/b?sign=1"))
        .isEqualTo(CanonicalText.of("https://a.example/b?sign=2"))
        .isNotEqualTo(CanonicalText.of("https://a.example/c?sign=1"));
    assertThat(CanonicalText.of(Map.of("url", "\"https://a.example/b?sign=1\"")))
        .isEqualTo(CanonicalText.of(Map.of("url", "\"https://a.example/b?sign=2\"")));
    assertThat(CanonicalText.of("why?")).isEqualTo("why?");
  }

  @Test
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  void typesOfConvertersDoNotCount() {
    assertThat(CanonicalText.of(new Date(1_700_000_000_000L))).isEqualTo("1700000000000");
    assertThat(CanonicalText.of(12)).isEqualTo(CanonicalText.of(12L));
    assertThat(CanonicalText.of(new BigDecimal("0.05000000")))
        .isEqualTo(CanonicalText.of(new BigDecimal("0.05")));
    assertThat(CanonicalText.of(null)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "a,b           | a;b",
        "'\"a,b\",c'   | a,b;c",
        "'\"say \"\"x\"\"\"' | say \"x\"",
        "'\"\",\" a\"'   | '; a'",
      })
  void listsInALineAreLists(String line, String elements) {
    assertThat(ListText.ofCsv(line)).containsExactly(elements.split(";", -1));
  }

  @Test
  void listsInJsonAreLists() {
    assertThat(ListText.ofJson("[\"a,b\",\"\\\"\"]")).containsExactly("a,b", "\"");
    assertThat(ListText.ofJson("no list")).containsExactly("no list");
    assertThat(ListText.ofCsv("")).isEmpty();
  }
}
