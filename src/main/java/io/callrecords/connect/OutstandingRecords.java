package io.callrecords.connect;

import io.callrecords.connect.convert.SourceRecordConverter;
import io.callrecords.connect.state.BatchDelivery;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * The records that the worker has got and is not done with, and what has become of the batches that
 * they came in. The worker tells of them on threads of its own; any thread may ask.
 */
final class OutstandingRecords {
  private final BatchDelivery delivery;
  private final Map<String, Long> outstanding = new TreeMap<>();

  /** How many records of each batch are on their way. */
  private final SortedMap<Long, Integer> batches = new TreeMap<>();

  private long lastBatch;
  private @Nullable Thread poller;

  /** Whether the worker asks for more while records are still on their way: not exactly-once. */
  private boolean isAsynchronous;

  private boolean hasMoved;

  /**
   * Creates a count of nothing.
   *
   * @param delivery gets to know what becomes of the batches
   */
  OutstandingRecords(BatchDelivery delivery) {
    this.delivery = delivery;
  }

  /**
   * Records that the worker asks for more. An exactly-once worker does not while it cannot commit;
   * another does until the producer's buffer is full.
   */
  synchronized void poll() {
    poller = Thread.currentThread();
    hasMoved |= !isAsynchronous;
  }

  /** Counts records that the worker gets now. */
  synchronized void handOver(Collection<SourceRecord> records) {
    // The first of them begins the wait.
    hasMoved |= outstanding.isEmpty();
    for (SourceRecord record : records) {
      outstanding.merge(record.topic(), 1L, Long::sum);
      lastBatch = SourceRecordConverter.batchOf(record);
      batches.merge(lastBatch, 1, Integer::sum);
    }
  }

  /**
   * Counts a record that the worker is done with.
   *
   * @param isSent whether Kafka has it; a transform or a tolerated error may have dropped it
   */
  synchronized void acknowledge(SourceRecord record, boolean isSent) {
    hasMoved = true;
    // A producer's thread tells of each record by itself: this is no exactly-once worker.
    isAsynchronous |= isSent && Thread.currentThread() != poller;
    outstanding.computeIfPresent(record.topic(), (topic, count) -> count > 1 ? count - 1 : null);
    long batchOfRecord = SourceRecordConverter.batchOf(record);
    if (!isSent) {
      delivery.dropped(batchOfRecord);
    }
    Integer left =
        batches.computeIfPresent(batchOfRecord, (batch, count) -> count > 1 ? count - 1 : null);
    if (left == null) {
      delivery.acknowledged(batches.isEmpty() ? lastBatch : batches.firstKey() - 1);
    }
  }

  /**
   * Records that the worker has committed. An exactly-once worker does so on the thread that polls,
   * and is done with all that it got, also where it tells of no record since a transform has
   * dropped them all; another flushes offsets on a thread of its own, whatever is on its way.
   */
  synchronized void commit() {
    if (Thread.currentThread() == poller) {
      hasMoved = true;
      outstanding.clear();
      batches.keySet().forEach(delivery::dropped);
      batches.clear();
      delivery.acknowledged(lastBatch);
    } else {
      isAsynchronous = true;
    }
  }

  /** The topics whose records are on their way, in order; empty where none is. */
  synchronized String topics() {
    return String.join(", ", outstanding.keySet());
  }

  /** Whether the worker has moved on since it was asked last, or waits for nothing. */
  synchronized boolean takeMoved() {
    boolean moved = hasMoved || outstanding.isEmpty();
    hasMoved = false;
    return moved;
  }
}
