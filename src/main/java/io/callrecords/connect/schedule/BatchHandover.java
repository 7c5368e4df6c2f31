package io.callrecords.connect.schedule;

import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.state.Batch;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Where the loop leaves a window's records for the task's thread: one batch at a time, so that what
 * comes from the live edge never waits behind more than that.
 */
final class BatchHandover {
  /** A connector that nobody has polled for so long is taken to be paused. */
  private static final Duration PAUSED_AFTER = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final BlockingQueue<Batch> ready = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile Duration polledAt;

  BatchHandover(EventLoop loop) {
    this.loop = loop;
    this.polledAt = loop.uptime();
  }

  /** Whether the last batch was taken, so that the next one can be put down. */
  boolean hasRoom() {
    return ready.isEmpty();
  }

  /** Puts a batch down, on the loop; there has to be room. */
  void put(Batch batch) {
    loop.checkOnLoop();
    loop.invariants().check(hasRoom(), "a batch was handed over before the last one was taken");
    ready.add(batch);
  }

  /** Leaves an error instead of further batches. Any thread may; the first one counts. */
  void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
  }

  /** Whether an error was left. */
  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Whether somebody has polled in the last seconds. */
  boolean isPolled() {
    return loop.uptime().minus(polledAt).compareTo(PAUSED_AFTER) <= 0;
  }

  /**
   * Takes the batch, on the task's thread.
   *
   * @return null when there is none in time
   * @throws ConnectException when there is none any more
   */
  @Nullable Batch take(Duration timeout) throws InterruptedException {
    polledAt = loop.uptime();
    Batch batch = ready.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
    Throwable cause = failure.get();
    if (batch != null || cause == null) {
      return batch;
    }
    if (cause instanceof ConnectException known) {
      throw known;
    }
    throw new ConnectException(
        "The task has failed because of a bug in the connector: " + cause, cause);
  }
}
