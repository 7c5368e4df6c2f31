package io.callrecords.connect.config;

/**
 * Which of the tasks that share the rate this one is.
 *
 * @param index its number, from 0
 * @param count how many they are
 */
public record TaskShare(int index, int count) {
  /** The only task. */
  public static final TaskShare ALONE = new TaskShare(0, 1);
}
