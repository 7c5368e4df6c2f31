package io.callrecords.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.callrecords.cli.KafkaOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.WindowAudit.WindowOutcome;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Reads the audit topic, and goes on where it was the next time. */
final class AuditTopic implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FEED = CallCenterFeed.create().name();

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final String topic;
  private final List<AuditedWindow> windows = new ArrayList<>();
  private boolean isAssigned;
  private long unreadable;

  /**
   * Creates a reader.
   *
   * @param client how to reach Kafka
   */
  AuditTopic(Map<String, Object> client, String topic) {
    this.topic = topic;
    this.consumer =
        new KafkaConsumer<>(
            KafkaOptions.reading(client), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Reads up to the end that the topic has now.
   *
   * @param atMost how long
   * @return null if all was read, or else why not
   */
  @Nullable String readToEnd(Duration atMost) {
    Instant deadline = Instant.now().plus(atMost);
    if (!isAssigned) {
      List<PartitionInfo> partitions = consumer.partitionsFor(topic, atMost);
      if (partitions == null || partitions.isEmpty()) {
        return "the topic " + topic + " does not exist";
      }
      List<TopicPartition> all =
          partitions.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      isAssigned = true;
    }
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment(), atMost);
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      if (Instant.now().isAfter(deadline)) {
        return "it could not be read to its end within " + atMost.toSeconds() + " s";
      }
      for (ConsumerRecord<byte[], byte[]> entry : consumer.poll(POLL)) {
        add(entry.value());
      }
    }
    return null;
  }

  /** What was read so far. */
  List<AuditedWindow> windows() {
    return List.copyOf(windows);
  }

  /** How many records are no audits in JSON. */
  long unreadable() {
    return unreadable;
  }

  private void add(byte @Nullable [] value) {
    AuditedWindow window = value == null ? null : window(value);
    if (window == null) {
      unreadable++;
    } else {
      windows.add(window);
    }
  }

  /** The window of a record's value, with a schema or without; null when it is none. */
  static @Nullable AuditedWindow window(byte[] value) {
    try {
      JsonNode document = JSON.readTree(value);
      JsonNode audit = document.has("payload") ? document.path("payload") : document;
      if (!audit.path("feed").asText().equals(FEED)) {
        return null;
      }
      WindowOutcome outcome =
          Arrays.stream(WindowOutcome.values())
              .filter(known -> known.auditValue().equals(audit.path("outcome").asText()))
              .findFirst()
              .orElseThrow(IllegalArgumentException::new);
      Instant from = time(audit.path("windowStart"));
      Instant to = time(audit.path("windowEnd"));
      return new AuditedWindow(
          new TimeRange(from, to),
          outcome,
          audit.path("emitted").asLong(),
          audit.path("late").asLong(),
          audit.path("updated").asLong(),
          audit.path("malformed").asLong(),
          audit.path("unstable").asBoolean(),
          time(audit.path("settledAt")));
    } catch (JsonProcessingException | IllegalArgumentException | DateTimeException e) {
      return null;
    } catch (IOException e) {
      throw new IllegalStateException("Bytes in memory can always be read", e);
    }
  }

  private static Instant time(JsonNode time) {
    if (time.isNumber()) {
      return Instant.ofEpochMilli(time.asLong()).truncatedTo(ChronoUnit.SECONDS);
    }
    return Instant.parse(time.asText()).truncatedTo(ChronoUnit.SECONDS);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
