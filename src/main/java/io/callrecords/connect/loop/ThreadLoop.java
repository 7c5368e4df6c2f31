package io.callrecords.connect.loop;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** An event loop on a thread of its own. */
public final class ThreadLoop implements EventLoop, AutoCloseable {
  /** The same for all, so that what several loops share can go by their uptime. */
  private static final long ORIGIN = System.nanoTime();

  private final ScheduledThreadPoolExecutor executor;
  private final Clock clock;
  private final Consumer<Throwable> onFailure;
  private final Invariants invariants;
  private volatile @Nullable Thread thread;

  /**
   * Starts the thread. What it logs is marked as what the caller's thread logs.
   *
   * @param name the thread's name
   * @param clock the machine's clock
   * @param onFailure gets what a step throws; the loop goes on
   */
  public ThreadLoop(String name, Clock clock, Consumer<Throwable> onFailure) {
    this(name, clock, onFailure, Invariants.counting());
  }

  /**
   * Starts the thread. What it logs is marked as what the caller's thread logs.
   *
   * @param name the thread's name
   * @param clock the machine's clock
   * @param onFailure gets what a step throws; the loop goes on
   * @param invariants where broken invariants are reported
   */
  public ThreadLoop(
      String name, Clock clock, Consumer<Throwable> onFailure, Invariants invariants) {
    this.clock = clock;
    this.invariants = invariants;
    this.onFailure = onFailure;
    // A worker's log shows which connector and task a line is of by what its own thread carries.
    Map<String, String> logged = Objects.requireNonNullElse(MDC.getCopyOfContextMap(), Map.of());
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            step -> {
              Thread created =
                  new Thread(
                      () -> {
                        MDC.setContextMap(logged);
                        step.run();
                      },
                      name);
              created.setDaemon(true);
              thread = created;
              return created;
            },
            // A step that comes after close() has nothing left to do.
            new ThreadPoolExecutor.DiscardPolicy());
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public void execute(Runnable step) {
    executor.execute(guarded(step));
  }

  @Override
  // What a step throws reaches onFailure; the future has nothing to tell.
  @SuppressWarnings("FutureReturnValueIgnored")
  public void schedule(Duration delay, Runnable step) {
    executor.schedule(guarded(step), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private Runnable guarded(Runnable step) {
    return () -> {
      try {
        step.run();
      } catch (Throwable e) {
        onFailure.accept(e);
      }
    };
  }

  @Override
  public Duration uptime() {
    return Duration.ofNanos(System.nanoTime() - ORIGIN);
  }

  @Override
  public Instant wallClock() {
    return clock.instant();
  }

  @Override
  public boolean isOnLoop() {
    return Thread.currentThread() == thread;
  }

  @Override
  public Invariants invariants() {
    return invariants;
  }

  /** Drops all waiting steps and ends the thread once the running one is over. */
  @Override
  public void close() {
    executor.shutdownNow();
  }

  /**
   * Waits until the thread has ended.
   *
   * @return whether it has
   */
  public boolean awaitClosed(Duration patience) throws InterruptedException {
    return executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
