package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Reads a topic from its beginning as a {@code read_committed} consumer, and keeps what it has read:
 * the keys in order with all their repetitions, and the JSON values.
 *
 * <p>The topic need not exist yet. One thread at a time may use it.
 */
public final class TopicReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration POLL = Duration.ofMillis(100);

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
                false),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  /**
   * Reads on until a condition holds, which is looked at between any two polls.
   *
   * @return whether it holds; else time is up
   */
  public boolean readUntil(BooleanSupplier condition, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    if (!findPartitions(atMost)) {
      return condition.getAsBoolean();
    }
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
    }
    return true;
  }

  /**
   * Reads all that is committed at this moment.
   *
   * @return whether it has got there; else time is up
   */
  public boolean readToEnd(Duration atMost) {
    if (!findPartitions(atMost)) {
      return false;
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    return readUntil(
        () ->
            ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()),
        atMost);
  }

  private boolean findPartitions(Duration atMost) {
    if (!partitions.isEmpty()) {
      return true;
    }
    try {
      partitions =
          Awaitility.await(topic)
              .atMost(atMost)
              .pollInSameThread()
              .until(() -> consumer.partitionsFor(topic), found -> !found.isEmpty())
              .stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
    } catch (ConditionTimeoutException e) {
      return false;
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return true;
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

  /** How many records were read. */
  public int count() {
    return keys.size();
  }

  /** How many different keys were read. */
  public int distinct() {
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
