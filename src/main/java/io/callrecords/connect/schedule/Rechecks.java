package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.TaskSplits;
import io.callrecords.connect.state.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks again at windows that may have gained records: at neighbours together, since one total can
 * clear them all, and by halves where it does not.
 *
 * <p>The last look reads a window whole: a total cannot tell a window that has lost a record and
 * gained another from one that has not changed, and what was sent is compared with what the API
 * shows before it is forgotten.
 */
public final class Rechecks {
  /** The API answers for 31 days at most; a day is far enough for one total. */
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private final TaskSplits splits;
  private final RecheckPolicy lateness;
  private final boolean updates;
  private final RangeQueue lane;

  /**
   * Creates looks.
   *
   * @param updates whether windows are read for records that have changed, too
   */
  Rechecks(TaskSplits splits, RecheckPolicy lateness, boolean updates, RangeQueue lane) {
    this.updates = updates;
    this.splits = splits;
    this.lateness = lateness;
    this.lane = lane;
  }

  /**
   * Looks at the windows that are due.
   *
   * @param beingRead windows there are left out: they are read or looked at anyway
   */
  void atDueWindows(Instant now, List<TimeRange> beingRead) {
    List<Window> run = new ArrayList<>();
    for (Window window : splits.unsettled()) {
      boolean readAnyway = beingRead.stream().anyMatch(window.range()::overlaps);
      boolean whole = !readAnyway && isDueWhole(window, now);
      boolean due =
          !readAnyway && !whole && lateness.isDue(window.range(), window.recheckedAt(), now);
      boolean follows = !run.isEmpty() && mayJoin(run, window);
      if (!due || !follows) {
        at(run);
        run.clear();
      }
      if (due) {
        run.add(window);
      }
      if (whole) {
        lane.read(window.range());
      }
    }
    at(run);
  }

  private boolean isDueWhole(Window window, Instant now) {
    return lateness.isSettled(window.range(), now)
        || (updates && lateness.isDueForChanges(window.range(), window.readAt(), now));
  }

  private static boolean mayJoin(List<Window> run, Window next) {
    Window last = run.get(run.size() - 1);
    return last.range().to().equals(next.range().from())
        && Duration.between(run.get(0).range().from(), next.range().to()).compareTo(LONGEST_RUN)
            <= 0
        && showsAll(last)
        && showsAll(next);
  }

  /** A record that the API shows no more would make up for a new one in a sum. */
  private static boolean showsAll(Window window) {
    long total = window.offset().total();
    return total == WindowOffset.UNKNOWN || total >= window.offset().ids().size();
  }

  /** Looks at both halves of a range whose total showed that something in it has changed. */
  void atHalvesOf(TimeRange changed) {
    List<Window> run = windowsIn(changed);
    at(run.subList(0, run.size() / 2));
    at(run.subList(run.size() / 2, run.size()));
  }

  /** Takes note that a range's total has cleared all of its windows. */
  void foundUnchanged(TimeRange range, Instant recheckedAt) {
    splits.foundUnchanged(range, recheckedAt);
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
