package io.callrecords.cli.reconcile;

import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the audit topic says of a range: one account for each window that has ended. */
final class AuditWindows {
  private final List<AuditedRange> windows = new ArrayList<>();

  /** For the windows of all lengths: how long the longest is. */
  private long longestSeconds;

  private boolean isSorted = true;

  /**
   * The account of a window, as far as it matters here.
   *
   * @param from its first second, of the epoch
   * @param to the second after its last
   * @param rows how many different rows the API returned last
   * @param emitted how many calls were emitted
   * @param settledAt when it ended; null where that is not said
   */
  record AuditedRange(
      long from, long to, String outcome, long rows, long emitted, @Nullable Instant settledAt) {
    /** Whether it ended like this. */
    boolean has(WindowOutcome other) {
      return outcome.equals(other.auditValue());
    }

    /** Whether what was read of it is complete. */
    boolean isComplete() {
      return has(WindowOutcome.SETTLED);
    }
  }

  /**
   * Adds an audit record.
   *
   * @param fields its fields, as texts
   * @param layout tells how times are written
   */
  void add(Map<String, String> fields, CallLayout layout) {
    Instant from = layout.moment(either(fields, "windowStart", "from"));
    Instant to = layout.moment(either(fields, "windowEnd", "to"));
    if (from == null || to == null) {
      return;
    }
    windows.add(
        new AuditedRange(
            from.getEpochSecond(),
            to.getEpochSecond(),
            fields.getOrDefault("outcome", ""),
            number(either(fields, "distinctRows", "distinct")),
            number(fields.get("emitted")),
            layout.moment(fields.get("settledAt"))));
    longestSeconds = Math.max(longestSeconds, to.getEpochSecond() - from.getEpochSecond());
    isSorted = false;
  }

  private static @Nullable String either(Map<String, String> fields, String name, String old) {
    String value = fields.get(name);
    return value == null ? fields.get(old) : value;
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
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
  List<AuditedRange> at(long second) {
    sort();
    List<AuditedRange> found = new ArrayList<>();
    for (int i = firstFrom(second - longestSeconds); i < windows.size(); i++) {
      AuditedRange window = windows.get(i);
      if (window.from() > second) {
        break;
      }
      if (second < window.to()) {
        found.add(window);
      }
    }
    return found;
  }

  private void sort() {
    if (!isSorted) {
      windows.sort(Comparator.comparingLong(AuditedRange::from));
      isSorted = true;
    }
  }

  /** The place of the first window that begins at a second, or after it. */
  private int firstFrom(long second) {
    int low = 0;
    int high = windows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (windows.get(middle).from() < second) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether calls of a second were emitted for a second time, since a range was loaded again. */
  boolean isLoadedAgain(long second) {
    return at(second).stream()
            .filter(window -> window.emitted() > 0 && !window.has(WindowOutcome.DRIFTED))
            .count()
        > 1;
  }
}
