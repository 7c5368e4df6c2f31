package io.callrecords.connect.schedule;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.WindowLimits;
import io.callrecords.connect.split.ZoneTransitions;
import io.callrecords.connect.state.JournalLimits;
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
 * @param windowLimits how large windows are
 * @param transitions when the clocks of the API's zone are set
 * @param splits what is known of them
 * @param counts what was handed over
 * @param journalLimits how much an offset may hold
 * @param clock the API's time of day, as far as known
 */
record TaskContext(
    ReadOptions options,
    Assignment assignment,
    WindowLimits windowLimits,
    ZoneTransitions transitions,
    EventLoop loop,
    TaskSplits splits,
    TaskCounts counts,
    JournalLimits journalLimits,
    Supplier<Instant> clock) {
  /** A task that has not begun. */
  static TaskContext create(
      ReadOptions options,
      Assignment assignment,
      WindowLimits windowLimits,
      ZoneTransitions transitions,
      EventLoop loop,
      JournalLimits journalLimits,
      Supplier<Instant> clock) {
    TaskCounts counts = new TaskCounts();
    TaskSplits splits =
        new TaskSplits(
            options,
            assignment,
            policy(options, transitions),
            windowLimits,
            counts,
            journalLimits,
            loop.invariants());
    return new TaskContext(
        options, assignment, windowLimits, transitions, loop, splits, counts, journalLimits, clock);
  }

  private static RecheckPolicy policy(ReadOptions options, ZoneTransitions transitions) {
    return new RecheckPolicy(options.pollInterval(), options.lateArrival(), transitions);
  }

  /** When windows are rechecked. */
  RecheckPolicy policy() {
    return policy(options, transitions);
  }

  /** The API's time of day, in whole seconds. */
  Instant now() {
    return clock.get().truncatedTo(ChronoUnit.SECONDS);
  }

  /** The same task as if it had not begun, to try something out. */
  TaskContext anew() {
    return create(options, assignment, windowLimits, transitions, loop, journalLimits, clock);
  }
}
