package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.at;
import static io.callrecords.connect.state.SplitFixture.range;
import static io.callrecords.connect.state.SplitFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a window came to, in the numbers that later totals are held to. */
class ReadCountTest {
  private static final TimeRange HOUR = range("08:00", "09:00");

  private static WindowSnapshot snapshot(long total, long outside, boolean verified, Row... rows) {
    return new WindowSnapshot(
        HOUR,
        Stream.of(rows).sorted(Row.ORDER).toList(),
        at("12:00"),
        new WindowAudit.Reconciliation(total, outside, 0, 1, verified));
  }

  private static final Row[] ROWS = {
    record("a", at("08:00")),
    record("b", at("08:30")),
    record("c", at("08:59:59")),
    record("d", at("08:59:59"))
  };

  @Test
  void theSecondsBesideAWindowAreNoPartOfItsTotal() {
    assertThat(ReadCount.of(snapshot(7, 3, true, ROWS), 5))
        .isEqualTo(new ReadCount(HOUR, 5, 4, 1, 2, 3));
  }

  /** A total that contradicts the rows is not what the next one is held to. */
  @Test
  void rowsCountWhereTheTotalIsNotVerified() {
    assertThat(ReadCount.of(snapshot(50, 0, false, ROWS), 4).total()).isEqualTo(4);
  }

  @Test
  void onlyWhatIsEmptyIsCutByDays() {
    TimeRange days = new TimeRange(HOUR.from(), HOUR.from().plus(Duration.ofDays(2)));
    ReadCount empty = new ReadCount(days, 0, 0, 0, 0, 0);
    ReadCount measured = ReadCount.measured(days, 4);

    assertThat(empty.byDay())
        .extracting(count -> count.range().seconds() / 3600)
        .containsExactly(16L, 24L, 8L);
    assertThat(empty.byDay()).allMatch(ReadCount::isEmpty);
    assertThat(measured.byDay()).isEqualTo(List.of(measured));
    assertThat(measured.isMeasured()).isTrue();
    assertThat(measured.isEmpty()).isFalse();
  }

  @Test
  void emptyRangesMergeWhateverTheirLengthAndOthersWithinAnHour() {
    ReadCount empty = new ReadCount(HOUR, 0, 0, 0, 0, 0);
    ReadCount next = new ReadCount(range("09:00", "15:00"), 0, 0, 0, 0, 0);
    ReadCount some = new ReadCount(range("09:00", "09:30"), 2, 2, 1, 0, 0);
    ReadCount more = new ReadCount(range("09:30", "10:00"), 3, 4, 0, 2, 1);

    assertThat(empty.mayMergeWith(next, 3600, 100)).isTrue();
    assertThat(empty.mayMergeWith(some, 3600, 100)).isFalse();
    assertThat(some.mayMergeWith(more, 3600, 100)).isTrue();
    assertThat(some.mayMergeWith(more, 3600, 4)).isFalse();
    assertThat(some.mayMergeWith(more, 3000, 100)).isFalse();
    assertThat(more.mayMergeWith(some, 3600, 100)).isFalse();
    assertThat(some.mergedWith(more))
        .isEqualTo(new ReadCount(range("09:00", "10:00"), 5, 6, 1, 2, 1));
  }
}
