package io.callrecords.connect.schedule;

import static io.callrecords.connect.schedule.ScheduleFixture.NOW;
import static io.callrecords.connect.schedule.ScheduleFixture.today;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.config.MalformedPolicy;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.scenario.ReadOptionsBuilder;
import io.callrecords.connect.state.WindowAudit;
import io.callrecords.connect.state.WindowSnapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be delivered as it should be is logged: once, where a metric counts it. */
class AnomalyLogTest {
  private static AnomalyLog of(MalformedPolicy policy) {
    return new AnomalyLog(ReadOptionsBuilder.startingAt(NOW).malformed(policy).build());
  }

  private static WindowSnapshot window() {
    Row row =
        new MalformedRecord(
            "!id", NOW.getEpochSecond(), 3, "callDuration", "is not a number", "{\"caller\":1}");
    return new WindowSnapshot(
        today("11:00", "12:00"),
        List.of(row),
        NOW,
        new WindowAudit.Reconciliation(2, 0, 0, 5, false));
  }

  @Test
  void theFirstMalformedRecordIsLoggedWithoutItsContent() {
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      AnomalyLog anomalies = of(MalformedPolicy.SKIP);
      anomalies.malformed(window());
      anomalies.malformed(window());

      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0))
          .startsWith("WARN ")
          .contains("callDuration", "malformed.records is skip", "records-malformed-total")
          .doesNotContain("caller\"");
    }
  }

  @Test
  void aMalformedRecordThatFailsTheTaskIsNotLogged() {
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      of(MalformedPolicy.FAIL).malformed(window());

      assertThat(log.lines()).isEmpty();
    }
  }

  private static WindowSnapshot conflicting(int rows, boolean verified) {
    return new WindowSnapshot(
        today("11:00", "12:00"),
        List.of(),
        NOW,
        new WindowAudit.Reconciliation(9, 0, rows, 1, verified, verified, rows));
  }

  @Test
  void rowsThatContradictEachOtherAreLoggedOnceWhereTheyAreVerified() {
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      AnomalyLog anomalies = of(MalformedPolicy.FAIL);
      anomalies.conflicting(conflicting(0, true));
      // An edit between two pages looks the same.
      anomalies.conflicting(conflicting(1, false));
      assertThat(log.lines()).isEmpty();

      anomalies.conflicting(conflicting(3, true));
      anomalies.conflicting(conflicting(2, true));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN ")
          .contains("3 rows", "conflicting-records-total");
    }
  }

  @Test
  void whatHasExpiredIsLoggedOnce() {
    try (LogCapture log = new LogCapture(AnomalyLog.class)) {
      AnomalyLog anomalies = of(MalformedPolicy.FAIL);
      anomalies.expired(today("08:00", "09:00"));
      anomalies.expired(today("09:00", "10:00"));

      assertThat(log.lines()).singleElement().asString().contains("expired-days-total");
    }
  }
}
