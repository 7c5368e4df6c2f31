package io.callrecords.connect.loop;

import java.time.Duration;
import java.time.Instant;

/**
 * The one thread that a task's decisions are made on, and its clock.
 *
 * <p>Everything that reads or changes a task's state runs here, one thing after another; what runs
 * here never blocks. A test hands in one whose time is made up.
 */
public interface EventLoop {
  /** Runs a step soon, after the ones already waiting; does nothing once the loop is closed. */
  void execute(Runnable step);

  /** Runs a step after a delay; does nothing once the loop is closed. */
  void schedule(Duration delay, Runnable step);

  /** Time since some fixed moment, which never jumps. */
  Duration uptime();

  /** The time of day that this machine believes in; it may be wrong, and it may jump. */
  Instant wallClock();

  /** Whether the caller is a step of this loop. */
  boolean isOnLoop();

  /** Where broken invariants of what runs on this loop are reported. */
  Invariants invariants();

  /** Reports a caller that is no step of this loop, although what it touches belongs to it. */
  default void checkOnLoop() {
    invariants().check(isOnLoop(), "state of the event loop is used outside of it");
  }
}
