package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The days that a task reads: some of the backlog and, where it has the open end, all to come,
 * which are opened one after another as they begin.
 */
final class AssignedDays {
  private final ReadOptions options;
  private final List<Split> backlog;
  private final Set<Split> backlogSet;
  private final @Nullable Split openFrom;
  private @Nullable Split next;

  AssignedDays(ReadOptions options, Assignment assignment) {
    this.options = options;
    this.backlog = assignment.days().stream().filter(day -> !wanted(day).isEmpty()).toList();
    this.backlogSet = new HashSet<>(backlog);
    this.openFrom = assignment.openFrom();
    this.next = openFrom;
  }

  /** All days that have begun by a moment and were not opened; the oldest first. */
  List<Split> all(Instant now) {
    List<Split> days = new ArrayList<>(backlog);
    days.addAll(newDays(now));
    return days;
  }

  /** The days of the open end that have begun by a moment and were not opened, in order. */
  List<Split> newDays(Instant moment) {
    return next == null
        ? List.of()
        : next.to(Split.of(moment)).filter(day -> !wanted(day).isEmpty()).toList();
  }

  /** Takes note that days were opened. */
  void opened(Collection<Split> days) {
    Split first = next;
    for (Split day : days) {
      if (first != null && day.compareTo(first) >= 0) {
        first = day.next();
      }
    }
    next = first;
  }

  /** Where the days end that were opened; far ahead when the task has no open end. */
  Instant openedUpTo() {
    return next == null ? Instant.MAX : next.range().from();
  }

  /** Whether a day is one of the task's that were opened; those of the backlog count as such. */
  boolean isOpened(Split day) {
    return backlogSet.contains(day)
        || (openFrom != null
            && next != null
            && day.compareTo(openFrom) >= 0
            && day.compareTo(next) < 0);
  }

  /** The part of a day that lies in the range; empty when none does. */
  TimeRange wanted(Split day) {
    TimeRange whole = day.range();
    Instant end = options.end();
    Instant to = end == null || end.isAfter(whole.to()) ? whole.to() : end;
    Instant from = options.start().isAfter(whole.from()) ? options.start() : whole.from();
    return from.isBefore(to) ? new TimeRange(from, to) : new TimeRange(whole.from(), whole.from());
  }
}
