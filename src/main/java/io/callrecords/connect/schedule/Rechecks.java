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
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rechecks windows that may have gained records: neighbours together, since one total can clear
 * them all, and by halves where it does not.
 *
 * <p>The last recheck reads a window whole: a total cannot tell a window that has lost a record and
 * gained another from one that has not changed, and what was emitted is compared with what the API
 * returns before it is forgotten.
 */
final class Rechecks {
  private static final Logger LOG = LoggerFactory.getLogger(Rechecks.class);

  /** The API answers for 31 days at most; a day is far enough for one total. */
  private static final Duration LONGEST_RUN = Duration.ofDays(1);

  private static final Duration EXPIRES_SOON = Duration.ofDays(1);

  private final TaskSplits splits;
  private final RecheckPolicy policy;
  private final Duration retention;
  private final boolean updates;
  private final RangeQueue queue;
  private final BooleanSupplier totalsCountRows;

  /**
   * Creates rechecks.
   *
   * @param queue requests what is rechecked
   * @param totalsCountRows whether the API's totals are known to be no other than the number of
   *     rows
   */
  Rechecks(TaskContext task, RangeQueue queue, BooleanSupplier totalsCountRows) {
    this.splits = task.splits();
    this.policy = task.policy();
    this.retention = task.options().retention();
    this.updates = task.options().updates();
    this.queue = queue;
    this.totalsCountRows = totalsCountRows;
  }

  /**
   * Requests the windows that are due, the newest first: they are the ones that most likely have
   * gained records, and after a start all of a busy day is due. Windows that the API will soon no
   * longer return come before them.
   *
   * @param reading windows there are left out: they are read or rechecked anyway
   */
  void requestDue(Instant now, RangeSet reading) {
    List<List<Window>> runs = new ArrayList<>();
    List<Window> run = new ArrayList<>();
    List<TimeRange> readWhole = new ArrayList<>();
    for (Window window : splits.unsettled().all()) {
      boolean free = !reading.overlaps(window.range()) && !isDoubted(window, now);
      boolean whole = free && isDueWhole(window, now);
      boolean due = free && !whole && policy.isDue(window.range(), window.recheckedAt(), now);
      if (!due || run.isEmpty() || !mayJoin(run, window)) {
        run = new ArrayList<>();
        runs.add(run);
      }
      if (due) {
        run.add(window);
      }
      if (whole) {
        readWhole.add(window.range());
      }
    }
    Collections.reverse(runs);
    runs.forEach(this::compare);
    Instant expiring = now.minus(retention).plus(EXPIRES_SOON);
    readWhole.stream().filter(range -> range.from().isBefore(expiring)).forEach(this::readWhole);
    Collections.reverse(readWhole);
    readWhole.stream().filter(range -> !range.from().isBefore(expiring)).forEach(this::readWhole);
  }

  private void readWhole(TimeRange range) {
    LOG.debug("Reading {} whole again", range);
    queue.read(range);
  }

  /**
   * Whether a window could be settled if its last reading had proven that it is empty: an API that
   * returns no data for an old window, and has never returned a page, gets time, and so does one
   * that returns nothing any more of what was emitted.
   */
  private boolean isDoubted(Window window, Instant now) {
    boolean hasEmitted = window.offset().ids().size() > 0;
    return window.offset().total() == (hasEmitted ? 0 : WindowOffset.UNKNOWN)
        && policy.isSettled(window.range(), window.readAt())
        && now.isBefore(window.readAt().plus(RecheckPolicy.BETWEEN_DOUBTFUL_READS));
  }

  private boolean isDueWhole(Window window, Instant now) {
    return policy.isSettled(window.range(), now)
        || (updates && policy.isDueForChanges(window.range(), window.readAt(), now));
  }

  private boolean mayJoin(List<Window> run, Window next) {
    Window last = run.get(run.size() - 1);
    Duration length = Duration.between(run.get(0).range().from(), next.range().to());
    return totalsCountRows.getAsBoolean()
        && last.range().to().equals(next.range().from())
        && length.compareTo(LONGEST_RUN) <= 0
        && returnsAll(last)
        && returnsAll(next);
  }

  /** A record that the API no longer returns would make up for a new one in a sum. */
  private static boolean returnsAll(Window window) {
    long total = window.offset().total();
    return total == WindowOffset.UNKNOWN || total >= window.offset().ids().size();
  }

  /** Compares both halves of a range whose total showed that something in it has changed. */
  void halve(TimeRange changed) {
    List<Window> run = splits.unsettled().in(changed);
    compare(run.subList(0, run.size() / 2));
    compare(run.subList(run.size() / 2, run.size()));
  }

  /** Takes note that a range's total has cleared all of its windows. */
  void foundUnchanged(TimeRange range, Instant recheckedAt) {
    splits.foundUnchanged(range, recheckedAt);
  }

  private void compare(List<Window> run) {
    if (run.isEmpty()) {
      return;
    }
    Instant from = run.get(0).range().from();
    TimeRange range = new TimeRange(from, run.get(run.size() - 1).range().to());
    LOG.debug("Rechecking {} ({} windows)", range, run.size());
    if (run.size() == 1) {
      queue.readUnless(range, run.get(0).offset().total());
    } else {
      queue.compare(range, run.stream().mapToLong(window -> window.offset().ids().size()).sum());
    }
  }
}
