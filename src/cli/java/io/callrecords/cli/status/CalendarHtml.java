package io.callrecords.cli.status;

import static io.callrecords.cli.HtmlText.escape;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Year;
import java.time.YearMonth;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The calendar of the page: a table for each month, and in each day what its hours are. */
final class CalendarHtml {
  private static final int MANY_MONTHS = 12;
  private static final int DAYS_OF_A_WEEK = 7;

  private final RangeCalendar calendar;
  private final StringBuilder html;

  private CalendarHtml(RangeCalendar calendar, StringBuilder html) {
    this.calendar = calendar;
    this.html = html;
  }

  /** Writes the section. */
  static void write(RangeCalendar calendar, StringBuilder html) {
    new CalendarHtml(calendar, html).section();
  }

  /** What stands for a state beside its colour. */
  static String glyph(CalendarState state) {
    return switch (state) {
      case AHEAD -> " ";
      case UNREAD -> "?";
      case QUIET -> "~";
      case PARTLY_READ -> "½";
      case READ -> "•";
      case SETTLED -> "✓";
      case EXPIRED -> "×";
      case DRIFTED -> "≠";
    };
  }

  private void section() {
    html.append("<section aria-labelledby=\"h-days\">\n<h2 id=\"h-days\">Days</h2>\n")
        .append("<p class=\"soft hint\">Days and hours are those of UTC. Arrow keys go from day to")
        .append(
            " day, Page Up and Page Down from month to month; Enter shows a day’s hours.</p>\n");
    legend();
    NavigableMap<YearMonth, NavigableMap<LocalDate, CalendarDay>> months = new TreeMap<>();
    for (CalendarDay day : calendar.days()) {
      LocalDate date = day.day().day();
      months.computeIfAbsent(YearMonth.from(date), m -> new TreeMap<>()).put(date, day);
    }
    if (months.size() > MANY_MONTHS) {
      years(months);
    }
    html.append("<div class=\"months\">\n");
    months.forEach(this::month);
    html.append("</div>\n</section>\n");
  }

  private void legend() {
    html.append("<ul class=\"legend\">\n");
    for (Map.Entry<CalendarState, Long> count : calendar.counts().entrySet()) {
      CalendarState state = count.getKey();
      html.append("<li><span class=\"mark ")
          .append(state.id())
          .append("\" aria-hidden=\"true\">")
          .append(glyph(state))
          .append("</span><b>")
          .append(state.label())
          .append("</b> ")
          .append(StatusDocument.number(count.getValue()))
          .append(": ")
          .append(escape(state.meaning()))
          .append("</li>\n");
    }
    html.append("</ul>\n");
  }

  private void years(NavigableMap<YearMonth, NavigableMap<LocalDate, CalendarDay>> months) {
    html.append("<nav class=\"years\" aria-label=\"Years\">\n");
    NavigableMap<Year, YearMonth> first = new TreeMap<>();
    months.keySet().forEach(month -> first.putIfAbsent(Year.of(month.getYear()), month));
    first.forEach((year, month) -> link(month, year.toString()));
    link(months.lastKey(), "Latest month");
    html.append("</nav>\n");
  }

  private void link(YearMonth month, String text) {
    html.append("<a href=\"#m-").append(month).append("\">").append(text).append("</a>\n");
  }

  private void month(YearMonth month, NavigableMap<LocalDate, CalendarDay> days) {
    String name =
        month.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH) + " " + month.getYear();
    html.append("<table class=\"month\" role=\"grid\" id=\"m-")
        .append(month)
        .append("\"><caption>")
        .append(name)
        .append(calls(days))
        .append("</caption><thead><tr role=\"row\">");
    for (DayOfWeek day : DayOfWeek.values()) {
      String whole = day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      html.append("<th scope=\"col\" role=\"columnheader\" abbr=\"")
          .append(whole)
          .append("\"><span aria-hidden=\"true\">")
          .append(whole, 0, 2)
          .append("</span><span class=\"hidden\">")
          .append(whole)
          .append("</span></th>");
    }
    html.append("</tr></thead><tbody>\n");
    LocalDate first = month.atDay(1);
    LocalDate monday = first.minusDays(first.getDayOfWeek().getValue() - 1L);
    while (!monday.isAfter(month.atEndOfMonth())) {
      week(month, monday, days);
      monday = monday.plusDays(DAYS_OF_A_WEEK);
    }
    html.append("</tbody></table>\n");
  }

  private static String calls(NavigableMap<LocalDate, CalendarDay> days) {
    List<Long> known =
        days.values().stream().map(day -> day.whole().calls()).filter(c -> c != null).toList();
    long sum = known.stream().mapToLong(Long::longValue).sum();
    return known.isEmpty() ? "" : "<span>" + StatusFacts.count(sum) + "</span>";
  }

  private void week(YearMonth month, LocalDate monday, NavigableMap<LocalDate, CalendarDay> days) {
    List<LocalDate> dates = new ArrayList<>();
    for (int i = 0; i < DAYS_OF_A_WEEK; i++) {
      dates.add(monday.plusDays(i));
    }
    if (dates.stream().noneMatch(days::containsKey)) {
      return;
    }
    html.append("<tr role=\"row\">");
    for (LocalDate date : dates) {
      CalendarDay day = YearMonth.from(date).equals(month) ? days.get(date) : null;
      if (day == null) {
        html.append("<td role=\"gridcell\"></td>");
      } else {
        html.append("<td role=\"gridcell\">");
        day(day);
        html.append("</td>");
      }
    }
    html.append("</tr>\n");
  }

  private void day(CalendarDay day) {
    LocalDate date = day.day().day();
    CalendarState state = day.whole().state();
    Long calls = day.whole().calls();
    boolean isLast = day.equals(calendar.days().get(calendar.days().size() - 1));
    String text = StatusFacts.describe(day);
    html.append("<button type=\"button\" class=\"day ")
        .append(state.id())
        .append("\" tabindex=\"")
        .append(isLast ? 0 : -1)
        .append("\" data-day=\"")
        .append(date)
        .append("\" data-open=\"")
        .append(date)
        .append("\" data-state=\"")
        .append(state.id())
        .append("\" data-first=\"")
        .append(StatusFacts.time(day.whole().range().from()), 0, 2)
        .append("\" data-hours=\"")
        .append(
            day.hours().stream()
                .map(hour -> String.valueOf(hour.state().symbol()))
                .collect(Collectors.joining()))
        .append("\" data-calls=\"")
        .append(callsOfHours(day))
        .append("\" data-text=\"")
        .append(escape(text))
        .append("\" aria-label=\"")
        .append(date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH))
        .append(' ')
        .append(date)
        .append(": ")
        .append(escape(text))
        .append("\"><span>")
        .append(date.getDayOfMonth())
        .append("</span><i aria-hidden=\"true\">")
        .append(glyph(state))
        .append("</i><small>")
        .append(calls == null ? "" : brief(calls))
        .append("</small></button>");
  }

  private static String callsOfHours(CalendarDay day) {
    if (day.hours().stream().allMatch(hour -> hour.calls() == null)) {
      return "";
    }
    return day.hours().stream().map(hour -> plain(hour.calls())).collect(Collectors.joining(","));
  }

  private static String plain(@Nullable Long calls) {
    return calls == null ? "" : calls.toString();
  }

  /** A number in five characters. */
  static String brief(long calls) {
    if (calls < 10_000) {
      return Long.toString(calls);
    }
    return calls < 1_000_000
        ? calls / 1_000 + "k"
        : String.format(Locale.ROOT, "%.1fM", Math.floor(calls / 100_000.0) / 10);
  }
}
