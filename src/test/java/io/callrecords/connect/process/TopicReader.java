package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads a topic from its beginning as a {@code read_committed} consumer, and keeps what it has
 * read: the keys in order with all their repetitions, and the JSON values.
 *
 * <p>The topic need not exist yet. One thread at a time may use it.
 */
public final class TopicReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final int MAX_FETCH = 16 * 1024 * 1024;
  private static final int MAX_RECORDS = 10_000;

  private final String topic;
  private final KafkaConsumer<String, byte[]> consumer;
  private final List<String> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final Set<String> distinct = new HashSet<>();
  private final Set<String> repeated = new LinkedHashSet<>();
  private List<TopicPartition> partitions = List.of();

  /** Prepares the reading of a topic. */
  public TopicReader(String bootstrapServers, String topic) {
    this.topic = topic;
    this.consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                IsolationLevel.READ_COMMITTED.toString(),
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                MAX_FETCH,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                MAX_RECORDS),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  /** Reads on, and waits a moment where nothing has come. */
  public void read() {
    if (hasPartitions()) {
      consumer.poll(PATIENCE).forEach(this::take);
    }
  }

  /**
   * Reads on.
   *
   * @return whether all that is committed at this moment has been read
   */
  public boolean readToEnd() {
    read();
    return !partitions.isEmpty()
        && consumer.endOffsets(partitions).entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private boolean hasPartitions() {
    if (partitions.isEmpty()) {
      partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
    }
    return !partitions.isEmpty();
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    keys.add(record.key());
    values.add(record.value());
    if (!distinct.add(record.key())) {
      repeated.add(record.key());
    }
  }

  /** The keys that were read, in order, each as often as it came. */
  public List<String> ids() {
    return List.copyOf(keys);
  }

  /** The different keys that were read; it grows as the topic is read on. */
  public Set<String> distinct() {
    return Collections.unmodifiableSet(distinct);
  }

  /** How many different keys were read. */
  public int count() {
    return distinct.size();
  }

  /** The keys that came more than once. */
  public Set<String> repeated() {
    return Set.copyOf(repeated);
  }

  /** The decoded value of a record, by its place among those that were read. */
  public JsonNode value(int index) {
    try {
      return JSON.readTree(values.get(index));
    } catch (IOException e) {
      throw new UncheckedIOException("Record " + index + " of " + topic + " is not JSON", e);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
