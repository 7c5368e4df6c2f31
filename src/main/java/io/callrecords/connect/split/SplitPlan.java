package io.callrecords.connect.split;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which splits a range has, and which task reads which.
 *
 * <p>The splits depend on the range alone. Only their distribution depends on the number of tasks.
 */
public final class SplitPlan {
  private static final int DAYS_OF_A_WEEK = 7;

  /** So much of the days, at most, is a small rest. */
  private static final double SMALL_REMAINDER = .25;

  /** A weekend without calls, and a first day of which a part is wanted, may count as unread. */
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
   *     the open end, so that one task alone looks at what may still change
   * @param done splits that are settled, and need no task once the backlog is read
   * @param withoutCalls splits that have been read and have nothing to show for it
   */
  public static SplitPlan of(
      Instant start,
      @Nullable Instant end,
      Instant settledBefore,
      Set<Split> done,
      Set<Split> withoutCalls) {
    Split open = Split.of(settledBefore.isBefore(start) ? start : settledBefore);
    List<Split> days =
        Split.of(start).to(open).filter(day -> !day.equals(open) && !isOver(day, end)).toList();
    List<Split> left = days.stream().filter(day -> !done.contains(day)).toList();
    long unread = left.stream().filter(day -> !withoutCalls.contains(day)).count();
    return new SplitPlan(days, left, unread, isOver(open, end) ? null : open);
  }

  private static boolean isOver(Split split, @Nullable Instant end) {
    return end != null && !split.range().from().isBefore(end);
  }

  /**
   * Deals the days out, the oldest first, one to each task in turn, the open end last.
   *
   * <p>Five days (D1 to D5) and the open end (D6/..) over three tasks:
   *
   * <pre>
   * task 0: D1, D4
   * task 1: D2, D5
   * task 2: D3, D6/..
   * </pre>
   *
   * <p>With seven tasks, or a multiple of it, each further round begins one task later: else one
   * task would have all Sundays, another all Mondays, and what they have to read would not be
   * alike.
   *
   * <p>While there is a backlog, all days are dealt out, read or not, so that the answer stays the
   * same however far the reading is, and no task is moved for nothing. Once hardly more days are
   * unread than there are tasks, which is a small rest of them, one task gets what is left, and the
   * whole rate. Of the last day that a task has read, nobody can know whether it was read to its
   * end when it ended without a call: each task may leave one such day, and those without calls
   * that follow it.
   *
   * @param maxTasks the most tasks
   * @return one assignment a task, none of them empty; no assignment when there is nothing to read
   */
  public List<Assignment> assign(int maxTasks) {
    if (unread < maxTasks + BESIDE_ONE_A_TASK && unread <= SMALL_REMAINDER * days.size()) {
      return left.isEmpty() && openFrom == null
          ? List.of()
          : List.of(new Assignment(left, openFrom));
    }
    int items = days.size() + (openFrom == null ? 0 : 1);
    int tasks = Math.min(maxTasks, items);
    List<Assignment> result = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      List<Split> own = new ArrayList<>();
      for (int i = 0; i < days.size(); i++) {
        if (taskOf(i, tasks) == task) {
          own.add(days.get(i));
        }
      }
      boolean ownsOpenEnd = openFrom != null && taskOf(days.size(), tasks) == task;
      result.add(new Assignment(own, ownsOpenEnd ? openFrom : null));
    }
    return result;
  }

  private static int taskOf(int item, int tasks) {
    int round = item / tasks;
    return (item + (tasks % DAYS_OF_A_WEEK == 0 ? round : 0)) % tasks;
  }
}
