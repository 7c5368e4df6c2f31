package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The first request of a task is for what it will most likely read first. */
class FirstQueryTest {
  private static final Instant START = YESTERDAY.range().from();

  private static FirstQuery.Guess guess(ScheduleFixture fixture) {
    return new FirstQuery(fixture.task).guess(NOW, fixture.stored);
  }

  private static SplitOffset settled(Instant to) {
    return new SplitOffset(START, to, List.of());
  }

  @Test
  void theOldestDayWhereNothingWasRead() {
    FirstQuery.Guess guess = guess(new ScheduleFixture());

    assertThat(guess.range()).isEqualTo(YESTERDAY.range());
    assertThat(guess.isLive()).isFalse();
  }

  @Test
  void theFirstGapWhereSomeWasRead() {
    ScheduleFixture fixture = new ScheduleFixture();
    fixture.stored.put(YESTERDAY, settled(START.plusSeconds(3_600)));
    fixture.stored.put(TODAY, settled(NOW));

    assertThat(guess(fixture).range())
        .isEqualTo(new TimeRange(START.plusSeconds(3_600), YESTERDAY.range().to()));
  }

  @Test
  void whatIsNewWhereAllElseWasRead() {
    ScheduleFixture fixture = new ScheduleFixture();
    fixture.stored.put(YESTERDAY, settled(YESTERDAY.range().to()));
    fixture.stored.put(TODAY, settled(NOW.minusSeconds(20)));
    FirstQuery.Guess guess = guess(fixture);

    assertThat(guess.range()).isEqualTo(new TimeRange(NOW.minusSeconds(20), NOW));
    assertThat(guess.isLive()).isTrue();
  }

  /** What ends with the present will end later when it is requested. */
  @Test
  void notABacklogThatEndsWithThePresent() {
    ReadOptions options = ReadOptionsBuilder.startingAt(at("06:00")).build();
    ScheduleFixture fixture = new ScheduleFixture(options, new Assignment(List.of(TODAY), null));

    assertThat(guess(fixture)).isNull();
  }

  @Test
  void nothingWhereTheRangeHasNotBegun() {
    ReadOptions options = ReadOptionsBuilder.startingAt(NOW.plusSeconds(60)).build();
    ScheduleFixture fixture = new ScheduleFixture(options, new Assignment(List.of(), TODAY));

    assertThat(guess(fixture)).isNull();
  }

  @Test
  void changesNothingThatTheTaskKnows() {
    ScheduleFixture fixture = new ScheduleFixture();
    guess(fixture);

    assertThat(fixture.task.splits().openDays()).isZero();
    assertThat(fixture.task.splits().daysToRestore(NOW)).containsExactly(YESTERDAY, TODAY);
  }
}
