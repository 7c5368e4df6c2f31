package io.callrecords.cli.topic;

import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads topics, what is committed only. Not for several threads. */
public interface TopicReading extends AutoCloseable {
  /** Takes the records of a topic one by one. */
  interface RecordConsumer {
    /**
     * Takes a record.
     *
     * @param headers which may say how the value is to be read
     * @param value null where the record deletes its key
     */
    void take(TopicPlace place, Headers headers, byte @Nullable [] key, byte @Nullable [] value);
  }

  /**
   * The offset of each partition behind what is committed now.
   *
   * @throws io.callrecords.cli.CliException when the topic cannot be read
   */
  Map<Integer, Long> ends(String topic);

  /**
   * Reads a topic up to offsets, whatever is written meanwhile.
   *
   * @param since records with an earlier timestamp need not be read; null for the beginning
   * @param ends the offset of each partition behind what is read
   * @throws io.callrecords.cli.CliException when the topic cannot be read
   */
  void read(
      String topic, @Nullable Instant since, Map<Integer, Long> ends, RecordConsumer consumer);

  /**
   * Reads a topic to what is committed when the reading begins.
   *
   * @param since records with an earlier timestamp need not be read; null for the beginning
   * @throws io.callrecords.cli.CliException when the topic cannot be read
   */
  default void read(String topic, @Nullable Instant since, RecordConsumer consumer) {
    read(topic, since, ends(topic), consumer);
  }

  /**
   * Reads on behind what was read before, to what is committed when that begins; a partition that
   * is not named from its beginning.
   *
   * @return the offset of each partition behind what was read
   * @throws io.callrecords.cli.CliException when the topic cannot be read
   */
  Map<Integer, Long> readOn(String topic, Map<Integer, Long> from, RecordConsumer consumer);

  /** Reads the record that stands at a place, if it does still. */
  void readAt(String topic, TopicPlace place, RecordConsumer consumer);

  /** Whether the topic may have lost its oldest records, since a partition does not begin at 0. */
  boolean hasLostRecords(String topic);

  @Override
  void close();
}
