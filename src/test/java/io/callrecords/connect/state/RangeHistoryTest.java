package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves which seconds of a range count as read before. */
class RangeHistoryTest {
  @ParameterizedTest
  @CsvSource({
    "07:59:59, false",
    "08:00:00, true",
    "08:59:59, true",
    "09:00:00, false",
    "10:30:00, true"
  })
  void aSecondWasReadWhereAReadWindowCoversIt(String time, boolean expected) {
    RangeHistory history =
        new RangeHistory(
            IdSet.EMPTY,
            LateCounts.NONE,
            List.of(range("08:00", "09:00"), range("10:00", "11:00")));

    assertThat(history.wasRead(at(time).getEpochSecond())).isEqualTo(expected);
    assertThat(RangeHistory.NONE.wasRead(at(time).getEpochSecond())).isFalse();
  }
}
