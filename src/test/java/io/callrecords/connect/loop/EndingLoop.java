package io.callrecords.connect.loop;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The part of a task in a loop that outlives it: its steps are left out once it has ended.
 *
 * @param loop the loop of all
 * @param isAlive whether the task has not ended
 * @param onFailure gets what one of its steps throws
 */
public record EndingLoop(EventLoop loop, BooleanSupplier isAlive, Consumer<Throwable> onFailure)
    implements EventLoop {
  @Override
  public void execute(Runnable step) {
    schedule(Duration.ZERO, step);
  }

  @Override
  public void schedule(Duration delay, Runnable step) {
    loop.schedule(
        delay,
        () -> {
          if (isAlive.getAsBoolean()) {
            try {
              step.run();
            } catch (Throwable e) {
              onFailure.accept(e);
            }
          }
        });
  }

  @Override
  public Duration uptime() {
    return loop.uptime();
  }

  @Override
  public Instant wallClock() {
    return loop.wallClock();
  }

  @Override
  public boolean isOnLoop() {
    return loop.isOnLoop();
  }

  @Override
  public Invariants invariants() {
    return loop.invariants();
  }
}
