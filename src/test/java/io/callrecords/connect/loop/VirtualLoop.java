package io.callrecords.connect.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * An event loop whose time is made up: it stands still while a step runs and jumps to the next one,
 * so that a test lives through a week in milliseconds and in the same order each time.
 *
 * <p>Steps run in the order of their time, and of their arrival where that is equal. Nothing runs
 * but within {@link #runFor} and {@link #runUntil}. It is for one thread.
 */
public final class VirtualLoop implements EventLoop {
  /** So many steps without any progress of time are an endless loop of the code under test. */
  private static final int MAX_STEPS_A_MOMENT = 1_000_000;

  private final Consumer<Throwable> onFailure;
  private final Queue<Step> steps = new PriorityQueue<>();
  private Duration uptime = Duration.ZERO;
  private Instant wallClockAtStart;
  private long sequence;
  private int stepsOfMoment;
  private boolean closed;
  private boolean isInStep;
  private final Invariants invariants = Invariants.strict();

  private record Step(Duration at, long sequence, Runnable action) implements Comparable<Step> {
    @Override
    public int compareTo(Step other) {
      int order = at.compareTo(other.at);
      return order == 0 ? Long.compare(sequence, other.sequence) : order;
    }
  }

  /**
   * Creates a loop in which a step that throws ends the run, and with it the test.
   *
   * @param wallClock the machine's clock at uptime zero
   */
  public VirtualLoop(Instant wallClock) {
    this(
        wallClock,
        failure -> {
          throw new AssertionError("A step of the loop has failed", failure);
        });
  }

  /**
   * Creates a loop.
   *
   * @param wallClock the machine's clock at uptime zero
   * @param onFailure gets what a step throws; the loop goes on
   */
  public VirtualLoop(Instant wallClock, Consumer<Throwable> onFailure) {
    this.wallClockAtStart = wallClock;
    this.onFailure = onFailure;
  }

  @Override
  public void execute(Runnable step) {
    schedule(Duration.ZERO, step);
  }

  @Override
  public void schedule(Duration delay, Runnable step) {
    if (!closed) {
      Duration at = delay.isNegative() ? uptime : uptime.plus(delay);
      steps.add(new Step(at, sequence++, step));
    }
  }

  @Override
  public Duration uptime() {
    return uptime;
  }

  @Override
  public Instant wallClock() {
    return wallClockAtStart.plus(uptime);
  }

  @Override
  public boolean isOnLoop() {
    return isInStep;
  }

  @Override
  public Invariants invariants() {
    return invariants;
  }

  /** Makes the machine's clock jump; the uptime does not notice. */
  public void setWallClock(Instant now) {
    wallClockAtStart = now.minus(uptime);
  }

  /** Runs all that is to run within a time, its last moment included; time goes on by just that. */
  public void runFor(Duration duration) {
    Duration end = uptime.plus(duration);
    while (runNext(end)) {
      // The step was the work.
    }
    advanceTo(end);
  }

  /**
   * Runs step by step until a condition holds; it is asked before each step, and once more at the
   * limit.
   *
   * @return whether it came to hold within the limit; time stands where it was found to, or at the
   *     limit
   */
  public boolean runUntil(BooleanSupplier condition, Duration limit) {
    Duration end = uptime.plus(limit);
    while (!condition.getAsBoolean()) {
      if (!runNext(end)) {
        advanceTo(end);
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  /** How many steps wait, due or not. */
  public int waiting() {
    return steps.size();
  }

  /** Drops all waiting steps and takes no more, as a loop does whose task has ended. */
  public void close() {
    closed = true;
    steps.clear();
  }

  /** Runs the next step if it is due by the given time; returns whether there was one. */
  private boolean runNext(Duration end) {
    Step step = steps.peek();
    if (step == null || step.at().compareTo(end) > 0) {
      return false;
    }
    steps.remove();
    advanceTo(step.at());
    if (++stepsOfMoment > MAX_STEPS_A_MOMENT) {
      throw new IllegalStateException("The loop spins: time stands still at uptime " + uptime);
    }
    isInStep = true;
    try {
      step.action().run();
    } catch (Throwable e) {
      onFailure.accept(e);
    } finally {
      isInStep = false;
    }
    return true;
  }

  private void advanceTo(Duration time) {
    if (time.compareTo(uptime) > 0) {
      uptime = time;
      stepsOfMoment = 0;
    }
  }
}
