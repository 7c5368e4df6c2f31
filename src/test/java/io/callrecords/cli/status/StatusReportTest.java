package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.connect.ConnectorStatus;
import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.cli.status.StatusReport.ProgressNumbers;
import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Proves what a scheduler hears of: a failure for as long as it lasts, a loss for a time. */
class StatusReportTest {
  private static final Instant NOW = Instant.parse("2026-11-30T09:24:00Z");
  private static final int RETENTION_DAYS = 30;
  private static final PartStatus RUNNING = new PartStatus("RUNNING", "10.0.3.17:8083", "");

  /** A connector that has read all of its range but for a day. */
  private static StatusReport report(int daysAgo, WindowOutcome outcome, PartStatus task) {
    TimeRange lost = Split.of(NOW.minus(Duration.ofDays(daysAgo))).range();
    AuditedWindow audit = new AuditedWindow(lost, outcome, 0, 0, 0, 0, 0, false, lost.to());
    CalendarScope scope =
        new CalendarScope(
            lost.from(),
            lost.to(),
            NOW,
            Duration.ofDays(RETENTION_DAYS),
            Duration.ofDays(1),
            true,
            null);
    return new StatusReport(
        "call-records",
        "http://localhost:8083",
        "0.3.0",
        NOW,
        new ConnectorStatus(RUNNING, List.of(task)),
        "call-records",
        RangeCalendar.of(scope, new StoredProgress(List.of()), List.of(audit)),
        ReadingGap.NONE,
        new ProgressNumbers(null, null, null, null, null, null, 5, null),
        List.of(),
        List.of(),
        false,
        false);
  }

  private static StatusReport with(ConnectorStatus state, boolean isPartial, Instant end) {
    CalendarScope scope =
        new CalendarScope(
            NOW.minus(Duration.ofDays(2)),
            end,
            NOW,
            Duration.ofDays(RETENTION_DAYS),
            Duration.ofDays(1),
            true,
            null);
    return new StatusReport(
        "call-records",
        "http://localhost:8083",
        "0.3.0",
        NOW,
        state,
        "call-records",
        RangeCalendar.of(scope, new StoredProgress(List.of()), List.of()),
        ReadingGap.NONE,
        new ProgressNumbers(null, null, null, null, null, null, 5, null),
        List.of(),
        List.of(),
        isPartial,
        false);
  }

  @ParameterizedTest
  @CsvSource({
    "RUNNING, RUNNING, false, WELL",
    "RUNNING, RUNNING, true, UNSEEN",
    "RUNNING, FAILED, true, BAD",
    "RUNNING, UNASSIGNED, true, BAD",
    "UNASSIGNED, RUNNING, false, BAD",
    "PAUSED, PAUSED, false, WELL"
  })
  void endsWithTheWorstThatIsKnown(String connector, String task, boolean isPartial, String exit) {
    ConnectorStatus state =
        new ConnectorStatus(
            new PartStatus(connector, "", ""), List.of(RUNNING, new PartStatus(task, "", "")));

    assertThat(with(state, isPartial, null).exit()).hasToString(exit);
  }

  @Test
  void isBadWithoutTasksUntilTheRangeHasEnded() {
    ConnectorStatus running = new ConnectorStatus(RUNNING, List.of());
    ConnectorStatus stopped = new ConnectorStatus(new PartStatus("STOPPED", "", ""), List.of());

    assertThat(with(running, false, null).exit()).isEqualTo(ExitStatus.BAD);
    assertThat(with(running, false, NOW.plusSeconds(9)).exit()).isEqualTo(ExitStatus.BAD);
    assertThat(with(running, false, NOW).exit()).isEqualTo(ExitStatus.WELL);
    assertThat(with(stopped, false, null).exit()).isEqualTo(ExitStatus.WELL);
    assertThat(StatusPage.of(with(running, false, null), false))
        .contains("<span class=\"badge bad\">WITHOUT TASKS</span>");
  }

  @ParameterizedTest
  @CsvSource({
    // The API keeps it: it can be loaded again, or api.retention.days is wrong.
    "5, DRIFTED, true",
    "5, EXPIRED, true",
    // It is gone for good, and that is news.
    "31, EXPIRED, true",
    "37, EXPIRED, true",
    "37, DRIFTED, true",
    "37, UNCONFIRMED, true",
    // It was told for a week.
    "38, EXPIRED, false",
    "38, DRIFTED, false",
    "300, UNCONFIRMED, false",
    "300, SETTLED, false",
    "31, SETTLED, false"
  })
  void tellsALossUntilAWeekAfterNothingCanBeDone(
      int daysAgo, WindowOutcome outcome, boolean isBad) {
    assertThat(report(daysAgo, outcome, RUNNING).isBad()).isEqualTo(isBad);
  }

  /** An old loss takes no place from a new one. */
  @Test
  void namesTheNewestDays() {
    CalendarScope scope =
        new CalendarScope(
            Split.of(NOW.minus(Duration.ofDays(90))).range().from(),
            Split.of(NOW.minus(Duration.ofDays(RETENTION_DAYS))).range().from(),
            NOW,
            Duration.ofDays(RETENTION_DAYS),
            Duration.ofDays(1),
            true,
            null);
    RangeCalendar calendar = RangeCalendar.of(scope, new StoredProgress(List.of()), List.of());

    assertThat(StatusFacts.noted(calendar).keySet())
        .containsExactlyElementsOf(calendar.days().subList(40, 60));
    assertThat(StatusFacts.unnamed(calendar)).isEqualTo(40);
    assertThat(calendar.losses()).hasSize(7);
  }

  @Test
  void tellsAFailedTaskForAsLongAsItHasFailed() {
    PartStatus failed = new PartStatus("FAILED", "10.0.3.17:8083", "java.lang.Exception");

    assertThat(report(300, WindowOutcome.EXPIRED, failed).isBad()).isTrue();
  }
}
