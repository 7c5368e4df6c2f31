package io.callrecords.connect;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that Kafka takes none of a task's records: a producer waits for ever, and without a word,
 * for a topic that does not exist. Runs on the loop.
 */
final class AcknowledgementMonitor {
  private static final Logger LOG = LoggerFactory.getLogger(AcknowledgementMonitor.class);

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

  private final EventLoop loop;
  private final OutstandingRecords records;
  private Duration lastMove = Duration.ZERO;
  private @Nullable Duration warnedSince;

  /**
   * Creates a monitor.
   *
   * @param loop where it checks
   * @param records what the worker has got
   */
  AcknowledgementMonitor(EventLoop loop, OutstandingRecords records) {
    this.loop = loop;
    this.records = records;
  }

  /** Begins to check. */
  void start() {
    lastMove = loop.uptime();
    loop.schedule(CHECK_INTERVAL, this::check);
  }

  private void check() {
    Duration now = loop.uptime();
    if (records.takeMoved()) {
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
          records.topics());
    }
    loop.schedule(CHECK_INTERVAL, this::check);
  }
}
