package io.callrecords.cli.status;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The calendar of a connector's range.
 *
 * @param start where the range begins
 * @param end where it ends; null when it does not
 * @param now when this was true
 * @param days the days that have begun, in order
 * @param readTo the last moment that any offset says was read; null when none does
 * @param keptSince the oldest moment that the API still answers for
 */
public record RangeCalendar(
    Instant start,
    @Nullable Instant end,
    Instant now,
    List<CalendarDay> days,
    @Nullable Instant readTo,
    Instant keptSince) {
  private static final Duration HOUR = Duration.ofHours(1);

  /** What follows an offset that is older than this is no live edge. */
  private static final Duration LIVE = Duration.ofDays(1);

  /** For so long a loss is told that nobody can do anything about. */
  private static final Duration TOLD_FOR = Duration.ofDays(7);

  /** Copies the list. */
  public RangeCalendar {
    days = List.copyOf(days);
  }

  /**
   * What a calendar is made for.
   *
   * @param start where the range begins
   * @param end where it ends; null when it does not
   * @param now the present, in whole seconds
   * @param retention how far back the API answers
   * @param lateArrival how long after its time a call may appear
   * @param isRunning whether the connector and its tasks run, and are not known not to read
   * @param readUpTo up to here all is read, as the metrics say; null when that is not known
   */
  public record CalendarScope(
      Instant start,
      @Nullable Instant end,
      Instant now,
      Duration retention,
      Duration lateArrival,
      boolean isRunning,
      @Nullable Instant readUpTo) {}

  /**
   * Makes the calendar.
   *
   * @param audits what the audit topic has; empty where it is not known
   * @throws org.apache.kafka.connect.errors.ConnectException if an offset cannot be used
   */
  public static RangeCalendar of(
      CalendarScope scope, StoredProgress stored, List<AuditedWindow> audits) {
    Instant end = scope.end();
    Instant last = end == null || end.isAfter(scope.now()) ? scope.now() : end.minusSeconds(1);
    List<Split> splits = Split.of(scope.start()).to(Split.of(last)).toList();
    ResumeState resumed = stored.resume(splits, scope.now().minus(scope.lateArrival()));
    Map<Split, DayEvidence> evidence = new HashMap<>();
    splits.forEach(split -> evidence.put(split, stored.evidence(split, resumed)));
    Instant readTo = readTo(evidence.values().stream(), scope);
    boolean isLive =
        readTo != null && scope.isRunning() && !readTo.isBefore(scope.now().minus(LIVE));
    CalendarTimes times =
        new CalendarTimes(
            scope.start(),
            end,
            scope.now(),
            scope.now().minus(scope.retention()),
            isLive ? readTo : null,
            scope.readUpTo());
    Map<Split, List<AuditedWindow>> audited = byDay(audits);
    List<CalendarDay> days = new ArrayList<>();
    for (Split split : splits) {
      DayEvidence known =
          evidence
              .getOrDefault(split, DayEvidence.NONE)
              .with(audited.getOrDefault(split, List.of()));
      TimeRange wanted = DayTimeline.wanted(split, times);
      if (!wanted.isEmpty()) {
        days.add(day(split, wanted, known, times));
      }
    }
    return new RangeCalendar(scope.start(), end, scope.now(), days, readTo, times.keptSince());
  }

  private static CalendarDay day(
      Split split, TimeRange wanted, DayEvidence known, CalendarTimes times) {
    List<CalendarPart> parts = DayTimeline.of(wanted, known, times);
    DayCalls calls = DayCalls.of(known, parts);
    List<CalendarCell> hours = new ArrayList<>();
    Instant hour = split.range().from();
    while (hour.isBefore(split.range().to())) {
      TimeRange part = new TimeRange(hour, hour.plus(HOUR)).intersection(wanted);
      if (!part.isEmpty()) {
        hours.add(CalendarCell.of(part, parts, calls.of(part)));
      }
      hour = hour.plus(HOUR);
    }
    CalendarCell whole = CalendarCell.of(wanted, parts, calls.of(wanted));
    return new CalendarDay(split, whole, hours, parts, known.isReplay(), calls.sums());
  }

  private static @Nullable Instant readTo(Stream<DayEvidence> evidence, CalendarScope scope) {
    return evidence
        .flatMap(day -> Stream.of(day.settled(), day.read(), day.partial()).flatMap(List::stream))
        .map(TimeRange::to)
        .map(to -> to.isAfter(scope.now()) ? scope.now() : to)
        .max(Instant::compareTo)
        .orElse(null);
  }

  /** A window lies within one day. */
  private static Map<Split, List<AuditedWindow>> byDay(List<AuditedWindow> audits) {
    Map<Split, List<AuditedWindow>> byDay = new HashMap<>();
    for (AuditedWindow audit : audits) {
      byDay.computeIfAbsent(Split.of(audit.range().from()), day -> new ArrayList<>()).add(audit);
    }
    return byDay;
  }

  /** How many days are in each state; those in none are left out. */
  public Map<CalendarState, Long> counts() {
    Map<CalendarState, Long> counts = new EnumMap<>(CalendarState.class);
    days.forEach(day -> counts.merge(day.whole().state(), 1L, Long::sum));
    return counts;
  }

  /**
   * The days that are expired or drifted, and that somebody should hear of: those that the API
   * still keeps, or kept until a week ago. An older one cannot be loaded any more.
   */
  public List<CalendarDay> losses() {
    Instant since = keptSince.minus(TOLD_FOR);
    return days.stream()
        .filter(
            day ->
                day.whole().state() == CalendarState.EXPIRED
                    || day.whole().state() == CalendarState.DRIFTED)
        .filter(day -> day.whole().range().to().isAfter(since))
        .toList();
  }

  /** How much of the range that has begun is not known to be read, in seconds. */
  public long unreadSeconds() {
    return days.stream()
        .mapToLong(
            day ->
                day.whole().seconds(CalendarState.UNREAD)
                    + day.whole().seconds(CalendarState.PARTLY_READ))
        .sum();
  }

  /** How many rows could not be converted, as the audit says. */
  public long malformedRows() {
    return days.stream().mapToLong(day -> day.sums().malformed()).sum();
  }

  /** Whether the range has ended. */
  public boolean isOver() {
    return end != null && !end.isAfter(now);
  }

  /** All calls that are known: those of a day, or else of the hours of which they are. */
  public long knownCalls() {
    return days.stream().mapToLong(RangeCalendar::knownCalls).sum();
  }

  private static long knownCalls(CalendarDay day) {
    Long calls = day.whole().calls();
    return calls != null
        ? calls
        : day.hours().stream()
            .map(CalendarCell::calls)
            .filter(Objects::nonNull)
            .mapToLong(Long::longValue)
            .sum();
  }

  /** Of how many days that were begun the number of calls is not known. */
  public long daysWithUnknownCalls() {
    return days.stream()
        .filter(day -> day.whole().calls() == null)
        .filter(
            day ->
                day.whole().state() != CalendarState.UNREAD
                    && day.whole().state() != CalendarState.QUIET
                    && day.whole().state() != CalendarState.EXPIRED
                    && day.whole().state() != CalendarState.AHEAD)
        .count();
  }
}
