package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A thread that lets calls start at a steady rate; each appears when it has ended. */
public final class LiveCalls implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final CallStore store;
  private final CallGenerator generator;
  private final Supplier<Instant> serverTime;
  private final long spacingNanos;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final AtomicLong started = new AtomicLong();
  private final Thread thread;

  LiveCalls(
      CallStore store, CallGenerator generator, Supplier<Instant> serverTime, double perMinute) {
    this.store = store;
    this.generator = generator;
    this.serverTime = serverTime;
    spacingNanos = (long) (60e9 / perMinute);
    thread = new Thread(this::run, "simulator-live");
    thread.setDaemon(true);
    thread.start();
  }

  /** The calls that have started so far; the last few may not have appeared. */
  public long started() {
    return started.get();
  }

  private void run() {
    long begin = System.nanoTime();
    try {
      while (!closing.await(
          begin + started.get() * spacingNanos - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        store.add(generator.starting(serverTime.get(), LONGEST));
        started.incrementAndGet();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets no further call start; those that run end as they would. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
