package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves what counts as one slip of the keyboard. */
class EditDistanceTest {
  @ParameterizedTest
  @CsvSource({
    "'', '', 0",
    "topic, topic, 0",
    "topic, '', 5",
    "topic, topics, 1",
    "topic, tpic, 1",
    "topic, tropic, 1",
    "topic, tonic, 1",
    "topic, tpoic, 1",
    "topic, cipot, 4",
    "filter, retry, 5"
  })
  void countsWhatIsAddedDroppedReplacedOrSwapped(String one, String other, int slips) {
    assertThat(EditDistance.between(one, other)).isEqualTo(slips);
    assertThat(EditDistance.between(other, one)).isEqualTo(slips);
  }

  @Test
  void comparesLongTextsByTheirBeginning() {
    assertThat(EditDistance.between("a".repeat(1_000_000), "a")).isEqualTo(99);
  }
}
