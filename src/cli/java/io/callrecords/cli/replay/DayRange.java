package io.callrecords.cli.replay;

import io.callrecords.cli.CliException;
import io.callrecords.connect.split.Split;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;

/** Reads a day, or the first and the last of several. */
final class DayRange {
  private static final int MAX_DAYS = 400;

  private DayRange() {}

  /**
   * The days.
   *
   * @throws CliException when the text is none
   */
  static List<Split> parse(String text) {
    String[] ends = text.split("\\.\\.", -1);
    try {
      Split first = new Split(LocalDate.parse(ends[0]));
      Split last = ends.length == 1 ? first : new Split(LocalDate.parse(ends[1]));
      if (ends.length == 2 && last.day().isBefore(first.day())) {
        throw CliException.usage(
            "In '" + text + "', the last day is before the first: write " + last + ".." + first);
      }
      if (ends.length <= 2) {
        List<Split> days = first.to(last).limit(MAX_DAYS + 1L).toList();
        if (days.size() <= MAX_DAYS) {
          return days;
        }
      }
    } catch (DateTimeException e) {
      throw CliException.usage(problem(text), e);
    }
    throw CliException.usage(problem(text));
  }

  private static String problem(String text) {
    return "'"
        + text
        + "' is neither a day nor a range of days: write one such as 2026-11-01, or the first and"
        + " the last of at most "
        + MAX_DAYS
        + " such as 2026-11-01..2026-11-03";
  }
}
