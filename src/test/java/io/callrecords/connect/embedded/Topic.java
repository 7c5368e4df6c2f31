package io.callrecords.connect.embedded;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/** What a {@code read_committed} consumer has seen of a topic: each id, and how often it came. */
final class Topic implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Map<String, Integer> ids = new TreeMap<>();
  private long records;

  /** Reads the topic from its beginning; the consumer is closed with this. */
  Topic(KafkaConsumer<byte[], byte[]> consumer, String name) {
    this.consumer = consumer;
    // A topic that was made a moment ago has no partitions yet where the consumer asks.
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofSeconds(30))
        .until(() -> consumer.partitionsFor(name), found -> !found.isEmpty())
        .forEach(info -> partitions.add(new TopicPartition(name, info.partition())));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Reads on, and returns how many records it has seen in all. */
  long read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
      ids.merge(new String(record.key(), StandardCharsets.UTF_8), 1, Integer::sum);
      records++;
    }
    return records;
  }

  /** Reads all that the topic holds now. */
  void readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (partitions.stream().anyMatch(part -> consumer.position(part) < ends.get(part))) {
      read();
    }
  }

  /** Whether it has seen an id. */
  boolean contains(String id) {
    return ids.containsKey(id);
  }

  /** The ids that it has seen. */
  Set<String> ids() {
    return ids.keySet();
  }

  /** The ids that it has seen more than once. */
  Set<String> duplicates() {
    Set<String> duplicates = new TreeSet<>();
    ids.forEach(
        (id, count) -> {
          if (count > 1) {
            duplicates.add(id);
          }
        });
    return duplicates;
  }

  @Override
  public void close() {
    consumer.close();
  }
}
