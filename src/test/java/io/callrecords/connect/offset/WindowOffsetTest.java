package io.callrecords.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what of a window is written, how long that is, and that nothing else is read. */
class WindowOffsetTest {
  private static final String FROM = "2026-11-01T08:00:00Z";
  private static final TimeRange HOUR =
      new TimeRange(Instant.parse(FROM), Instant.parse("2026-11-01T09:00:00Z"));

  @Test
  void isWrittenAsItsEndItsStateItsCountsAndItsIds() {
    WindowOffset window = window(2);

    assertThat(window.encode())
        .isEqualTo(
            "2026-11-01T09:00:00Z read total=17 sent=2 late=1 updated=4 ids="
                + window.ids().encode());
    assertThat(WindowOffset.decode(FROM, window.encode())).isEqualTo(window);
  }

  /** An offset is kept within its size by these lengths. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 2_000})
  void isAtMostAsLongAsItSays(int ids) {
    WindowOffset window = window(ids);
    String json = "\"window " + FROM + "\":\"" + window.encode() + "\",";

    assertThat(window.encodedLength()).isBetween(json.length(), json.length() + 10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2026-11-01T09:00:00Z",
        "2026-11-01T09:00:00Z reading total=1 sent=0 late=0 updated=0 ids=",
        "2026-11-01T09:00:00Z read total=1 sent=1 late=0 updated=0 ids=",
        "2026-11-01T07:00:00Z read total=1 sent=0 late=0 updated=0 ids=",
        "2026-11-01 09:00:00Z read total=1 sent=0 late=0 updated=0 ids=",
        "later read total=1 sent=0 late=0 updated=0 ids=",
        "2026-11-01T09:00:00Z read total=99999999999999999999 sent=0 late=0 updated=0 ids="
      })
  void refusesTextThatIsNoWindow(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> WindowOffset.decode(FROM, text));
  }

  private static WindowOffset window(int ids) {
    List<String> texts =
        IntStream.range(0, ids).mapToObj(i -> "26110108%07d".formatted(i * 37)).toList();
    return new WindowOffset(HOUR, State.READ, 17, new LateCounts(1, 4), IdSet.of(texts));
  }
}
