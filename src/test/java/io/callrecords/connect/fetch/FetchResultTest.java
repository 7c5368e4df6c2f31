package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of result reaches the code for it. */
class FetchResultTest {
  private static final TimeRange RANGE = TestRows.WINDOW;
  private static final TimeRange NOTHING = new TimeRange(RANGE.from(), RANGE.from());
  private static final WindowSnapshot WINDOW =
      new WindowSnapshot(
          RANGE,
          List.of(),
          TestRows.REQUESTED_AT,
          new WindowAudit.Reconciliation(0, 0, 0, 1, true));

  static Stream<FetchResult> results() {
    return Stream.of(
        new FetchResult.FetchedWindow(NOTHING, WINDOW),
        new FetchResult.UnchangedRange(NOTHING, RANGE, TestRows.REQUESTED_AT),
        new FetchResult.ChangedRange(NOTHING, RANGE, 7),
        new FetchResult.ExpiredRange(RANGE));
  }

  /** Each kind reaches the function for it, with all that it holds. */
  @ParameterizedTest
  @MethodSource("results")
  void isTakenApartByItsKind(FetchResult result) {
    assertThat(result.<FetchResult>match(r -> r, r -> r, r -> r, r -> r)).isSameAs(result);
    List<String> kinds =
        result.match(
            fetched -> List.of("FetchedWindow", fetched.getClass().getSimpleName()),
            unchanged -> List.of("UnchangedRange", unchanged.getClass().getSimpleName()),
            changed -> List.of("ChangedRange", changed.getClass().getSimpleName()),
            expired -> List.of("ExpiredRange", expired.getClass().getSimpleName()));
    assertThat(kinds.get(0)).isEqualTo(kinds.get(1));
  }

  @Test
  void thereIsATestForEachKind() {
    assertThat(results().map(Object::getClass).distinct().toList())
        .hasSameElementsAs(Arrays.asList(FetchResult.class.getPermittedSubclasses()));
  }

  @Test
  void onlyAFetchedWindowHasRecords() {
    assertThat(results().flatMap(result -> result.snapshot().stream())).containsExactly(WINDOW);
  }
}
