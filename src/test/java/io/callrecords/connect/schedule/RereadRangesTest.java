package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ranges that are read again emit what an empty answer has hidden, and report when they end. */
class RereadRangesTest {
  private static final Instant START = Split.of(NOW.minus(Duration.ofDays(5))).range().from();
  private static final TimeRange DAY = Split.of(START).range();

  private final ScheduleFixture fixture =
      new ScheduleFixture(
              ReadOptionsBuilder.startingAt(START).build(),
              new Assignment(List.of(Split.of(START)), null))
          .restored();
  private final List<RereadRange> complete = new ArrayList<>();
  private final RereadRanges ranges =
      new RereadRanges(fixture.task, fixture.queues.recheck(), complete::add);

  private static ReadCount empty() {
    return new ReadCount(DAY, 0, 0, 0, 0, 0);
  }

  private static WindowSnapshot nothingIn(Instant from, Instant to) {
    return new WindowSnapshot(
        new TimeRange(from, to), List.of(), NOW, new WindowAudit.Reconciliation(0, 0, 0, 1, true));
  }

  @Test
  void knowsWhatIsUnderWay() {
    assertThat(ranges.isEmpty()).isTrue();

    fixture.onLoop(() -> ranges.read(empty(), 1));

    assertThat(ranges.isEmpty()).isFalse();
    assertThat(ranges.size()).isOne();
    assertThat(ranges.contains(new TimeRange(START, START.plusSeconds(60)))).isTrue();
    assertThat(ranges.contains(new TimeRange(START, DAY.to().plusSeconds(1)))).isFalse();
    assertThat(fixture.ranges(fixture.queues.recheck())).containsExactly(DAY);

    ranges.forget(new TimeRange(START, START.plusSeconds(60)));
    assertThat(ranges.isEmpty()).isFalse();
    ranges.forget(new TimeRange(START.plusSeconds(60), DAY.to()));
    assertThat(ranges.isEmpty()).isTrue();
  }

  /** What the API no longer returns of it is not waited for. */
  @Test
  void tellsOnceAllPiecesOfARangeHaveCome() {
    Instant morning = START.plusSeconds(3600);
    Instant evening = START.plusSeconds(72_000);
    TimeRange none = new TimeRange(START, START);
    fixture.onLoop(() -> ranges.read(empty(), 1));

    assertThat(ranges.apply(nothingIn(evening, DAY.to()), none)).isNull();
    assertThat(complete).isEmpty();
    ranges.apply(nothingIn(morning, evening), new TimeRange(START, morning));

    assertThat(complete).singleElement().matches(RereadRange::isEmpty);
    assertThat(ranges.isEmpty()).isTrue();
  }

  /** A recheck of a window that has come is no other piece. */
  @Test
  void takesEachPieceOnce() {
    Instant noon = START.plusSeconds(43_200);
    TimeRange none = new TimeRange(START, START);
    fixture.onLoop(() -> ranges.read(empty(), 1));
    ranges.apply(nothingIn(START, noon), none);

    assertThat(ranges.contains(new TimeRange(START, noon))).isFalse();
    assertThat(ranges.apply(nothingIn(START, noon), none)).isNull();
    assertThat(complete).isEmpty();

    ranges.apply(nothingIn(noon, DAY.to()), none);
    assertThat(complete).hasSize(1);
  }

  @Test
  void leavesAloneWhatIsNotItsOwn() {
    fixture.onLoop(() -> ranges.read(empty(), 1));

    Batch batch =
        ranges.apply(
            nothingIn(DAY.to(), DAY.to().plusSeconds(9)), new TimeRange(DAY.to(), DAY.to()));

    assertThat(batch).isNull();
    assertThat(complete).isEmpty();
    assertThat(ranges.size()).isOne();
  }
}
