package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.TODAY;
import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Metrics learn every ten seconds how far a task is, the log every thirty. */
class ProgressReporterTest {
  private final ScheduleFixture fixture = new ScheduleFixture().restored();
  private final Progress progress = new Progress(fixture.loop, true);
  private boolean polled = true;
  private final ProgressReporter reporter =
      new ProgressReporter(fixture.task, fixture.planner, fixture.backlog, progress, () -> polled);

  private List<String> info(LogCapture log) {
    return log.lines().stream().filter(line -> line.startsWith("INFO")).toList();
  }

  @Test
  void reportsAtOnceWhatIsUnread() {
    fixture.onLoop(reporter::start);

    // A day and a half, and the second that has just begun.
    assertThat(progress.backlogDays() * 86_400).isEqualTo(36 * 3_600 + 1);
    assertThat(progress.liveLagSeconds())
        .isEqualTo(Duration.between(TODAY.range().from(), NOW).toSeconds());
    assertThat(progress.oldestUnsettledSeconds())
        .isEqualTo(Duration.between(YESTERDAY.range().from(), NOW).toSeconds());
  }

  @Test
  void logsTheBacklogEveryThirtySecondsWhileSomebodyPolls() {
    try (LogCapture log = new LogCapture(ProgressReporter.class)) {
      fixture.onLoop(reporter::start);
      fixture.loop.runFor(Duration.ofSeconds(95));
      assertThat(info(log)).hasSize(3).allMatch(line -> line.contains("Backlog 0.0 % read"));

      polled = false;
      fixture.loop.runFor(Duration.ofMinutes(5));
      assertThat(info(log)).hasSize(3);
    }
  }

  @Test
  void logsOnceThatTheBacklogHasBeenRead() {
    try (LogCapture log = new LogCapture(ProgressReporter.class)) {
      fixture.onLoop(
          () -> {
            fixture.backlog.requestUntil(NOW);
            reporter.logBacklogRead();
          });
      assertThat(info(log)).isEmpty();

      BatchSource batches = fixture.batches();
      fixture.loop.runFor(Duration.ofSeconds(5));
      fixture.take(batches);
      fixture.task.counts().addExpiredDays(2);
      fixture.onLoop(reporter::logBacklogRead);
      fixture.onLoop(reporter::logBacklogRead);

      assertThat(info(log))
          .containsExactly(
              "INFO The whole backlog has been read, except for 2 days that the API no longer"
                  + " returns in full. The task has emitted 0 records in 5 s.");
    }
  }
}
