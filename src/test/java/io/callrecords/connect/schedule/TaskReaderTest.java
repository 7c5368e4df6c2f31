package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.state.Batch;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** A task's reader starts, ticks a poll interval apart while somebody polls, and fails once. */
class TaskReaderTest {
  private static final Duration POLL = Duration.ofSeconds(30);

  private final ScheduleFixture fixture = new ScheduleFixture();
  private final TaskReader reader =
      new TaskReader(
          fixture.task.options(),
          fixture.task.assignment(),
          fixture.lookup,
          fixture.times,
          fixture.client,
          fixture.loop);

  /** Polls as a worker does, for a time; returns how many batches came. */
  private int poll(Duration time) throws InterruptedException {
    int batches = 0;
    Duration end = fixture.loop.uptime().plus(time);
    while (fixture.loop.uptime().compareTo(end) < 0) {
      Batch batch = reader.poll(Duration.ZERO);
      batches += batch == null ? 0 : 1;
      fixture.loop.runFor(Duration.ofMillis(batch == null ? 500 : 1));
    }
    return batches;
  }

  @Test
  void startsOnTheLoopOnly() {
    assertThatThrownBy(reader::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsTheBacklogAndThenAsksOncePerInterval() throws Exception {
    fixture.store.add(fixture.calls.starting(NOW.minusSeconds(80_000), Duration.ofSeconds(20)));
    try (LogCapture log = new LogCapture(TaskReader.class)) {
      fixture.onLoop(reader::start);

      assertThat(poll(POLL)).isOne();
      assertThat(reader.counts().records()).isOne();
      assertThat(log.lines())
          .contains(
              "INFO Reading every day since 2026-11-09 of the range from 2026-11-09T00:00:00Z to the"
                  + " present, and new records from then on.");
    }
    long before = fixture.journal.count();
    poll(POLL.multipliedBy(20));
    assertThat(fixture.journal.count() - before).isBetween(20L, 45L);
  }

  /** Another task follows the present, which this one must not claim. */
  @Test
  void saysThatItReadsNewRecordsOnlyWhereItFollowsThePresent() {
    ReadOptions options = ReadOptionsBuilder.startingAt(NOW.minus(Duration.ofDays(1))).build();
    ScheduleFixture other =
        new ScheduleFixture(options, new Assignment(List.of(ScheduleFixture.YESTERDAY), null));
    TaskReader helper =
        new TaskReader(
            options, other.task.assignment(), other.lookup, other.times, other.client, other.loop);
    try (LogCapture log = new LogCapture(TaskReader.class)) {
      other.onLoop(helper::start);
      other.loop.runFor(POLL);

      assertThat(log.lines())
          .contains(
              "INFO Reading the day 2026-11-09 of the range from 2026-11-09T12:00:00Z to the"
                  + " present.");
    }
  }

  @Test
  void requestsNothingWhileNobodyPollsAndTicksAtTheNextPoll() throws Exception {
    fixture.onLoop(reader::start);
    poll(POLL);
    fixture.loop.runFor(POLL.multipliedBy(2));
    long before = fixture.journal.count();
    fixture.loop.runFor(POLL.multipliedBy(20));
    assertThat(fixture.journal.count()).isEqualTo(before);

    reader.poll(Duration.ZERO);
    fixture.loop.runFor(Duration.ofSeconds(1));

    assertThat(fixture.journal.count()).isGreaterThan(before);
  }

  @Test
  void handsOverWhatIsReadUntilItFails() throws Exception {
    fixture.store.add(fixture.calls.starting(NOW.minusSeconds(80_000), Duration.ofSeconds(20)));
    fixture.onLoop(reader::start);
    fixture.loop.runFor(Duration.ofSeconds(5));
    ConnectException cause = new ConnectException("Correct the key.");
    reader.fail(cause);

    assertThat(reader.poll(Duration.ZERO)).isNotNull();
    assertThatThrownBy(() -> reader.poll(Duration.ZERO)).isSameAs(cause);
  }
}
