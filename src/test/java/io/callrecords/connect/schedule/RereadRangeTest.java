package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A range that is read again in pieces is judged once all of them have come. */
class RereadRangeTest {
  private final RereadRange range =
      new RereadRange(new ReadCount(today("08:00", "09:00"), 5, 5, 0, 0, 0), 9);

  private static WindowSnapshot window(TimeRange of, int rows, long outside) {
    return window(of, rows, outside, true);
  }

  private static WindowSnapshot window(TimeRange of, int rows, long outside, boolean verified) {
    List<Row> all =
        IntStream.range(0, rows)
            .<Row>mapToObj(
                i ->
                    new MalformedRecord(
                        "key " + i, of.from().getEpochSecond(), i, "caller", "is no text", "{}"))
            .toList();
    return new WindowSnapshot(
        of, all, NOW, new WindowAudit.Reconciliation(rows + outside, outside, 0, 1, verified));
  }

  @Test
  void itsPiecesAddUp() {
    range.add(window(today("08:30", "09:00"), 2, 1), 0);
    assertThat(range.isComplete()).isFalse();
    range.add(window(today("08:00", "08:30"), 6, 0), 1);

    assertThat(range.isComplete()).isTrue();
    assertThat(range.rows()).isEqualTo(7);
    assertThat(range.updated()).isEqualTo(new ReadCount(today("08:00", "09:00"), 8, 8, 6, 0, 1));
  }

  /** Nobody knows what such a total counts: as long as it stays, nothing is read again. */
  @Test
  void aTotalThatContradictsTheRowsIsExpectedFromNowOn() {
    range.add(window(today("08:00", "09:00"), 5, 1, false), 0);

    assertThat(range.isContradictory()).isTrue();
    assertThat(range.isEmpty()).isFalse();
    assertThat(range.updated().total()).isEqualTo(8);
    assertThat(range.updated().rows()).isEqualTo(5);
  }

  @Test
  void aPartThatHasExpiredIsNotWaitedFor() {
    range.add(window(today("08:30", "09:00"), 2, 0), 0);
    range.skip(today("08:00", "08:30"));

    assertThat(range.isComplete()).isTrue();
  }

  /** What the API no longer returns was emitted all the same; the next total has to fit. */
  @Test
  void rowsThatAreGoneStillCountAsRead() {
    range.add(window(today("08:00", "09:00"), 2, 0), 0);

    assertThat(range.rows()).isEqualTo(2);
    assertThat(range.updated().rows()).isEqualTo(5);
    assertThat(range.updated().total()).isEqualTo(2);
  }
}
