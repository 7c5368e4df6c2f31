package io.callrecords.cli.status;

import io.callrecords.connect.split.Split;
import java.util.List;

/**
 * A day of the calendar.
 *
 * @param day the day, in UTC
 * @param whole the day taken together
 * @param hours its hours that lie in the connector's range, in order
 * @param parts what exactly is in which state, in order and without gaps
 * @param isReplay whether a person has had something of it loaded again that is not settled yet
 * @param sums what the audit says of it; all 0 where there is none
 */
public record CalendarDay(
    Split day,
    CalendarCell whole,
    List<CalendarCell> hours,
    List<CalendarPart> parts,
    boolean isReplay,
    AuditSums sums) {
  /** Copies the lists. */
  public CalendarDay {
    hours = List.copyOf(hours);
    parts = List.copyOf(parts);
  }
}
