package io.callrecords.connect.schedule;

import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.state.Batch;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Where the loop leaves a window's records for the task's thread: one at a time, so that what comes
 * from the live edge never waits behind more than that.
 */
public final class BatchHandover {
  /** How long nobody may have come for records before it is taken that the connector is paused. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final BlockingQueue<Batch> ready = new ArrayBlockingQueue<>(1);
  private volatile @Nullable Throwable failure;
  private volatile Duration polledAt;

  BatchHandover(EventLoop loop) {
    this.loop = loop;
    this.polledAt = loop.uptime();
  }

  /** Whether a batch can be put down. */
  boolean hasRoom() {
    return ready.remainingCapacity() > 0;
  }

  /** Puts a batch down; there must be room. */
  void put(Batch batch) {
    ready.add(batch);
  }

  /** Leaves an error instead of further batches. Any thread may; the first one counts. */
  void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Whether an error was left. */
  boolean hasFailed() {
    return failure != null;
  }

  /** Whether somebody came for records of late. */
  boolean isPolled() {
    return loop.uptime().minus(polledAt).compareTo(PATIENCE) <= 0;
  }

  /**
   * Takes the batch, on the task's thread.
   *
   * @return null when there is none in time
   * @throws ConnectException when there is none any more
   */
  @Nullable Batch take(Duration patience) throws InterruptedException {
    polledAt = loop.uptime();
    Batch batch = ready.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    Throwable cause = failure;
    if (batch != null || cause == null) {
      return batch;
    }
    if (cause instanceof ConnectException known) {
      throw known;
    }
    throw new ConnectException("The connector has met a fault of its own: " + cause, cause);
  }
}
