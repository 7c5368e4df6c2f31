package io.callrecords.connect;

import io.callrecords.connect.convert.SourceRecordConverter;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.state.BatchDelivery;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that Kafka takes none of a task's records: a producer waits for ever, and without a word,
 * for a topic that does not exist. Records are counted on the worker's threads, and judged on the
 * loop.
 */
final class AcknowledgementMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgementMonitor.class);

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final Map<String, Long> outstanding = new TreeMap<>();

  /** How many records of each batch are on their way. */
  private final SortedMap<Long, Integer> batches = new TreeMap<>();

  private final BatchDelivery delivery;
  private long lastBatch;
  private @Nullable Thread poller;

  /** Whether the worker asks for more while records are still on their way: not exactly-once. */
  private boolean isAsynchronous;

  private boolean hasMoved;

  // What follows belongs to the loop.
  private Duration lastMove = Duration.ZERO;
  private @Nullable Duration warnedSince;

  /**
   * Creates a monitor.
   *
   * @param loop where it checks
   * @param delivery gets to know what becomes of the batches
   */
  AcknowledgementMonitor(EventLoop loop, BatchDelivery delivery) {
    this.loop = loop;
    this.delivery = delivery;
  }

  /** Begins to check. */
  void start() {
    lastMove = loop.uptime();
    loop.schedule(CHECK_INTERVAL, this::check);
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

  /** The topics whose records are waiting; empty where none does. */
  private synchronized String waiting() {
    return String.join(", ", outstanding.keySet());
  }

  private synchronized boolean takeMoved() {
    boolean moved = hasMoved || outstanding.isEmpty();
    hasMoved = false;
    return moved;
  }

  private void check() {
    Duration now = loop.uptime();
    if (takeMoved()) {
      lastMove = now;
      if (warnedSince != null) {
        LOG.info(
            "Kafka acknowledges records of the task again, after {} s.",
            now.minus(warnedSince).toSeconds());
        warnedSince = null;
      }
    } else if (warnedSince == null && now.minus(lastMove).compareTo(LIMIT) >= 0) {
      warnedSince = lastMove;
      LOG.warn(
          "Kafka has acknowledged none of the task's records for {} s; those that wait are for {} (before transforms)."
              + " Check that the topic exists: where brokers do not create topics"
              + " (auto.create.topics.enable=false), create it, or add"
              + " topic.creation.default.replication.factor and topic.creation.default.partitions"
              + " to the connector. Otherwise, see the worker's own lines on its producer:"
              + " brokers that are out of reach, or a permission that is missing. The task waits;"
              + " nothing is lost.",
          now.minus(lastMove).toSeconds(),
          waiting());
    }
    loop.schedule(CHECK_INTERVAL, this::check);
  }
}
