package io.callrecords.cli.status;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How many calls were emitted of a day and of its hours, where offsets or audit records tell. */
final class DayCalls {
  private final List<WindowCalls> counted;
  private final List<AuditedWindow> audits;

  /** What adds nothing, since nothing of it is known to have been read. */
  private final List<TimeRange> unread;

  private DayCalls(List<WindowCalls> counted, List<AuditedWindow> audits, List<TimeRange> unread) {
    this.counted = counted;
    this.audits = audits;
    this.unread = unread;
  }

  /**
   * Works it out for a day.
   *
   * @param parts the states of its parts
   */
  static DayCalls of(DayEvidence evidence, List<CalendarPart> parts) {
    List<AuditedWindow> ended = evidence.audits().stream().filter(AuditedWindow::isRead).toList();
    List<AuditedWindow> audits = withoutRepeats(ended);
    List<WindowCalls> counted = new ArrayList<>();
    List<TimeRange> covered = new ArrayList<>();
    for (WindowCalls window : evidence.counted()) {
      counted.add(window);
      covered.add(window.range());
    }
    for (AuditedWindow audit : audits) {
      // An offset is newer: what it counts has been opened again since.
      if (covered.stream().noneMatch(audit.range()::overlaps)) {
        counted.add(new WindowCalls(audit.range(), audit.emitted()));
      }
    }
    List<TimeRange> unread = new ArrayList<>();
    for (CalendarPart part : parts) {
      switch (part.state()) {
        case AHEAD, UNREAD, QUIET -> unread.add(part.range());
        case READ -> {
          // What is read without an offset had no calls, or they would have brought one.
          for (TimeRange rest : part.range().minus(evidence.read())) {
            counted.add(new WindowCalls(rest, 0));
          }
        }
        default -> {}
      }
    }
    return new DayCalls(counted, audits, unread);
  }

  /**
   * The audits of windows that do not overlap: a day that was loaded again has newer ones, which
   * count once they cover as much as the earlier ones.
   */
  private static List<AuditedWindow> withoutRepeats(List<AuditedWindow> all) {
    Comparator<AuditedWindow> byTime = Comparator.comparing(AuditedWindow::settledAt);
    List<AuditedWindow> newest = disjoint(all.stream().sorted(byTime.reversed()).toList());
    List<AuditedWindow> oldest = disjoint(all.stream().sorted(byTime).toList());
    return seconds(newest) >= seconds(oldest) ? newest : oldest;
  }

  private static List<AuditedWindow> disjoint(List<AuditedWindow> ordered) {
    TreeMap<Instant, AuditedWindow> chosen = new TreeMap<>();
    for (AuditedWindow audit : ordered) {
      TimeRange range = audit.range();
      Map.Entry<Instant, AuditedWindow> before = chosen.lowerEntry(range.to());
      if (before == null || !before.getValue().range().overlaps(range)) {
        chosen.put(range.from(), audit);
      }
    }
    return List.copyOf(chosen.values());
  }

  private static long seconds(List<AuditedWindow> windows) {
    return windows.stream().mapToLong(window -> window.range().seconds()).sum();
  }

  /** How many calls a range has; null when windows reach across its ends, or are not known. */
  @Nullable Long of(TimeRange range) {
    List<TimeRange> known = new ArrayList<>(unread);
    long calls = 0;
    boolean hasAny = false;
    for (WindowCalls window : counted) {
      if (window.range().overlaps(range)) {
        if (window.calls() > 0 && !range.contains(window.range())) {
          return null;
        }
        calls += window.calls();
        known.add(window.range());
        hasAny = true;
      }
    }
    return hasAny && range.minus(known).isEmpty() ? calls : null;
  }

  /** What the audit adds up to. */
  AuditSums sums() {
    return AuditSums.of(audits);
  }
}
