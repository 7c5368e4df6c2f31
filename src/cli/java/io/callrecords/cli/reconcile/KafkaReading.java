package io.callrecords.cli.reconcile;

import io.callrecords.cli.CliException;
import io.callrecords.cli.KafkaOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads topics of a Kafka cluster, without a group: it leaves nothing there. */
final class KafkaReading implements TopicReading {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int MAX_FETCH = 8 * 1024 * 1024;
  private static final int SINGLE_FETCH = 64 * 1024;
  private static final int MAX_RECORDS = 5_000;

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaConsumer<byte[], byte[]> lookup;
  private final Duration patience;

  /**
   * Connects to a cluster.
   *
   * @param settings bootstrap servers, and whatever else its clients need
   * @param patience how long nothing may come before the reading is given up
   */
  KafkaReading(Map<String, Object> settings, Duration patience) {
    this.patience = patience;
    Map<String, Object> all = KafkaOptions.reading(settings);
    all.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_FETCH);
    all.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_RECORDS);
    all.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    consumer = consumer(all);
    // Single records, wherever they stand.
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, SINGLE_FETCH);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    lookup = consumer(all);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> settings) {
    try {
      return new KafkaConsumer<>(
          settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw CliException.unseen("Kafka's client does not start: " + reason(e), e);
    }
  }

  @Override
  public Map<Integer, Long> read(
      String topic, @Nullable Instant since, RecordConsumer recordConsumer) {
    return guarded(
        topic,
        () -> {
          List<TopicPartition> partitions = partitions(topic);
          consumer.assign(partitions);
          if (since == null) {
            consumer.seekToBeginning(partitions);
          } else {
            seekTo(since, partitions);
          }
          return readToEnd(topic, partitions, recordConsumer);
        });
  }

  private void seekTo(Instant since, List<TopicPartition> partitions) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, since.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
    for (TopicPartition partition : partitions) {
      OffsetAndTimestamp first = found.get(partition);
      if (first == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, first.offset());
      }
    }
  }

  @Override
  public Map<Integer, Long> readOn(
      String topic, Map<Integer, Long> from, RecordConsumer recordConsumer) {
    return guarded(
        topic,
        () -> {
          List<TopicPartition> partitions = partitions(topic);
          consumer.assign(partitions);
          for (TopicPartition partition : partitions) {
            consumer.seek(partition, from.getOrDefault(partition.partition(), 0L));
          }
          return readToEnd(topic, partitions, recordConsumer);
        });
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> known = consumer.partitionsFor(topic);
    if (known == null || known.isEmpty()) {
      throw CliException.unseen(
          "Topic "
              + topic
              + " does not exist. Name the cluster that the connector writes to with"
              + " --bootstrap-server");
    }
    return known.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private Map<Integer, Long> readToEnd(
      String topic, List<TopicPartition> partitions, RecordConsumer recordConsumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long lastProgress = System.nanoTime();
    while (!hasReached(ends)) {
      boolean isEmpty = true;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        isEmpty = false;
        TopicPartition partition = new TopicPartition(topic, record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          recordConsumer.take(
              new TopicPlace(record.partition(), record.offset(), record.timestamp()),
              record.key(),
              record.value());
        }
      }
      long now = System.nanoTime();
      if (!isEmpty) {
        lastProgress = now;
      } else if (now - lastProgress > patience.toNanos()) {
        throw CliException.unseen(
            "Nothing of topic " + topic + " has come for " + patience.toSeconds() + " s");
      }
    }
    Map<Integer, Long> result = new TreeMap<>();
    ends.forEach((partition, end) -> result.put(partition.partition(), end));
    return result;
  }

  private boolean hasReached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  @Override
  public byte @Nullable [] value(String topic, TopicPlace place) {
    return guarded(topic, () -> find(new TopicPartition(topic, place.partition()), place.offset()))
        .orElse(null);
  }

  private Optional<byte[]> find(TopicPartition partition, long offset) {
    lookup.assign(List.of(partition));
    lookup.seek(partition, offset);
    long until = System.nanoTime() + patience.toNanos();
    while (lookup.position(partition) <= offset && System.nanoTime() < until) {
      for (ConsumerRecord<byte[], byte[]> record : lookup.poll(POLL)) {
        if (record.offset() == offset) {
          return Optional.ofNullable(record.value());
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean hasLostRecords(String topic) {
    return guarded(
        topic,
        () ->
            consumer.beginningOffsets(partitions(topic)).values().stream()
                .anyMatch(offset -> offset > 0));
  }

  /** What Kafka's client does on behalf of a topic. */
  private interface TopicAction<T> {
    T run();
  }

  private static <T> T guarded(String topic, TopicAction<T> action) {
    try {
      return action.run();
    } catch (KafkaException e) {
      throw CliException.unseen(
          "Topic "
              + topic
              + " cannot be read: "
              + reason(e)
              + ". --bootstrap-server names the cluster, --command-config a file with what its"
              + " clients need");
    }
  }

  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }

  @Override
  public void close() {
    try (lookup) {
      consumer.close();
    }
  }
}
