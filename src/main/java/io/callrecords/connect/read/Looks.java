package io.callrecords.connect.read;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks again at windows that may have gained records: at neighbours together, since one total can
 * clear them all, and by halves where it does not.
 */
final class Looks {
  private final TaskSplits splits;
  private final Lateness lateness;
  private final Lane lane;

  Looks(TaskSplits splits, Lateness lateness, Lane lane) {
    this.splits = splits;
    this.lateness = lateness;
    this.lane = lane;
  }

  /**
   * Looks at the windows that are due.
   *
   * @param before windows that end later are left out: they are being read anyway
   */
  void atDueWindows(Instant before, Instant now) {
    List<Window> run = new ArrayList<>();
    for (Window window : splits.unsettled()) {
      boolean due =
          !window.range().to().isAfter(before)
              && lateness.isDue(window.range(), window.lookedAt(), now);
      boolean follows =
          !run.isEmpty() && run.get(run.size() - 1).range().to().equals(window.range().from());
      if (!due || !follows) {
        at(run);
        run.clear();
      }
      if (due) {
        run.add(window);
      }
    }
    at(run);
  }

  /** Looks at both halves of a range whose total showed that something in it has changed. */
  void atHalvesOf(TimeRange changed) {
    List<Window> run = windowsIn(changed);
    at(run.subList(0, run.size() / 2));
    at(run.subList(run.size() / 2, run.size()));
  }

  /** Takes note that a range's total has cleared all of its windows. */
  void foundUnchanged(TimeRange range, Instant lookedAt) {
    windowsIn(range).forEach(w -> splits.of(w.range()).unchanged(w.range(), lookedAt));
  }

  private void at(List<Window> run) {
    if (run.size() == 1) {
      lane.readUnless(run.get(0).range(), run.get(0).offset().total());
    } else if (!run.isEmpty()) {
      long sent = run.stream().mapToLong(window -> window.offset().ids().size()).sum();
      Instant from = run.get(0).range().from();
      lane.compare(new TimeRange(from, run.get(run.size() - 1).range().to()), sent);
    }
  }

  private List<Window> windowsIn(TimeRange range) {
    return splits.unsettled().stream().filter(w -> range.contains(w.range())).toList();
  }
}
