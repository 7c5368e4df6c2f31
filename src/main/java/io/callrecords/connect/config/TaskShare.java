package io.callrecords.connect.config;

/**
 * Which of the tasks that share the rate limit this one is.
 *
 * @param index number of the task, from 0
 * @param count number of tasks
 */
public record TaskShare(int index, int count) {
  /** The only task. */
  public static final TaskShare ALONE = new TaskShare(0, 1);
}
