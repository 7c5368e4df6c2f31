package io.callrecords.connect.process;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Enters calls at hang-up and changes young ones, until it is closed. */
final class BackendWriter implements AutoCloseable {
  private static final long EVERY_MILLIS = 250;
  private static final int BURST_EVERY = 40;
  private static final int BURST = 30;

  /** So young are calls that are changed: well within what the connectors look at again. */
  private static final Duration EDITED_WITHIN = Duration.ofSeconds(60);

  private final BackendAccount account;
  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> writing;
  private final AtomicInteger turns = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();

  BackendWriter(BackendAccount account) {
    this.account = account;
    this.writing =
        thread.scheduleWithFixedDelay(this::write, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void write() {
    try {
      int turn = turns.get();
      account.enter(turn % BURST_EVERY == BURST_EVERY - 1 ? BURST : 1);
      account.edit(Instant.now().minus(EDITED_WITHIN));
      turns.incrementAndGet();
    } catch (SQLException e) {
      failures.incrementAndGet();
    }
  }

  /** How often it has written. */
  int turns() {
    return turns.get();
  }

  /** How often the database did not take what it wrote. */
  int failures() {
    return failures.get();
  }

  /** Ends it, and waits until it has written for the last time. */
  @Override
  public void close() {
    boolean failed = writing.isDone();
    thread.shutdown();
    if (failed) {
      throw new AssertionError("The writer has failed: " + failure());
    }
    try {
      if (!thread.awaitTermination(1, TimeUnit.MINUTES)) {
        throw new AssertionError("The writer does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while the writer ends", e);
    }
  }

  private Throwable failure() {
    try {
      return new IllegalStateException("None: " + writing.get());
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }
}
