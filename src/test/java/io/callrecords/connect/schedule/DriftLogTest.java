package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.YESTERDAY;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowDrift;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each day that has drifted has one line, with both numbers and the way out. */
class DriftLogTest {
  private final DriftLog drifts = new DriftLog("call-center");

  @Test
  void theWindowsOfADayAreOneLine() {
    drifts.add(new WindowDrift(today("10:00", "11:00"), 5, 7));
    drifts.add(new WindowDrift(today("08:00", "09:00"), 3, 4));
    drifts.add(new WindowDrift(YESTERDAY.range(), 1, 2));
    try (LogCapture log = new LogCapture(DriftLog.class)) {
      drifts.report();
      drifts.report();

      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0))
          .startsWith("WARN The API now returns 2 records for " + YESTERDAY.range())
          .contains("{\"feed\": \"call-center\", \"split\": \"2026-11-09\"}, \"offset\": null}]}");
      assertThat(log.lines().get(1))
          .startsWith("WARN The API now returns 11 records for " + today("08:00", "11:00"))
          .contains("where it had returned 8", "To load 2026-11-10 again");
    }
  }

  @Test
  void aRangeOfManyDaysNamesTheFirst() {
    TimeRange days =
        new TimeRange(YESTERDAY.range().from(), YESTERDAY.range().from().plus(Duration.ofDays(9)));
    drifts.add(new WindowDrift(days, 3, 4));
    try (LogCapture log = new LogCapture(DriftLog.class)) {
      drifts.report();

      assertThat(log.lines().get(0)).contains("To load each of its days again", "2026-11-09\"");
    }
  }
}
