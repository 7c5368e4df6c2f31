package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The queues of a task share the requests: the live edge's go first, the backlog's last. */
class ReadQueuesTest {
  @Test
  void theLiveEdgeIsRequestedBeforeWhatWasQueuedEarlier() {
    ScheduleFixture fixture = new ScheduleFixture().restored();
    fixture.onLoop(
        () -> {
          fixture.queues.backlog().read(today("08:00", "09:00"));
          fixture.queues.recheck().read(today("09:00", "10:00"));
          fixture.queues.live().read(today("10:00", "11:00"));
        });
    fixture.loop.runFor(Duration.ofSeconds(5));

    assertThat(fixture.journal.entries(entry -> true))
        .extracting(entry -> entry.request().to())
        .first()
        .isEqualTo(ScheduleFixture.at("11:00"));
  }
}
