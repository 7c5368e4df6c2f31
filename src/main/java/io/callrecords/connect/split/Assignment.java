package io.callrecords.connect.split;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The splits of one task.
 *
 * @param days its days of the backlog, oldest first
 * @param openFrom the first of the days that the task follows without end, or null if another task
 *     does
 */
public record Assignment(List<Split> days, @Nullable Split openFrom) {
  private static final String OPEN = "/..";

  /** Copies the list. */
  public Assignment {
    days = List.copyOf(days);
  }

  /** Reads the text form. */
  public static Assignment parse(String text) {
    List<Split> days = new ArrayList<>();
    Split openFrom = null;
    for (String part : text.split(",", -1)) {
      if (part.endsWith(OPEN)) {
        openFrom = new Split(LocalDate.parse(part.substring(0, part.length() - OPEN.length())));
      } else {
        days.add(new Split(LocalDate.parse(part)));
      }
    }
    return new Assignment(days, openFrom);
  }

  /** The assignment in a few words, however many days it has. */
  public String summary() {
    String own =
        switch (days.size()) {
          case 0 -> "";
          case 1 -> days.get(0).toString();
          default -> days.size() + " days from " + days.get(0) + " to " + days.get(days.size() - 1);
        };
    String open = openFrom == null ? "" : openFrom + OPEN;
    return own + (own.isEmpty() || open.isEmpty() ? "" : " and ") + open;
  }

  /** The assignment in words that people read, however many days it has. */
  public String inWords() {
    String backlog =
        switch (days.size()) {
          case 0 -> "";
          case 1 -> "the day " + days.get(0);
          default ->
              days.size() + " days between " + days.get(0) + " and " + days.get(days.size() - 1);
        };
    if (openFrom == null) {
      return backlog;
    }
    return (backlog.isEmpty() ? "" : backlog + " and ") + "every day since " + openFrom;
  }

  /** The text form: ISO-8601 days, an open end marked as an open interval. */
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    days.forEach(day -> parts.add(day.toString()));
    if (openFrom != null) {
      parts.add(openFrom + OPEN);
    }
    return String.join(",", parts);
  }
}
