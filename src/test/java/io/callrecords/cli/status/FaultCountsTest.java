package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.connect.ConnectorStatus;
import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.cli.status.StatusReport.ProgressNumbers;
import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Malformed rows that the audit counts are told without metrics, with where they are. */
class FaultCountsTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant NOW = START.plus(Duration.ofDays(2));

  private static StatusReport report(int malformed, Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("connector.class", "io.callrecords.connect.CallRecordSourceConnector");
    List<AuditedWindow> audits = new ArrayList<>();
    for (int i = 0; i < malformed; i++) {
      Instant from = START.plus(Duration.ofHours(3L * i));
      TimeRange hour = new TimeRange(from, from.plusSeconds(3_600));
      audits.add(new AuditedWindow(hour, WindowOutcome.SETTLED, 5, 5, 0, 0, 1, false, hour.to()));
    }
    CalendarScope scope =
        new CalendarScope(START, null, NOW, Duration.ofDays(30), Duration.ofDays(1), true, null);
    RangeCalendar calendar = RangeCalendar.of(scope, new StoredProgress(List.of()), audits);
    PartStatus running = new PartStatus("RUNNING", "10.0.3.17:8083", "");
    return new StatusReport(
        "call-records",
        "http://localhost:8083",
        "0.3.0",
        NOW,
        new ConnectorStatus(running, List.of(running)),
        "call-records",
        calendar,
        ReadingGap.NONE,
        new ProgressNumbers(null, null, null, null, null, null, 5, null),
        FaultCounts.of(null, calendar, ReportedSettings.of(settings, new ArrayList<>()).config()),
        List.of(),
        false,
        false);
  }

  @ParameterizedTest
  @CsvSource({
    "14, topic, calls-malformed, 14 rows malformed, see malformed.topic calls-malformed",
    "1, skip, , 1 row malformed, left out: malformed.records is skip",
    "2, , , 2 rows malformed, malformed.records is fail now",
  })
  void malformedRowsAreTold(int rows, String policy, String topic, String text, String where) {
    Map<String, String> settings = new HashMap<>();
    if (policy != null) {
      settings.put("malformed.records", policy);
    }
    if (topic != null) {
      settings.put("malformed.topic", topic);
    }
    StatusReport report = report(rows, settings);
    String line = text + " (by the audit; " + where + "); others not known";

    assertThat(StatusText.of(report, null)).contains("Faults      " + line);
    assertThat(StatusPage.of(report, false)).contains("<dd>" + line + "</dd>");
    assertThat(StatusDocument.of(report, null).at("/faults/audited_rows_malformed").asInt())
        .isEqualTo(rows);
  }

  @Test
  void whereThereAreNoneNothingIsTold() {
    assertThat(StatusText.of(report(0, Map.of()), null)).contains("Faults      not known");
  }
}
