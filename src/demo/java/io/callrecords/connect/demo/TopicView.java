package io.callrecords.connect.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** What a consumer has seen of the topic so far. */
final class TopicView implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final ObjectMapper json = new ObjectMapper();
  private final Set<String> ids = new HashSet<>();
  private long records;

  /** Reads the topic's only partition from its beginning; the consumer is closed with this. */
  TopicView(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** Waits for a moment for new records, and returns those that came. */
  List<Arrival> read() throws IOException {
    List<Arrival> arrivals = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
      records++;
      ids.add(new String(record.key(), StandardCharsets.UTF_8));
      arrivals.add(new Arrival(json.readTree(record.value()), Instant.now()));
    }
    return arrivals;
  }

  /** All records, those with the same id as well. */
  long records() {
    return records;
  }

  /** The calls that the topic holds. */
  Set<String> ids() {
    return ids;
  }

  /** Records of calls that the topic held already. */
  long duplicates() {
    return records - ids.size();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
