package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.ReadCount;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may be a moment's fault is compared again, and nothing else. */
class ComparisonDoubtsTest {
  private static final TimeRange FIRST = new TimeRange(NOW, NOW.plusSeconds(60));
  private static final TimeRange SECOND = new TimeRange(NOW.plusSeconds(60), NOW.plusSeconds(90));

  private final ComparisonDoubts doubts = new ComparisonDoubts();

  private static ComparedRun run(TimeRange range) {
    return new ComparedRun(List.of(new ReadCount(range, 0, 0, 0, 0, 0)), 0, 1);
  }

  @Test
  void onlyTheRunInDoubtIsRepeated() {
    List<ComparedRun> runs = List.of(run(FIRST), run(SECOND));
    doubts.begin(false);
    doubts.saw(1);
    assertThat(doubts.isAny()).isFalse();

    doubts.add(SECOND);

    assertThat(doubts.isAny()).isTrue();
    assertThat(doubts.among(runs)).containsExactly(runs.get(1));
  }

  @Test
  void whereTheApiReportsNothingAtAllEverythingIsInDoubt() {
    List<ComparedRun> runs = List.of(run(FIRST), run(SECOND));
    doubts.begin(false);
    doubts.addNothing(FIRST);

    assertThat(doubts.isAny()).isTrue();
    assertThat(doubts.among(runs)).isEqualTo(runs);
    assertThat(doubts.takeNothing()).isEmpty();
  }

  @Test
  void whatIsAsEmptyAsExpectedIsBelievedOnceRowsAreSeen() {
    doubts.begin(false);
    doubts.addNothing(FIRST);
    doubts.saw(3);

    assertThat(doubts.takeNothing()).containsExactly(FIRST);
    assertThat(doubts.takeNothing()).isEmpty();
  }

  @Test
  void aTotalCountsOnceItHasBeenTheSameForAnHour() {
    doubts.begin(true);
    assertThat(doubts.isConfirmed(FIRST, 2, Duration.ZERO)).isFalse();
    doubts.begin(true);
    assertThat(doubts.isConfirmed(FIRST, 3, Duration.ofHours(1))).isFalse();
    assertThat(doubts.isAny()).isTrue();
    doubts.begin(true);

    assertThat(doubts.isConfirmed(FIRST, 3, Duration.ofHours(2))).isTrue();
    assertThat(doubts.isAny()).isFalse();
  }
}
