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
  private final String name;
  private final List<TopicPartition> partitions = new ArrayList<>();
  private final Map<String, Integer> ids = new TreeMap<>();
  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();

  /** Reads the topic from its beginning; the consumer is closed with this. */
  Topic(KafkaConsumer<byte[], byte[]> consumer, String name) {
    this.consumer = consumer;
    this.name = name;
    // A topic that was made a moment ago has no partitions yet where the consumer asks.
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(2))
        .until(() -> consumer.partitionsFor(name), found -> !found.isEmpty())
        .forEach(info -> partitions.add(new TopicPartition(name, info.partition())));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  String name() {
    return name;
  }

  /** Reads on, and returns how many records it has seen in all. */
  long read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
      ids.merge(key(record), 1, Integer::sum);
      records.add(record);
    }
    return records.size();
  }

  /** A record's key: the id of a call. */
  static String key(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), StandardCharsets.UTF_8);
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

  /** All records that it has seen; those of a partition, or of a key, in their order. */
  List<ConsumerRecord<byte[], byte[]>> records() {
    return List.copyOf(records);
  }

  /**
   * The records that it has seen, by partition and transaction: the marker at the end of one takes
   * an offset, too.
   */
  List<List<ConsumerRecord<byte[], byte[]>>> transactions() {
    List<List<ConsumerRecord<byte[], byte[]>>> transactions = new ArrayList<>();
    for (TopicPartition partition : partitions) {
      long expected = -1;
      for (ConsumerRecord<byte[], byte[]> record : records) {
        if (record.partition() == partition.partition()) {
          if (record.offset() != expected) {
            transactions.add(new ArrayList<>());
          }
          transactions.get(transactions.size() - 1).add(record);
          expected = record.offset() + 1;
        }
      }
    }
    return transactions;
  }

  /** The ids that it has seen. */
  Set<String> ids() {
    return ids.keySet();
  }

  /** How often it has seen each id. */
  Map<String, Integer> counts() {
    return Map.copyOf(ids);
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
