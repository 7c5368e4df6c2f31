package io.callrecords.cli.status;

import io.callrecords.cli.connect.ConnectorStatus;
import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.cli.status.StatusReport.FaultCount;
import io.callrecords.cli.status.StatusReport.ProgressNumbers;
import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SettledDays;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A report of a connector that has seen a lot, for the page and its pictures. */
final class ExampleReport {
  static final Instant NOW = Instant.parse("2026-11-30T09:24:00Z");
  private static final Split TODAY = Split.of(NOW);
  private static final int DRIFTED_DAYS_AGO = 17;

  private final OffsetCodec codec = new OffsetCodec("call-center");
  private final SplittableRandom random = new SplittableRandom(7);
  private final List<StoredOffset> offsets = new ArrayList<>();
  private final List<AuditedWindow> audits = new ArrayList<>();
  private final Instant start;
  private final int days;

  private ExampleReport(int days) {
    this.days = days;
    this.start = TODAY.range().from().minus(Duration.ofDays(days - 1L));
  }

  /** A connector that runs, with a range of so many days. */
  static StatusReport of(int days) {
    return new ExampleReport(days).report("call-records", running());
  }

  /** One with names and traces that would be more than text, where nobody made them one. */
  static StatusReport hostile() {
    String hostile = "<script>alert('x')</script>\"&amp;";
    ConnectorStatus state =
        new ConnectorStatus(
            new PartStatus("RUNNING", hostile, ""),
            List.of(new PartStatus("FAILED", hostile, hostile + "\n\tat somewhere")));
    return new ExampleReport(3).report(hostile, state);
  }

  private static ConnectorStatus running() {
    PartStatus part = new PartStatus("RUNNING", "10.0.3.17:8083", "");
    return new ConnectorStatus(part, List.of(part, part));
  }

  private StatusReport report(String name, ConnectorStatus state) {
    for (int ago = days - 1; ago >= 0; ago--) {
      add(ago);
    }
    CalendarScope scope =
        new CalendarScope(start, null, NOW, Duration.ofDays(2_000), Duration.ofDays(1), true, null);
    RangeCalendar calendar = RangeCalendar.of(scope, new StoredProgress(offsets), audits);
    return new StatusReport(
        name,
        "http://localhost:8083",
        "0.3.0",
        NOW,
        state,
        "call-records",
        calendar,
        ReadingGap.NONE,
        new ProgressNumbers(4.0, 4.6, 31_240.0, 1_260.0, 4.8, 5.0, 5, 0.0),
        List.of(new FaultCount("requests_throttled", "requests throttled", 12)),
        List.of("The metrics at http://10.0.3.18:9404/metrics: connection refused."),
        true,
        false);
  }

  private void add(int ago) {
    Split day = Split.of(TODAY.range().from().minus(Duration.ofDays(ago)));
    boolean isSunday = day.day().getDayOfWeek() == DayOfWeek.SUNDAY;
    long calls = isSunday ? 0 : 900 + random.nextInt(15_000);
    if (ago > 6 && ago <= 11) {
      if (ago == 11) {
        own(day, Duration.ofHours(11), day.range().from(), "read");
      }
      return;
    }
    if (ago >= 2) {
      own(day, Duration.ofDays(1), day.range().to(), null);
      audit(day, ago, calls);
    } else if (ago == 1) {
      own(day, Duration.ofDays(1), day.range().from().plus(Duration.ofHours(9)), "read");
    } else {
      own(day, Duration.between(day.range().from(), NOW), day.range().from(), "read");
    }
  }

  private void audit(Split day, int ago, long calls) {
    TimeRange whole = day.range();
    List<TimeRange> hours = whole.cut(24);
    for (int hour = 0; hour < hours.size(); hour++) {
      long share = hour < 8 || hour >= 20 ? 0 : calls / 12;
      audits.add(window(hours.get(hour), WindowOutcome.SETTLED, share));
    }
    if (ago == DRIFTED_DAYS_AGO) {
      audits.add(window(hours.get(14), WindowOutcome.DRIFTED, 0));
    }
    if (ago > days - 3 && days > 30) {
      audits.removeIf(audit -> whole.contains(audit.range()));
      audits.add(window(whole, WindowOutcome.EXPIRED, 0));
    }
  }

  private AuditedWindow window(TimeRange range, WindowOutcome outcome, long calls) {
    Instant at = range.to().plus(Duration.ofDays(outcome == WindowOutcome.DRIFTED ? 3 : 1));
    return new AuditedWindow(range, outcome, calls, calls, calls / 50, 0, 0, false, at);
  }

  private void own(Split day, Duration readFor, Instant settled, String read) {
    List<WindowOffset> windows = new ArrayList<>();
    Instant end = day.range().from().plus(readFor);
    Instant from = settled;
    while (read != null && from.isBefore(end)) {
      Instant next = from.plusSeconds(3_600);
      Instant to = next.isAfter(end) ? end : next;
      windows.add(window(new TimeRange(from, to)));
      from = to;
    }
    SplitOffset offset = new SplitOffset(start, settled, windows, SettledDays.NONE, null);
    offsets.add(new StoredOffset(Map.copyOf(codec.partition(day)), codec.encode(offset)));
  }

  private WindowOffset window(TimeRange range) {
    List<String> ids = new ArrayList<>();
    int hour = Integer.parseInt(range.from().toString().substring(11, 13));
    int calls = hour < 8 || hour >= 20 ? 0 : 40 + random.nextInt(200);
    for (int i = 0; i < calls; i++) {
      ids.add("2026" + range.from().getEpochSecond() + String.format("%04d", i));
    }
    return new WindowOffset(range, State.READ, calls, LateCounts.NONE, IdSet.of(ids));
  }
}
