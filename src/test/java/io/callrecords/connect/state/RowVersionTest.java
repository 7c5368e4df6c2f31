package io.callrecords.connect.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.state.WindowDelta.Decision;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves which version of its call a row is said to be. */
class RowVersionTest {
  @ParameterizedTest
  @CsvSource({
    "NEW, false, first",
    "NEW, true, replayed",
    "LATE, false, late",
    "LATE, true, late",
    "CHANGED, false, updated",
    "CHANGED, true, updated",
    "ROUTED, false, first"
  })
  void followsFromWhyARowIsEmitted(Decision decision, boolean replayed, String text) {
    assertThat(decision.version(replayed).text()).isEqualTo(text);
  }
}
