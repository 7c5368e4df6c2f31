package io.callrecords.connect.state;

import static io.callrecords.connect.state.DayFixture.at;
import static io.callrecords.connect.state.DayFixture.day;
import static io.callrecords.connect.state.DayFixture.days;
import static io.callrecords.connect.state.DayFixture.range;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which days a task reads, and from when on. */
class AssignedDaysTest {
  private static final Assignment ASSIGNMENT = new Assignment(List.of(day(1), day(3)), day(5));

  @Test
  void theBacklogsDaysAndThoseOfTheOpenEndThatHaveBegun() {
    AssignedDays assigned = new AssignedDays(DayFixture.options().build(), ASSIGNMENT);

    assertThat(assigned.all(at(4, 0))).containsExactly(day(1), day(3));
    assertThat(assigned.all(at(6, 0))).containsExactly(day(1), day(3), day(5), day(6));
  }

  @Test
  void aDayThatWasOpenedIsNoNewOne() {
    AssignedDays assigned = new AssignedDays(DayFixture.options().build(), ASSIGNMENT);
    assertThat(assigned.isOpened(day(5))).isFalse();
    assertThat(assigned.openedUpTo()).isEqualTo(at(5, 0));

    assigned.opened(List.of(day(1), day(5)));

    assertThat(assigned.newDays(at(7, 3))).isEqualTo(days(6, 7));
    assertThat(assigned.openedUpTo()).isEqualTo(at(6, 0));
    assertThat(assigned.isOpened(day(5))).isTrue();
    assertThat(assigned.isOpened(day(3))).isTrue();
    assertThat(assigned.isOpened(day(2))).isFalse();
    assertThat(assigned.isOpened(day(6))).isFalse();
  }

  @Test
  void noDayBeyondTheRange() {
    ReadOptionsBuilder options = ReadOptionsBuilder.startingAt(at(3, 6)).end(at(6, 8));
    AssignedDays assigned = new AssignedDays(options.build(), ASSIGNMENT);

    assertThat(assigned.all(at(9, 0))).containsExactly(day(3), day(5), day(6));
    assertThat(assigned.wanted(day(3))).isEqualTo(range(3, 6, 24));
    assertThat(assigned.wanted(day(6))).isEqualTo(range(6, 0, 8));
    assertThat(assigned.wanted(day(1)).isEmpty()).isTrue();
    assertThat(assigned.wanted(day(7)).isEmpty()).isTrue();
  }

  @Test
  void aTaskWithoutTheOpenEndHasNoNewDays() {
    AssignedDays assigned =
        new AssignedDays(DayFixture.options().build(), new Assignment(days(1, 2), null));

    assertThat(assigned.newDays(at(9, 0))).isEmpty();
    assertThat(assigned.openedUpTo()).isEqualTo(Instant.MAX);
  }
}
