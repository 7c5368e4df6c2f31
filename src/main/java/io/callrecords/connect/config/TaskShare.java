package io.callrecords.connect.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Which of the tasks that share the rate limit this one is, and how much of it each of them has.
 *
 * @param index number of the task, from 0
 * @param weights what each task has of the rate, and of the requests in flight, in proportion
 */
public record TaskShare(int index, List<Integer> weights) {
  /** The only task. */
  public static final TaskShare ALONE = new TaskShare(0, 1);

  /** So many requests one task has in flight at most, as its setting says, too. */
  static final int MAX_REQUESTS = 64;

  /** Copies the list. */
  public TaskShare {
    weights = List.copyOf(weights);
  }

  /**
   * A share of the same size as each other's.
   *
   * @param index number of the task, from 0
   * @param count number of tasks
   */
  public TaskShare(int index, int count) {
    this(index, Collections.nCopies(count, 1));
  }

  /** Number of tasks. */
  public int count() {
    return weights.size();
  }

  /**
   * How many requests this task may have in flight. Together, the tasks have as many as if each had
   * the same; they are dealt so that no task has much more to read with each of them than another.
   *
   * @param perTask how many each task would have
   */
  public int requests(int perTask) {
    int[] own = new int[count()];
    Arrays.fill(own, 1);
    for (int left = (perTask - 1) * count(); left > 0; left--) {
      int neediest = neediest(own);
      if (neediest < 0) {
        break;
      }
      own[neediest]++;
    }
    return own[index];
  }

  /** The task that has the most to read with each request; -1 where none may have another. */
  private int neediest(int[] own) {
    int neediest = -1;
    for (int task = 0; task < own.length; task++) {
      if (own[task] < MAX_REQUESTS
          && (neediest < 0
              || (long) weights.get(task) * own[neediest]
                  > (long) weights.get(neediest) * own[task])) {
        neediest = task;
      }
    }
    return neediest;
  }
}
