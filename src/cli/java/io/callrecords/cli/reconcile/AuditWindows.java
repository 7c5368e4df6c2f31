package io.callrecords.cli.reconcile;

import io.callrecords.cli.topic.AuditedWindow;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the audit topic says of a range: one account for each window that has ended. */
final class AuditWindows {
  private final List<AuditedWindow> windows = new ArrayList<>();

  /** For the windows of all lengths: how long the longest is. */
  private long longestSeconds;

  private boolean isSorted = true;

  /** Adds one. */
  void add(AuditedWindow window) {
    windows.add(window);
    longestSeconds = Math.max(longestSeconds, window.range().seconds());
    isSorted = false;
  }

  /** Whether there is none. */
  boolean isEmpty() {
    return windows.isEmpty();
  }

  /** How many there are. */
  int size() {
    return windows.size();
  }

  /** The accounts of windows that hold a second. */
  List<AuditedWindow> at(long second) {
    sort();
    List<AuditedWindow> found = new ArrayList<>();
    for (int i = firstFrom(second - longestSeconds); i < windows.size(); i++) {
      AuditedWindow window = windows.get(i);
      if (window.range().from().getEpochSecond() > second) {
        break;
      }
      if (window.range().contains(second)) {
        found.add(window);
      }
    }
    return found;
  }

  private void sort() {
    if (!isSorted) {
      windows.sort(Comparator.comparing(window -> window.range().from()));
      isSorted = true;
    }
  }

  /** The place of the first window that begins at a second, or after it. */
  private int firstFrom(long second) {
    int low = 0;
    int high = windows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (windows.get(middle).range().from().getEpochSecond() < second) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Which window ended, and when: an audit with the same of both was sent twice. */
  private record WindowEnd(TimeRange range, Instant settledAt) {}

  /**
   * Whether calls of a second were emitted for a second time, since a range was loaded again. A
   * window that ended once, whose audit came twice, was sent twice, as after a crash.
   */
  boolean isLoadedAgain(long second) {
    return at(second).stream()
            .filter(window -> window.emitted() > 0 && window.outcome() != WindowOutcome.DRIFTED)
            .map(window -> new WindowEnd(window.range(), window.settledAt()))
            .distinct()
            .count()
        > 1;
  }
}
