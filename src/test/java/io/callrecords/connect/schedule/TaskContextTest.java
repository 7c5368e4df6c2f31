package io.callrecords.connect.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * What the parts of a task share: one clock in whole seconds, and a state of its own to try with.
 */
class TaskContextTest {
  @Test
  void theTimeHasWholeSeconds() {
    ScheduleFixture fixture = new ScheduleFixture();
    fixture.loop.runFor(Duration.ofMillis(1_999));

    assertThat(fixture.task.now()).isEqualTo(Instant.parse("2026-11-10T12:00:01Z"));
  }

  @Test
  void whatIsTriedOutChangesNothing() {
    ScheduleFixture fixture = new ScheduleFixture().restored();
    TaskContext copy = fixture.task.anew();
    copy.counts().addRecheck();

    assertThat(fixture.task.splits().openDays()).isOne();
    assertThat(copy.splits().openDays()).isZero();
    assertThat(fixture.task.counts().rechecks()).isZero();
    assertThat(copy.policy()).isEqualTo(fixture.task.policy());
  }
}
