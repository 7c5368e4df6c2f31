package io.callrecords.connect.split;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The splits of a range, and which task reads which.
 *
 * <p>The splits depend on the range alone; only their assignment depends on the number of tasks.
 */
public final class SplitPlan {
  private static final int DAYS_OF_A_WEEK = 7;

  /** At most this share of the days is a small remainder. */
  private static final double SMALL_REMAINDER = .25;

  /**
   * A weekend without calls, and a first day of which only a part is wanted, may count as unread.
   */
  private static final int BESIDE_ONE_A_TASK = 3;

  private final List<Split> days;
  private final List<Split> left;
  private final long unread;
  private final @Nullable Split openFrom;

  private SplitPlan(List<Split> days, List<Split> left, long unread, @Nullable Split openFrom) {
    this.days = days;
    this.left = left;
    this.unread = unread;
    this.openFrom = openFrom;
  }

  /**
   * Plans a range.
   *
   * @param start its first second
   * @param end the second after its last, or null when it has no end
   * @param settledBefore what is older than this no longer changes; the split that holds it begins
   *     the open end, so that a single task rechecks what may still change
   * @param done splits that are settled, and need no task once the backlog is read
   * @param readOnce splits that were read, and of which no offset says that all is settled
   */
  public static SplitPlan of(
      Instant start,
      @Nullable Instant end,
      Instant settledBefore,
      Set<Split> done,
      Set<Split> readOnce) {
    Split open = Split.of(settledBefore.isBefore(start) ? start : settledBefore);
    List<Split> days =
        Split.of(start).to(open).filter(day -> !day.equals(open) && !isOver(day, end)).toList();
    List<Split> left = days.stream().filter(day -> !done.contains(day)).toList();
    long unread = left.stream().filter(day -> !readOnce.contains(day)).count();
    return new SplitPlan(days, left, unread, isOver(open, end) ? null : open);
  }

  private static boolean isOver(Split split, @Nullable Instant end) {
    return end != null && !split.range().from().isBefore(end);
  }

  /**
   * Assigns the days to tasks in turn, the oldest first, since they expire first, and the open end
   * last.
   *
   * <p>Five days (D1 to D5) and the open end (D6/..) with three tasks:
   *
   * <pre>
   * task 0: D1, D4
   * task 1: D2, D5
   * task 2: D3, D6/..
   * </pre>
   *
   * <p>With seven tasks, or a multiple of seven, each further round begins one task later. Without
   * that, one task would have all the Sundays and another all the Mondays, and their work would
   * differ.
   *
   * <p>While there is a backlog, all days are assigned, read or not: the answer does not depend on
   * how far the reading has come, and no task moves for nothing. Once hardly more days are unread
   * than there are tasks, one task gets what is left, and with it the whole rate. Whether the last
   * day of a task was read to its end cannot be known if it ended without a call: each task may
   * leave one such day, and the days without calls that follow it.
   *
   * @param maxTasks the largest number of tasks
   * @return one assignment for each task, none of them empty; no assignment if there is nothing to
   *     read
   */
  public List<Assignment> assign(int maxTasks) {
    return assign(maxTasks, DayVolumes.UNKNOWN);
  }

  /**
   * Assigns the days to tasks as {@link #assign(int)} does, but each to the task that has the least
   * to read so far, where it is known how much they hold. The tasks then begin with the oldest days
   * as well, and hold about as much of any stretch of days that is still unread.
   *
   * @param maxTasks the largest number of tasks
   * @param volumes how much the days hold
   * @return one assignment for each task, none of them empty; no assignment if there is nothing to
   *     read
   */
  public List<Assignment> assign(int maxTasks, DayVolumes volumes) {
    if (unread < maxTasks + BESIDE_ONE_A_TASK && unread <= SMALL_REMAINDER * days.size()) {
      return left.isEmpty() && openFrom == null
          ? List.of()
          : List.of(new Assignment(left, openFrom));
    }
    int tasks = Math.min(maxTasks, days.size() + (openFrom == null ? 0 : 1));
    List<List<Split>> own = new ArrayList<>(tasks);
    for (int task = 0; task < tasks; task++) {
      own.add(new ArrayList<>());
    }
    IntFunction<Integer> turn =
        volumes.areKnown() ? lightest(tasks, volumes) : item -> taskOf(item, tasks);
    for (int i = 0; i < days.size(); i++) {
      own.get(turn.apply(i)).add(days.get(i));
    }
    int openTask = openFrom == null ? -1 : turn.apply(days.size());
    List<Assignment> result = new ArrayList<>(tasks);
    for (int task = 0; task < tasks; task++) {
      result.add(new Assignment(own.get(task), task == openTask ? openFrom : null));
    }
    return result;
  }

  /** Yields, for one item after the other, the task that has the least to read. */
  private IntFunction<Integer> lightest(int tasks, DayVolumes volumes) {
    double[] requests = new double[tasks];
    return item -> {
      int lightest = 0;
      for (int task = 1; task < tasks; task++) {
        if (requests[task] < requests[lightest]) {
          lightest = task;
        }
      }
      if (item < days.size()) {
        requests[lightest] += volumes.requests(days.get(item));
      }
      return lightest;
    };
  }

  private static int taskOf(int item, int tasks) {
    int round = item / tasks;
    return (item + (tasks % DAYS_OF_A_WEEK == 0 ? round : 0)) % tasks;
  }

  /** The days before the open end. */
  public List<Split> days() {
    return days;
  }

  /** The first day of the open end, or null where the range has an end that no longer changes. */
  public @Nullable Split openFrom() {
    return openFrom;
  }

  /** How much there is to read, in a few words. */
  @Override
  public String toString() {
    String span =
        days.isEmpty() ? "" : " (" + days.get(0) + " to " + days.get(days.size() - 1) + ")";
    return days.size()
        + " days"
        + span
        + ", "
        + unread
        + " of them unread, "
        + (openFrom == null ? "no open end" : "open end from " + openFrom);
  }
}
