package io.callrecords.cli.replay;

import io.callrecords.cli.status.CalendarDay;
import io.callrecords.cli.status.CalendarPart;
import io.callrecords.cli.status.CalendarState;
import io.callrecords.cli.status.RangeCalendar;
import io.callrecords.cli.status.StoredProgress;
import io.callrecords.connect.split.Split;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Up to where calls of days had been sent before they were changed. Offsets come with calls only,
 * so none tells that an end without calls has been read again.
 *
 * @param ends for each day of which that is known, when its last window with calls ended
 */
record SentCalls(Map<Split, Instant> ends) {
  /** Nothing is known: all of each day has to show in offsets. */
  static final SentCalls UNKNOWN = new SentCalls(Map.of());

  /** What offsets say. */
  static SentCalls of(StoredProgress stored, RangeCalendar calendar) {
    Map<Split, Instant> ends = new HashMap<>();
    for (CalendarDay day : calendar.days()) {
      Instant end = stored.sentTo(day.day());
      boolean isEmpty = end != null && !end.isAfter(day.day().range().from());
      if (end != null && (!isEmpty || day.parts().stream().allMatch(SentCalls::isRead))) {
        ends.put(day.day(), end);
      }
    }
    return new SentCalls(Map.copyOf(ends));
  }

  /** Whether all calls of a day that had been sent have been sent again. */
  boolean areSentAgain(CalendarDay day) {
    Instant end = ends.get(day.day());
    return end != null
        && day.parts().stream()
            .filter(part -> part.range().from().isBefore(end))
            .allMatch(SentCalls::isRead);
  }

  private static boolean isRead(CalendarPart part) {
    return part.state() == CalendarState.READ || part.state() == CalendarState.SETTLED;
  }

  /** The time of day up to which calls had been sent. */
  String end(CalendarDay day) {
    return String.valueOf(ends.get(day.day())).substring(11, 16);
  }
}
