package io.callrecords.cli.status;

import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes how a connector is for a terminal: a month a line, a day a character. */
final class StatusText {
  private static final int DAYS = 31;

  private StatusText() {}

  /**
   * The lines.
   *
   * @param chosen the day whose hours are wanted; null for none
   */
  static List<String> of(StatusReport report, @Nullable CalendarDay chosen) {
    List<String> lines = new ArrayList<>();
    String version = report.pluginVersion();
    lines.add(
        report.connector()
            + " at "
            + report.address()
            + (version == null ? "" : ", version " + version)
            + ", seen "
            + StatusFacts.moment(report.seenAt()));
    lines.add("");
    StatusFacts.of(report)
        .forEach((term, fact) -> lines.add(String.format(Locale.ROOT, "%-12s%s", term, fact)));
    lines.add("");
    tasks(report, lines);
    RangeCalendar calendar = report.calendar();
    if (calendar != null) {
      months(calendar, lines);
      legend(calendar, lines);
      notes(report, calendar, lines);
    }
    if (chosen != null) {
      hours(chosen, lines);
    }
    if (!report.unseen().isEmpty()) {
      lines.add("");
      lines.add("Not seen:");
      report.unseen().forEach(unseen -> lines.add("  " + unseen));
    }
    return lines;
  }

  private static void tasks(StatusReport report, List<String> lines) {
    List<PartStatus> tasks = report.state().tasks();
    for (int i = 0; i < tasks.size(); i++) {
      PartStatus task = tasks.get(i);
      lines.add(
          "Task "
              + i
              + "      "
              + task.state()
              + " at "
              + task.worker()
              + (task.reason().isEmpty() ? "" : ": " + task.reason()));
    }
    lines.add("");
  }

  private static void months(RangeCalendar calendar, List<String> lines) {
    SortedMap<YearMonth, List<CalendarDay>> months = new TreeMap<>();
    for (CalendarDay day : calendar.days()) {
      months.computeIfAbsent(YearMonth.from(day.day().day()), m -> new ArrayList<>()).add(day);
    }
    lines.add("         1    5    10   15   20   25   30");
    months.forEach(
        (month, days) -> {
          StringBuilder line = new StringBuilder(" ".repeat(DAYS));
          long calls = 0;
          boolean isKnown = false;
          for (CalendarDay day : days) {
            LocalDate date = day.day().day();
            line.setCharAt(date.getDayOfMonth() - 1, day.whole().state().symbol());
            Long known = day.whole().calls();
            calls += known == null ? 0 : known;
            isKnown |= known != null;
          }
          String sum = isKnown ? "  " + StatusFacts.count(calls) : "";
          lines.add((month + "  " + line + sum).stripTrailing());
        });
  }

  private static void legend(RangeCalendar calendar, List<String> lines) {
    lines.add("");
    for (CalendarState state : calendar.counts().keySet()) {
      if (state != CalendarState.AHEAD) {
        lines.add("  " + state.symbol() + "  " + state.label() + ": " + state.meaning());
      }
    }
  }

  private static void notes(StatusReport report, RangeCalendar calendar, List<String> lines) {
    Map<CalendarDay, String> noted = StatusFacts.noted(calendar);
    if (noted.isEmpty()) {
      return;
    }
    lines.add("");
    noted.forEach((day, text) -> lines.add(day.day() + "  " + text));
    long unnamed = StatusFacts.unnamed(calendar);
    if (unnamed > 0) {
      lines.add("and " + StatusFacts.count(unnamed, "earlier such day"));
    }
    String hint = StatusFacts.hint(report, calendar);
    if (!hint.isEmpty()) {
      lines.add(hint);
    }
  }

  private static void hours(CalendarDay day, List<String> lines) {
    lines.add("");
    lines.add(day.day() + " (UTC): " + StatusFacts.describe(day));
    for (CalendarCell hour : day.hours()) {
      Long calls = hour.calls();
      lines.add(
          String.format(
              Locale.ROOT,
              "  %s  %s  %-12s%s",
              StatusFacts.time(hour.range().from()),
              hour.state().symbol(),
              hour.state().label(),
              calls == null ? "" : StatusFacts.count(calls)));
    }
    AuditSums sums = day.sums();
    if (sums.windows() > 0) {
      lines.add(
          "  The audit has "
              + StatusFacts.count(sums.windows(), "window")
              + ": "
              + StatusFacts.count(sums.late())
              + " late, "
              + sums.updated()
              + " updated, "
              + StatusFacts.count(sums.malformed(), "row")
              + " malformed, "
              + StatusFacts.count(sums.unstable(), "window")
              + " unstable");
    }
  }
}
