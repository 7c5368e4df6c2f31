package io.callrecords.connect.state;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What has become of the batches of a task: up to which the worker is done with them, and of which
 * something never reached Kafka, nor its offset, since a transform or a tolerated error dropped it.
 *
 * <p>Any thread may use it: the worker's tell, and the loop asks.
 */
public final class BatchDelivery {
  private final AtomicLong acknowledged = new AtomicLong();

  /** Of the batches that are watched, whether something of them was dropped. */
  private final Map<Long, Boolean> watched = new ConcurrentHashMap<>();

  /** Takes note that the worker is done with all batches up to a number. */
  public void acknowledged(long batch) {
    acknowledged.accumulateAndGet(batch, Math::max);
  }

  /** Takes note that a record of a batch was dropped, before the batch is acknowledged. */
  public void dropped(long batch) {
    watched.computeIfPresent(batch, (number, wasDropped) -> true);
  }

  /** Whether the worker is done with all batches up to a number. */
  boolean isAcknowledged(long batch) {
    return acknowledged.get() >= batch;
  }

  /** How far that goes. */
  long acknowledgedUpTo() {
    return acknowledged.get();
  }

  /** Asks for what is dropped of a batch that is about to be handed over, and not of another. */
  void watch(long batch, long insteadOf) {
    watched.remove(insteadOf);
    watched.put(batch, false);
  }

  /** Whether something was dropped of a batch that is watched. */
  boolean isDropped(long batch) {
    return watched.getOrDefault(batch, false);
  }

  /** Whether Kafka has all of a batch that is watched, or that is of an earlier run. */
  boolean isStored(long batch) {
    return isAcknowledged(batch) && !isDropped(batch);
  }
}
