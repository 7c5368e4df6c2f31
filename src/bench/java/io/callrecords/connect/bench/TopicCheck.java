package io.callrecords.connect.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the keys of a topic from its beginning, what is committed only, and keeps none of them. */
final class TopicCheck implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final int FETCH = 8 * 1024 * 1024;
  private static final int RECORDS = 10_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final IdCheck check;
  private long read;
  private long firstNanos;
  private long lastNanos;

  /** Prepares the reading of a topic that exists. */
  TopicCheck(String bootstrapServers, String topic, IdCheck check) {
    this.check = check;
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                FETCH,
                ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
                FETCH,
                ConsumerConfig.CHECK_CRCS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                RECORDS),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on for a while. */
  void readFor(Duration time) {
    long until = System.nanoTime() + time.toNanos();
    do {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(PATIENCE);
      long now = System.nanoTime();
      if (!records.isEmpty()) {
        firstNanos = read == 0 ? now : firstNanos;
        lastNanos = now;
      }
      for (ConsumerRecord<byte[], byte[]> record : records) {
        check.see(record.key());
        read++;
      }
    } while (System.nanoTime() - until < 0);
  }

  /** How many records were read. */
  long read() {
    return read;
  }

  /** When the first records were there, of {@link System#nanoTime}. */
  long firstNanos() {
    return firstNanos;
  }

  /** When those were there that were read last. */
  long lastNanos() {
    return lastNanos;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
