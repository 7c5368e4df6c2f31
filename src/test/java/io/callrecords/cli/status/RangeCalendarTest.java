package io.callrecords.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.cli.status.RangeCalendar.CalendarScope;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Compares calendars with a model that goes by the minute. */
class RangeCalendarTest {
  @RepeatedTest(200)
  void showsWhatTheOffsetsAndAuditsSay(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    MadeUpProgress made = new MadeUpProgress(new SplittableRandom(seed));

    RangeCalendar calendar = RangeCalendar.of(made.scope, made.stored(), made.audits);

    CalendarState[] expected = states(made);
    int shown = 0;
    for (CalendarDay day : calendar.days()) {
      for (CalendarCell hour : day.hours()) {
        String place = "seed " + seed + ", " + hour.range();
        expect(place, hour, made, expected);
        shown++;
      }
      expect("seed " + seed + ", " + day.day(), day.whole(), made, expected);
    }
    assertThat(shown).as("seed %d", seed).isEqualTo(hours(made));
  }

  private static int hours(MadeUpProgress made) {
    CalendarScope scope = made.scope;
    int hours = 0;
    for (int minute = 0; minute < made.days() * MadeUpProgress.MINUTES; minute += 60) {
      Instant from = made.at(minute);
      boolean hasBegun = scope.start().isBefore(from.plusSeconds(3_600));
      boolean isBeforeEnd = scope.end() == null || from.isBefore(scope.end());
      hours += hasBegun && isBeforeEnd ? 1 : 0;
    }
    return hours;
  }

  private static CalendarState[] states(MadeUpProgress made) {
    CalendarState[] states = new CalendarState[made.days() * MadeUpProgress.MINUTES];
    Instant frontier = frontier(made);
    for (int minute = 0; minute < states.length; minute++) {
      states[minute] = state(made, minute, frontier);
    }
    return states;
  }

  private static Instant frontier(MadeUpProgress made) {
    Instant frontier = null;
    Instant end = made.scope.end();
    for (int minute = 0; minute < made.settled.length; minute++) {
      // Days after the end are none of the calendar's.
      boolean isAfterEnd =
          end != null && !made.day(minute / MadeUpProgress.MINUTES).range().from().isBefore(end);
      if (isAfterEnd) {
        break;
      }
      if (made.settled[minute] || made.read[minute] || made.begun[minute]) {
        frontier = made.at(minute + 1);
      }
    }
    CalendarScope scope = made.scope;
    boolean isOld = frontier == null || frontier.isBefore(scope.now().minus(Duration.ofDays(1)));
    return isOld || !scope.isRunning() ? null : frontier;
  }

  private static CalendarState state(MadeUpProgress made, int minute, Instant frontier) {
    CalendarScope scope = made.scope;
    Instant time = made.at(minute);
    if (!time.isBefore(scope.now())) {
      return CalendarState.AHEAD;
    }
    if (made.drifted[minute]) {
      return CalendarState.DRIFTED;
    }
    if (made.expired[minute]) {
      return CalendarState.EXPIRED;
    }
    if (made.begun[minute]) {
      return CalendarState.PARTLY_READ;
    }
    if (made.settled[minute]) {
      return CalendarState.SETTLED;
    }
    if (made.read[minute]) {
      return CalendarState.READ;
    }
    if (time.isBefore(scope.now().minus(scope.retention()))) {
      return made.audited[minute] ? CalendarState.SETTLED : CalendarState.EXPIRED;
    }
    if (scope.readUpTo() != null && time.isBefore(scope.readUpTo())) {
      return CalendarState.READ;
    }
    return frontier != null && !time.isBefore(frontier)
        ? CalendarState.QUIET
        : CalendarState.UNREAD;
  }

  private static void expect(
      String place, CalendarCell cell, MadeUpProgress made, CalendarState[] states) {
    TimeRange range = cell.range();
    int from = minute(made, range.from());
    int to = minute(made, range.to());
    Set<CalendarState> found = EnumSet.noneOf(CalendarState.class);
    boolean isCounted = true;
    boolean hasCounter = false;
    Set<Integer> counters = new HashSet<>();
    for (int minute = from; minute < to; minute++) {
      CalendarState state = states[minute];
      found.add(state);
      int counter = made.counter[minute];
      boolean isTraceless = state == CalendarState.READ && !made.read[minute];
      boolean adds = counter > 0 || isTraceless;
      hasCounter |= adds;
      isCounted &=
          adds
              || state == CalendarState.AHEAD
              || state == CalendarState.UNREAD
              || state == CalendarState.QUIET;
      counters.add(counter);
    }
    assertThat(cell.state()).as(place + " " + found).isEqualTo(together(found));
    boolean reachesAcross =
        counters.stream()
            .filter(counter -> made.counts.get(counter) > 0)
            .anyMatch(counter -> isOutside(made, counter, from, to));
    if (!made.isUncounted[from / MadeUpProgress.MINUTES]) {
      Long calls =
          isCounted && hasCounter && !reachesAcross
              ? Long.valueOf(counters.stream().mapToLong(made.counts::get).sum())
              : null;
      assertThat(cell.calls()).as(place).isEqualTo(calls);
    }
  }

  private static boolean isOutside(MadeUpProgress made, int counter, int from, int to) {
    boolean before = from > 0 && made.counter[from - 1] == counter;
    return before || (to < made.counter.length && made.counter[to] == counter);
  }

  private static int minute(MadeUpProgress made, Instant time) {
    return (int) Duration.between(made.at(0), time).toMinutes();
  }

  private static CalendarState together(Set<CalendarState> found) {
    if (found.contains(CalendarState.DRIFTED)) {
      return CalendarState.DRIFTED;
    }
    if (found.contains(CalendarState.EXPIRED)) {
      return CalendarState.EXPIRED;
    }
    Set<CalendarState> ofReading = EnumSet.copyOf(found);
    ofReading.removeAll(Set.of(CalendarState.AHEAD, CalendarState.QUIET));
    if (ofReading.isEmpty()) {
      return found.contains(CalendarState.QUIET) ? CalendarState.QUIET : CalendarState.AHEAD;
    }
    if (found.equals(Set.of(CalendarState.SETTLED))) {
      return CalendarState.SETTLED;
    }
    if (ofReading.equals(Set.of(CalendarState.UNREAD))) {
      return CalendarState.UNREAD;
    }
    return Set.of(CalendarState.READ, CalendarState.SETTLED).containsAll(ofReading)
        ? CalendarState.READ
        : CalendarState.PARTLY_READ;
  }
}
