package io.callrecords.connect.schedule;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.TaskCounts;
import io.callrecords.connect.state.TaskSplits;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Supplier;

/**
 * What all parts of a task share.
 *
 * @param assignment the task's days
 * @param splits what is known of them
 * @param counts what was handed over
 * @param clock the API's time of day, as far as known
 */
record TaskContext(
    ReadOptions options,
    Assignment assignment,
    WindowLimits size,
    EventLoop loop,
    TaskSplits splits,
    TaskCounts counts,
    Supplier<Instant> clock) {
  /** A task that has not begun. */
  static TaskContext create(
      ReadOptions options,
      Assignment assignment,
      WindowLimits size,
      EventLoop loop,
      Supplier<Instant> clock) {
    TaskCounts counts = new TaskCounts();
    TaskSplits splits =
        new TaskSplits(options, assignment, policy(options), size, counts, loop.invariants());
    return new TaskContext(options, assignment, size, loop, splits, counts, clock);
  }

  private static RecheckPolicy policy(ReadOptions options) {
    return new RecheckPolicy(options.pollInterval(), options.lateArrival());
  }

  /** When windows are rechecked. */
  RecheckPolicy policy() {
    return policy(options);
  }

  /** The API's time of day, in whole seconds. */
  Instant now() {
    return clock.get().truncatedTo(ChronoUnit.SECONDS);
  }

  /** The same task as if it had not begun, to try something out. */
  TaskContext anew() {
    return create(options, assignment, size, loop, clock);
  }
}
