package io.callrecords.cli.reconcile;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads topics, what is committed only. Not for several threads. */
interface TopicReading extends AutoCloseable {
  /** Takes the records of a topic one by one. */
  interface RecordConsumer {
    /**
     * Takes a record.
     *
     * @param value null where the record deletes its key
     */
    void take(TopicPlace place, byte @Nullable [] key, byte @Nullable [] value);
  }

  /**
   * Reads a topic to what is committed when the reading begins.
   *
   * @param since records with an earlier timestamp need not be read; null for the beginning
   * @return the offset of each partition behind what was read
   * @throws io.callrecords.cli.CliException when the topic cannot be read
   */
  Map<Integer, Long> read(String topic, @Nullable Instant since, RecordConsumer consumer);

  /** Reads on behind what was read before. */
  Map<Integer, Long> readOn(String topic, Map<Integer, Long> from, RecordConsumer consumer);

  /** The value of the record that stands at a place; null where there is none any more. */
  byte @Nullable [] value(String topic, TopicPlace place);

  /** Whether the topic may have lost its oldest records, since a partition does not begin at 0. */
  boolean hasLostRecords(String topic);

  @Override
  void close();
}
