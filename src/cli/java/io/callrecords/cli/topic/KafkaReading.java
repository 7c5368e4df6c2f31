package io.callrecords.cli.topic;

import io.callrecords.cli.CliException;
import io.callrecords.cli.KafkaOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics of a Kafka cluster, without a group: it leaves nothing there. A reading takes as
 * long as it takes; it is given up where nothing comes for a time.
 */
public final class KafkaReading implements TopicReading {
  private static final Duration POLL = Duration.ofMillis(200);

  /** With a listener's name or without, as Kafka's own clients take it. */
  private static final String SERVER = "\\s*([^,/]+://)?[^,/]+:[0-9]{1,5}\\s*";

  private static final Pattern SERVERS = Pattern.compile(SERVER + "(," + SERVER + ")*,?");

  private static final int MAX_FETCH = 8 * 1024 * 1024;
  private static final int SINGLE_FETCH = 64 * 1024;
  private static final int MAX_RECORDS = 5_000;

  private final Consumer<byte[], byte[]> consumer;
  private final Map<String, Object> settings;
  private final Duration patience;
  private @Nullable KafkaConsumer<byte[], byte[]> lookup;

  /**
   * Connects to a cluster.
   *
   * @param client bootstrap servers, and whatever else its clients need
   * @param patience how long nothing may come before the reading is given up
   */
  public KafkaReading(Map<String, Object> client, Duration patience) {
    ensureServers(client);
    this.patience = patience;
    settings = KafkaOptions.reading(client);
    settings.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, MAX_FETCH);
    settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MAX_RECORDS);
    settings.putIfAbsent(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) patience.toMillis());
    consumer = consumer(settings);
  }

  /** Reads with a client that is there already. */
  KafkaReading(Consumer<byte[], byte[]> consumer, Duration patience) {
    this.consumer = consumer;
    this.patience = patience;
    settings = Map.of();
  }

  /**
   * Checks that brokers are named as Kafka's clients want them.
   *
   * @param client bootstrap servers, and whatever else its clients need
   * @throws CliException when one has no port
   */
  public static void ensureServers(Map<String, Object> client) {
    String servers = String.valueOf(client.getOrDefault("bootstrap.servers", ""));
    if (!SERVERS.matcher(servers).matches()) {
      throw CliException.usage(
          "--bootstrap-server " + servers + " is no address of a broker: write HOST:PORT");
    }
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
  public Map<Integer, Long> ends(String topic) {
    return guarded(
        topic,
        () -> {
          List<TopicPartition> partitions = partitions(topic);
          consumer.assign(partitions);
          Map<Integer, Long> ends = new TreeMap<>();
          consumer
              .endOffsets(partitions)
              .forEach((partition, end) -> ends.put(partition.partition(), end));
          return ends;
        });
  }

  @Override
  public void read(
      String topic,
      @Nullable Instant since,
      Map<Integer, Long> ends,
      RecordConsumer recordConsumer) {
    guarded(
        topic,
        () -> {
          List<TopicPartition> partitions = assign(topic, ends);
          if (since == null) {
            consumer.seekToBeginning(partitions);
          } else {
            seekTo(since, partitions);
          }
          readTo(topic, ends, recordConsumer);
          return topic;
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
    Map<Integer, Long> ends = ends(topic);
    return guarded(
        topic,
        () -> {
          for (TopicPartition partition : assign(topic, ends)) {
            consumer.seek(partition, from.getOrDefault(partition.partition(), 0L));
          }
          readTo(topic, ends, recordConsumer);
          return ends;
        });
  }

  private List<TopicPartition> assign(String topic, Map<Integer, Long> ends) {
    List<TopicPartition> partitions =
        ends.keySet().stream().map(partition -> new TopicPartition(topic, partition)).toList();
    consumer.assign(partitions);
    return partitions;
  }

  private List<TopicPartition> partitions(String topic) {
    List<PartitionInfo> known = consumer.partitionsFor(topic);
    if (known == null || known.isEmpty()) {
      throw CliException.unseen(
          "Topic "
              + topic
              + " does not exist, or nothing has been written to it yet. If it should have records,"
              + " name the cluster that the connector writes to with --bootstrap-server");
    }
    return known.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
  }

  private void readTo(String topic, Map<Integer, Long> ends, RecordConsumer recordConsumer) {
    long lastProgress = System.nanoTime();
    while (!hasReached(topic, ends)) {
      boolean isEmpty = true;
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        isEmpty = false;
        if (record.offset() < ends.getOrDefault(record.partition(), 0L)) {
          recordConsumer.take(
              new TopicPlace(record.partition(), record.offset(), record.timestamp()),
              record.headers(),
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
  }

  private boolean hasReached(String topic, Map<Integer, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(
            end -> consumer.position(new TopicPartition(topic, end.getKey())) >= end.getValue());
  }

  @Override
  public void readAt(String topic, TopicPlace place, RecordConsumer recordConsumer) {
    TopicPartition partition = new TopicPartition(topic, place.partition());
    guarded(topic, () -> find(partition, place.offset()))
        .ifPresent(
            record -> recordConsumer.take(place, record.headers(), record.key(), record.value()));
  }

  private Optional<ConsumerRecord<byte[], byte[]>> find(TopicPartition partition, long offset) {
    KafkaConsumer<byte[], byte[]> single = lookup();
    single.assign(List.of(partition));
    single.seek(partition, offset);
    long until = System.nanoTime() + patience.toNanos();
    while (single.position(partition) <= offset && System.nanoTime() < until) {
      for (ConsumerRecord<byte[], byte[]> record : single.poll(POLL)) {
        if (record.offset() == offset) {
          return Optional.of(record);
        }
      }
    }
    return Optional.empty();
  }

  /** Reads single records, wherever they stand. */
  private KafkaConsumer<byte[], byte[]> lookup() {
    KafkaConsumer<byte[], byte[]> known = lookup;
    if (known == null) {
      Map<String, Object> single = new TreeMap<>(settings);
      single.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, SINGLE_FETCH);
      single.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
      known = consumer(single);
      lookup = known;
    }
    return known;
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
    try {
      consumer.close();
    } finally {
      if (lookup != null) {
        lookup.close();
      }
    }
  }
}
