package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
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
  private final List<Instant> times = new ArrayList<>();
  private final Map<String, Integer> last = new HashMap<>();
  private final List<Repetition> repetitions = new ArrayList<>();
  private long bytesOfHeaders;
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
    Integer before = last.put(record.key(), keys.size());
    if (before != null) {
      boolean same = Arrays.equals(values.get(before), record.value());
      repetitions.add(new Repetition(record.key(), times.get(before), same));
    }
    keys.add(record.key());
    values.add(record.value());
    times.add(Instant.ofEpochMilli(record.timestamp()));
    for (Header header : record.headers()) {
      bytesOfHeaders += header.key().length() + header.value().length;
    }
  }

  /**
   * A record that came again.
   *
   * @param key its key
   * @param sentAt when it had been sent the last time before that
   * @param same whether its value was the same
   */
  record Repetition(String key, Instant sentAt, boolean same) {}

  /** The keys that were read, in order, each as often as it came. */
  public List<String> ids() {
    return List.copyOf(keys);
  }

  /** The different keys that were read; it grows as the topic is read on. */
  public Set<String> distinct() {
    return Collections.unmodifiableSet(last.keySet());
  }

  /** How many different keys were read. */
  public int count() {
    return last.size();
  }

  /** The keys that came more than once. */
  public Set<String> repeated() {
    return repetitions.stream().map(Repetition::key).collect(Collectors.toUnmodifiableSet());
  }

  /** The records that came again, in order. */
  List<Repetition> repetitions() {
    return List.copyOf(repetitions);
  }

  /** The decoded values of all records that were read, in order. */
  List<JsonNode> values() {
    return IntStream.range(0, values.size()).mapToObj(this::value).toList();
  }

  /** The decoded value of a record, by its place among those that were read. */
  public JsonNode value(int index) {
    try {
      return JSON.readTree(values.get(index));
    } catch (IOException e) {
      throw new UncheckedIOException("Record " + index + " of " + topic + " is not JSON", e);
    }
  }

  /** How many bytes a value has on average. */
  long bytesOfValue() {
    return values.stream().mapToLong(value -> value.length).sum() / values.size();
  }

  /** How many bytes the headers of a record have on average, names and values. */
  long bytesOfHeaders() {
    return bytesOfHeaders / values.size();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
