package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.range;
import static io.callrecords.connect.state.DayFixture.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is unread is visited in order, as far as the visitor wants, whether days are open or not.
 */
class UnreadRangesTest {
  private static final Instant NOW = at(6, 12);

  private final DayFixture fixture = DayFixture.ofFiveDays().restored(NOW);
  private final List<TimeRange> seen = new ArrayList<>();

  @Test
  void openAndPendingDaysAreVisitedInOneOrder() {
    fixture.splits.openFor(day(3).range());
    fixture.splits.apply(snapshot(range(3, 6, 12), NOW));
    fixture.splits.unread().visit(at(4, 6), seen::add);

    assertThat(seen)
        .containsExactly(
            day(1).range(), day(2).range(), range(3, 0, 6), range(3, 12, 24), range(4, 0, 6));
  }

  @Test
  void theVisitEndsWhenTheVisitorHasEnough() {
    fixture.splits.unread().visit(NOW, gap -> seen.add(gap) && seen.size() < 2);

    assertThat(seen).containsExactly(day(1).range(), day(2).range());
  }

  @Test
  void aVisitorMayOpenTheDaysThatItSees() {
    fixture
        .splits
        .unread()
        .visit(
            NOW,
            gap -> {
              fixture.splits.openFor(gap);
              return seen.add(gap);
            });

    assertThat(seen).hasSize(6).doesNotHaveDuplicates();
    assertThat(fixture.splits.openDays()).isEqualTo(6);
  }

  @Test
  void theVisitorSaysWhatCountsOfOpenDaysOnly() {
    fixture.splits.openFor(day(1).range());

    assertThat(fixture.splits.unread().seconds(at(3, 0), gap -> 1)).isEqualTo(1 + 86_400);
  }
}
