package io.callrecords.cli.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.cli.connect.ConnectorStatus.PartStatus;
import io.callrecords.cli.status.StatusReport.ProgressNumbers;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes how a connector is as JSON. */
final class StatusDocument {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private StatusDocument() {}

  /**
   * The document.
   *
   * @param chosen the day whose hours are wanted; null for none
   */
  static ObjectNode of(StatusReport report, @Nullable CalendarDay chosen) {
    ObjectNode document = JSON.objectNode();
    document.put("connector", report.connector());
    document.put("connect", report.address());
    document.put("pluginVersion", report.pluginVersion());
    document.put("seenAt", report.seenAt().toString());
    document.put("topic", report.topic());
    document.set("state", state(report));
    ArrayNode tasks = document.putArray("tasks");
    report.state().tasks().forEach(task -> tasks.add(part(task)));
    document.set("progress", progress(report));
    ObjectNode faults = document.putObject("faults");
    report.faults().forEach(fault -> faults.put(fault.name(), fault.count()));
    RangeCalendar calendar = report.calendar();
    if (calendar == null) {
      document.putNull("calendar");
    } else {
      document.set("calendar", calendar(calendar));
    }
    if (chosen != null) {
      document.set("day", whole(chosen));
    }
    ArrayNode unseen = document.putArray("unseen");
    report.unseen().forEach(unseen::add);
    return document;
  }

  /** Where nothing can be seen, what was seen last is not said to be so still. */
  private static ObjectNode state(StatusReport report) {
    ObjectNode node = part(report.state().connector());
    if (report.isStale()) {
      node.put("last", node.path("state").asText());
      node.put("state", "UNSEEN");
    }
    node.put("ailment", report.ailment());
    node.put("remark", report.gap().remark());
    return node;
  }

  private static ObjectNode part(PartStatus part) {
    ObjectNode node = JSON.objectNode();
    node.put("state", part.state());
    node.put("worker", part.worker());
    node.put("reason", part.reason().isEmpty() ? null : part.reason());
    return node;
  }

  private static ObjectNode progress(StatusReport report) {
    ProgressNumbers numbers = report.numbers();
    ObjectNode node = JSON.objectNode();
    node.put("lagSeconds", numbers.lagSeconds());
    node.put("backlogDays", report.backlogDays());
    node.put("backlogRecords", numbers.backlogRecords());
    node.put("secondsLeft", numbers.secondsLeft());
    node.put("requestsPerSecond", numbers.requestsPerSecond());
    node.put("allowedPerSecond", numbers.allowedPerSecond());
    node.put("limitPerSecond", numbers.limitPerSecond());
    node.put("troubleSeconds", numbers.troubleSeconds());
    return node;
  }

  private static ObjectNode calendar(RangeCalendar calendar) {
    ObjectNode node = JSON.objectNode();
    node.put("start", calendar.start().toString());
    node.put("end", calendar.end() == null ? null : calendar.end().toString());
    node.put("readTo", calendar.readTo() == null ? null : calendar.readTo().toString());
    node.put("unreadSeconds", calendar.unreadSeconds());
    ObjectNode counts = node.putObject("counts");
    calendar.counts().forEach((state, count) -> counts.put(state.id(), count));
    ArrayNode days = node.putArray("days");
    calendar.days().forEach(day -> days.add(day(day)));
    return node;
  }

  private static ObjectNode day(CalendarDay day) {
    ObjectNode node = JSON.objectNode();
    node.put("day", day.day().toString());
    cell(node, day.whole());
    if (day.isReplay()) {
      node.put("replay", true);
    }
    AuditSums sums = day.sums();
    if (sums.windows() > 0) {
      ObjectNode audit = node.putObject("audit");
      audit.put("windows", sums.windows());
      audit.put("late", sums.late());
      audit.put("updated", sums.updated());
      audit.put("malformed", sums.malformed());
      audit.put("unstable", sums.unstable());
    }
    return node;
  }

  private static ObjectNode whole(CalendarDay day) {
    ObjectNode node = day(day);
    ArrayNode hours = node.putArray("hours");
    for (CalendarCell hour : day.hours()) {
      ObjectNode cell = hours.addObject();
      cell.put("from", hour.range().from().toString());
      cell.put("to", hour.range().to().toString());
      cell(cell, hour);
    }
    ArrayNode parts = node.putArray("parts");
    for (CalendarPart part : day.parts()) {
      ObjectNode each = parts.addObject();
      each.put("from", part.range().from().toString());
      each.put("to", part.range().to().toString());
      each.put("state", part.state().id());
    }
    return node;
  }

  private static void cell(ObjectNode node, CalendarCell cell) {
    node.put("state", cell.state().id());
    node.put("calls", cell.calls());
    Map<String, Long> seconds = new TreeMap<>();
    cell.seconds().forEach((state, count) -> seconds.put(state.id(), count));
    if (seconds.size() > 1) {
      ObjectNode all = node.putObject("seconds");
      seconds.forEach(all::put);
    }
  }

  /** A number for people: with commas, and one digit behind the point where it is small. */
  static String number(double value) {
    String form = value >= 10 || value == Math.rint(value) ? "%,.0f" : "%.1f";
    return String.format(Locale.ROOT, form, value);
  }

  /** A time for people, such as {@code 2 h 5 min}. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    if (whole < 120) {
      return whole + " s";
    }
    long minutes = whole / 60;
    if (minutes < 10) {
      return minutes + " min" + (whole % 60 == 0 ? "" : " " + whole % 60 + " s");
    }
    if (minutes < 120) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    return hours < 48
        ? hours + " h " + minutes % 60 + " min"
        : hours / 24 + " days " + hours % 24 + " h";
  }
}
