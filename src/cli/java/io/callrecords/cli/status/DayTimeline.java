package io.callrecords.cli.status;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts a day together from what is known of it: the strongest evidence of each second counts. */
final class DayTimeline {
  private final DayEvidence evidence;
  private final CalendarTimes times;
  private final List<CalendarPart> parts = new ArrayList<>();
  private List<TimeRange> open;

  private DayTimeline(TimeRange past, DayEvidence evidence, CalendarTimes times) {
    this.open = past.isEmpty() ? List.of() : List.of(past);
    this.evidence = evidence;
    this.times = times;
  }

  /**
   * The parts of a day, in order and without gaps.
   *
   * @param wanted what of the day lies in the connector's range
   */
  static List<CalendarPart> of(TimeRange wanted, DayEvidence evidence, CalendarTimes times) {
    Instant now = clamp(times.now(), wanted);
    TimeRange past = new TimeRange(wanted.from(), now);
    DayTimeline timeline = new DayTimeline(past, evidence, times);
    timeline.paintKnown();
    timeline.paintUnknown();
    TimeRange ahead = new TimeRange(now, wanted.to());
    if (!ahead.isEmpty()) {
      timeline.parts.add(new CalendarPart(ahead, CalendarState.AHEAD));
    }
    return timeline.joined();
  }

  /** What of a day lies in the connector's range; empty when nothing does. */
  static TimeRange wanted(Split day, CalendarTimes times) {
    TimeRange whole = day.range();
    Instant from = clamp(times.start(), whole);
    Instant end = times.end() == null ? whole.to() : clamp(times.end(), whole);
    return new TimeRange(from, end.isBefore(from) ? from : end);
  }

  private static Instant clamp(Instant time, TimeRange range) {
    if (time.isBefore(range.from())) {
      return range.from();
    }
    return time.isAfter(range.to()) ? range.to() : time;
  }

  private void paintKnown() {
    paint(drifted(), CalendarState.DRIFTED);
    paint(expired(), CalendarState.EXPIRED);
    List<TimeRange> settled = new ArrayList<>();
    evidence.settled().forEach(range -> settled.addAll(range.minus(evidence.partial())));
    paint(settled, CalendarState.SETTLED);
    paint(evidence.read(), CalendarState.READ);
    paint(evidence.partial(), CalendarState.PARTLY_READ);
  }

  /** What no offset covers. */
  private void paintUnknown() {
    TimeRange forgotten = before(times.keptSince());
    // What cannot be read any more was read if an audit says so, though its offset is gone.
    for (AuditedWindow audit : evidence.audits()) {
      if (audit.isRead()) {
        paint(List.of(audit.range().intersection(forgotten)), CalendarState.SETTLED);
      }
    }
    paint(List.of(forgotten), CalendarState.EXPIRED);
    paint(List.of(before(times.readUpTo())), CalendarState.READ);
    Instant frontier = times.frontier();
    if (frontier != null) {
      paint(List.of(new TimeRange(frontier, later(frontier, times.now()))), CalendarState.QUIET);
    }
    paint(List.copyOf(open), CalendarState.UNREAD);
  }

  private static TimeRange before(@Nullable Instant moment) {
    return new TimeRange(Instant.EPOCH, moment == null ? Instant.EPOCH : moment);
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /** Windows that have grown since they were settled, and were not read again since. */
  private List<TimeRange> drifted() {
    return unlessReadAgain(WindowOutcome.DRIFTED);
  }

  /** Windows that the API no longer returned, of which no audit says that they were read. */
  private List<TimeRange> expired() {
    List<TimeRange> read =
        evidence.audits().stream().filter(AuditedWindow::isRead).map(AuditedWindow::range).toList();
    List<TimeRange> expired = new ArrayList<>();
    for (AuditedWindow audit : evidence.audits()) {
      if (audit.outcome() == WindowOutcome.EXPIRED
          || audit.outcome() == WindowOutcome.UNCONFIRMED) {
        expired.addAll(audit.range().minus(read));
      }
    }
    return expired;
  }

  private List<TimeRange> unlessReadAgain(WindowOutcome outcome) {
    List<TimeRange> ranges = new ArrayList<>();
    for (AuditedWindow audit : evidence.audits()) {
      if (audit.outcome() == outcome) {
        List<TimeRange> since =
            evidence.audits().stream()
                .filter(other -> other.isRead() && other.settledAt().isAfter(audit.settledAt()))
                .map(AuditedWindow::range)
                .toList();
        ranges.addAll(audit.range().minus(since));
      }
    }
    return ranges;
  }

  private void paint(List<TimeRange> ranges, CalendarState state) {
    for (TimeRange range : ranges) {
      List<TimeRange> rest = new ArrayList<>();
      for (TimeRange part : open) {
        TimeRange both = part.intersection(range);
        if (!both.isEmpty()) {
          parts.add(new CalendarPart(both, state));
        }
        rest.addAll(both.isEmpty() ? List.of(part) : part.minus(List.of(both)));
      }
      open = rest;
    }
  }

  /** In order; neighbours of one state are one. */
  private List<CalendarPart> joined() {
    parts.sort(Comparator.comparing(part -> part.range().from()));
    List<CalendarPart> joined = new ArrayList<>();
    for (CalendarPart part : parts) {
      CalendarPart last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
      if (last != null && last.state() == part.state()) {
        TimeRange both = new TimeRange(last.range().from(), part.range().to());
        joined.set(joined.size() - 1, new CalendarPart(both, part.state()));
      } else {
        joined.add(part);
      }
    }
    return joined;
  }
}
