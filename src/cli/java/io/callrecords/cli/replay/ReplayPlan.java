package io.callrecords.cli.replay;

import io.callrecords.cli.CliException;
import io.callrecords.cli.connect.StoredOffset;
import io.callrecords.cli.status.CalendarDay;
import io.callrecords.cli.status.CalendarState;
import io.callrecords.cli.status.RangeCalendar;
import io.callrecords.cli.status.StoredProgress;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.split.Split;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets are changed so that days are sent again.
 *
 * @param days the days, in order
 * @param changes the new offset of each source partition; null takes it away
 */
record ReplayPlan(
    List<Split> days, Map<Map<String, String>, @Nullable Map<String, Object>> changes) {
  private static final OffsetCodec CODEC = new OffsetCodec(CallCenterFeed.create().name());

  /**
   * Plans it.
   *
   * @param calendar how far the days are
   * @param start where the range begins by the stored offsets
   * @param keepsMark whether the connector knows days that are loaded again
   * @throws CliException when a day is none of the range, or the API no longer keeps it
   */
  static ReplayPlan of(
      List<Split> days,
      RangeCalendar calendar,
      Instant start,
      Duration retention,
      boolean keepsMark,
      Instant now) {
    Set<Split> known = calendar.days().stream().map(CalendarDay::day).collect(Collectors.toSet());
    Map<Map<String, String>, @Nullable Map<String, Object>> changes = new LinkedHashMap<>();
    for (Split day : days) {
      if (!known.contains(day)) {
        throw CliException.usage(
            day + " is none of the connector's range" + range(calendar) + ". Choose one of these");
      }
      if (day.range().from().isBefore(now.minus(retention))) {
        throw CliException.usage(
            day
                + " cannot be sent again: the API keeps calls for "
                + retention.toDays()
                + " days only (api.retention.days), and this day began before. Choose a later one");
      }
      Map<String, Object> offset = keepsMark ? beginning(day, start) : null;
      Map<String, String> partition = CODEC.partition(day);
      CODEC.check(partition, offset, now);
      changes.put(partition, offset);
    }
    return new ReplayPlan(List.copyOf(days), changes);
  }

  private static String range(RangeCalendar calendar) {
    List<CalendarDay> days = calendar.days();
    return days.isEmpty()
        ? ", which has not begun"
        : ": it has " + days.get(0).day() + " to " + days.get(days.size() - 1).day();
  }

  /** An offset that says that nothing of a day is read, and that a person has wanted it so. */
  private static Map<String, Object> beginning(Split day, Instant start) {
    Map<String, Object> offset = new LinkedHashMap<>();
    offset.put("version", 1);
    offset.put("start", start.toString());
    offset.put("settled", day.range().from().toString());
    offset.put("replay", true);
    return offset;
  }

  /**
   * Checks that a task which starts on the offsets so changed reads all of the days.
   *
   * @param stored the offsets of the stopped connector
   * @param calendarOf makes a calendar of offsets
   * @throws CliException when it would not
   */
  void ensureUnread(List<StoredOffset> stored, Function<StoredProgress, RangeCalendar> calendarOf) {
    Map<Map<String, ?>, Map<String, ?>> all = new HashMap<>();
    stored.forEach(entry -> all.put(entry.partition(), entry.offset()));
    changes.forEach(
        (partition, offset) -> {
          if (offset == null) {
            all.remove(partition);
          } else {
            all.put(partition, offset);
          }
        });
    List<StoredOffset> changed = new ArrayList<>();
    all.forEach(
        (partition, offset) ->
            changed.add(new StoredOffset(Map.copyOf(partition), Map.copyOf(offset))));
    try {
      for (CalendarDay day : calendarOf.apply(new StoredProgress(changed)).days()) {
        long read =
            day.whole().seconds(CalendarState.READ) + day.whole().seconds(CalendarState.SETTLED);
        if (days.contains(day.day()) && read > 0) {
          throw CliException.unseen(
              "Parts of "
                  + day.day()
                  + " would count as read all the same, since the journal's segments name the day."
                  + " Wait until it is settled, and try again");
        }
      }
    } catch (ConnectException e) {
      throw CliException.unseen("The stored offsets cannot be used: " + e.getMessage(), e);
    }
  }
}
