package io.callrecords.cli.status;

import static io.callrecords.cli.status.StatusDocument.duration;
import static io.callrecords.cli.status.StatusDocument.number;

import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import io.callrecords.cli.status.StatusReport.ProgressNumbers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** What a status says, in the words that terminal and page share. */
final class StatusFacts {
  /** So many days are named one by one. */
  private static final int MAX_NAMED = 20;

  /** Why something may look unread that is not. */
  static final String WITHOUT_CALLS =
      "A part without calls leaves no offset: --metrics or audit.topic tells that it was read";

  private static final double SECONDS_A_DAY = 86_400;

  /** Shares of tasks add up to a little less than the whole. */
  private static final double NEARLY_ALL = .99;

  private StatusFacts() {}

  /** Lines of a term and what is known of it. */
  static Map<String, String> of(StatusReport report) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("State", state(report));
    RangeCalendar calendar = report.calendar();
    if (calendar != null) {
      Instant end = calendar.end();
      String start = moment(calendar.start());
      facts.put("Range", end == null ? "from " + start + " on" : start + " to " + moment(end));
      facts.put("Days", days(calendar));
      facts.put("Calls", calls(calendar));
      facts.put("Newest read", newestRead(report, calendar));
    }
    ProgressNumbers numbers = report.numbers();
    facts.put("Lag", known(numbers.lagSeconds(), StatusDocument::duration));
    facts.put("Backlog", backlog(report));
    facts.put("Rate", rate(numbers));
    facts.put("Faults", faults(report));
    return facts;
  }

  /** That nothing could be seen for a time. */
  static String stale(StatusReport report) {
    return "not seen since " + moment(report.seenAt());
  }

  private static String state(StatusReport report) {
    PartStatus connector = report.state().connector();
    long running =
        report.state().tasks().stream().filter(task -> task.state().equals("RUNNING")).count();
    return (report.isStale() ? stale(report) + "; then " : "")
        + connector.state()
        + ", "
        + running
        + " of "
        + report.state().tasks().size()
        + " tasks running"
        + (report.gap().ailment() == null ? "" : "; " + report.gap().ailment())
        + (connector.reason().isEmpty() ? "" : "; " + connector.reason());
  }

  private static String newestRead(StatusReport report, RangeCalendar calendar) {
    Instant readTo = calendar.readTo();
    String remark = report.gap().remark();
    return readTo == null ? "nothing yet" : moment(readTo) + (remark == null ? "" : "; " + remark);
  }

  private static String days(RangeCalendar calendar) {
    List<String> counts = new ArrayList<>();
    calendar.counts().forEach((state, count) -> counts.add(number(count) + " " + state.label()));
    return number(calendar.days().size()) + ": " + String.join(", ", counts);
  }

  private static String calls(RangeCalendar calendar) {
    long unknown = calendar.daysWithUnknownCalls();
    return number((double) calendar.knownCalls())
        + (unknown == 0 ? "" : " known; not all of " + count(unknown, "day"));
  }

  private static String backlog(StatusReport report) {
    ProgressNumbers numbers = report.numbers();
    Double days = report.backlogDays();
    ReadingGap gap = report.gap();
    if (days == null) {
      return gap.untold() == null ? "not known" : "none before the newest read; not known since";
    }
    if (days > 0 && numbers.backlogDays() == null) {
      return days(days) + " of which no offset says that they were read. " + WITHOUT_CALLS;
    }
    if (days == 0) {
      return gap.unread() == null
          ? "none"
          : "the last " + ReadingGap.text(gap.unread()) + "; none before";
    }
    Double records = numbers.backlogRecords();
    Double left = numbers.secondsLeft();
    return days(days)
        + (records == null ? "" : ", about " + number(records) + " calls")
        + (left == null ? "; time left not known yet" : "; about " + duration(left) + " left");
  }

  /** So many days, or the time where it is too little of one. */
  private static String days(double days) {
    String number = number(days);
    if (number.equals("0.0")) {
      return duration(Math.ceil(days * SECONDS_A_DAY));
    }
    return number + (number.equals("1") ? " day" : " days");
  }

  private static String rate(ProgressNumbers numbers) {
    Double used = numbers.requestsPerSecond();
    Double allowed = numbers.allowedPerSecond();
    String lowered =
        allowed != null && allowed < numbers.limitPerSecond() * NEARLY_ALL
            ? ", of which the API bears " + number(allowed)
            : "";
    if (used == null) {
      return "not known (limit: "
          + number(numbers.limitPerSecond())
          + (numbers.limitPerSecond() == 1 ? " request" : " requests")
          + " a second"
          + lowered
          + ")";
    }
    return String.format(Locale.ROOT, "%.1f requests a second of ", used)
        + number(numbers.limitPerSecond())
        + lowered;
  }

  private static String faults(StatusReport report) {
    List<String> faults = new ArrayList<>();
    Double trouble = report.numbers().troubleSeconds();
    if (trouble != null && trouble > 0) {
      faults.add("requests have been failing for " + duration(trouble));
    }
    report
        .faults()
        .forEach(fault -> faults.add(number((double) fault.count()) + " " + fault.label()));
    boolean isKnown = report.numbers().lagSeconds() != null;
    if (!faults.isEmpty()) {
      return String.join(", ", faults) + (isKnown ? "" : "; others not known");
    }
    return isKnown ? "none since the tasks began" : "not known";
  }

  private static String known(@Nullable Double value, DoubleFunction<String> form) {
    return value == null ? "not known" : form.apply(value);
  }

  /** The newest days that somebody may want to look at, with why. */
  static Map<CalendarDay, String> noted(RangeCalendar calendar) {
    Map<CalendarDay, String> noted = new LinkedHashMap<>();
    calendar.days().stream()
        .filter(StatusFacts::isNoted)
        .skip(unnamed(calendar))
        .forEach(day -> noted.put(day, describe(day)));
    return noted;
  }

  /** How many earlier such days are left out. */
  static long unnamed(RangeCalendar calendar) {
    long all = calendar.days().stream().filter(StatusFacts::isNoted).count();
    return Math.max(0, all - MAX_NAMED);
  }

  private static boolean isNoted(CalendarDay day) {
    return day.isReplay()
        || switch (day.whole().state()) {
          case PARTLY_READ, EXPIRED, DRIFTED -> true;
          default -> false;
        };
  }

  /** A day's state in a sentence. */
  static String describe(CalendarDay day) {
    StringBuilder text = new StringBuilder(day.whole().state().label());
    if (day.whole().state() == CalendarState.PARTLY_READ) {
      long percent = (long) Math.floor(day.whole().readShare() * 100);
      text.append(" (").append(percent).append(" % of what has begun of it)");
    }
    if (day.isReplay()) {
      text.append(isRead(day) ? ", loaded again" : ", being loaded again");
    }
    Long calls = day.whole().calls();
    text.append(calls == null ? "" : ", " + count(calls));
    List<CalendarPart> open =
        day.parts().stream()
            .filter(part -> part.state() != CalendarState.SETTLED)
            .filter(part -> part.state() != CalendarState.READ)
            .filter(part -> part.state() != CalendarState.AHEAD)
            .limit(3)
            .toList();
    for (CalendarPart part : day.parts().size() > 1 ? open : List.<CalendarPart>of()) {
      text.append("; ").append(span(day, part)).append(' ').append(part.state().label());
    }
    return text.toString();
  }

  /** Whether all of it that has begun is read. */
  private static boolean isRead(CalendarDay day) {
    return day.parts().stream()
        .map(CalendarPart::state)
        .noneMatch(state -> state == CalendarState.UNREAD || state == CalendarState.PARTLY_READ);
  }

  /** What is to be known of days that are named; empty where all is said. */
  static String hint(StatusReport report, RangeCalendar calendar) {
    if (report.gap().unread() != null) {
      return "";
    }
    boolean isOpen = noted(calendar).keySet().stream().anyMatch(day -> !isRead(day));
    return isOpen
        ? WITHOUT_CALLS + ". Until then such a day stays partly read, or being loaded again."
        : "";
  }

  /** A number of calls in words. */
  static String count(long calls) {
    return count(calls, "call");
  }

  /** A number of things in words; the name is that of one. */
  static String count(long things, String name) {
    return number((double) things) + ' ' + name + (things == 1 ? "" : "s");
  }

  private static String span(CalendarDay day, CalendarPart part) {
    return time(part.range().from())
        + "–"
        + (part.range().to().equals(day.day().range().to()) ? "24:00" : time(part.range().to()));
  }

  /** The time of a day, such as 14:00, with seconds where it has some. */
  static String time(Instant moment) {
    String text = moment.toString().substring(11, 19);
    return text.endsWith(":00") ? text.substring(0, 5) : text;
  }

  /** A moment for people, in UTC. */
  static String moment(Instant moment) {
    return moment.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }
}
