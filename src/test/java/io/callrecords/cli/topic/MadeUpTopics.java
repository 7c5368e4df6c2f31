package io.callrecords.cli.topic;

import io.callrecords.cli.CliException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** Topics in memory, whose records tests take away, repeat and change. */
public final class MadeUpTopics implements TopicReading {
  private final int partitions;
  private final Map<String, List<MadeUpRecord>> topics = new HashMap<>();
  private final Map<String, long[]> ends = new HashMap<>();
  private ReadingEvent beforeReading = () -> {};
  private int recordsLeft = Integer.MAX_VALUE;
  private boolean hasLost;

  /** A record as it stands in a topic. */
  // Nobody compares two of them.
  @SuppressWarnings("ArrayRecordComponent")
  public record MadeUpRecord(
      TopicPlace place,
      Headers headers,
      byte @Nullable [] key,
      byte @Nullable [] value,
      String id) {}

  /** Creates an empty cluster. */
  public MadeUpTopics(int partitions) {
    this.partitions = partitions;
  }

  /** Adds a record; those of one id go to one partition. */
  public void add(
      String topic, String id, byte @Nullable [] key, byte @Nullable [] value, Instant at) {
    add(topic, id, new RecordHeaders(), key, value, at);
  }

  /** Adds a record with headers. */
  public void add(
      String topic,
      String id,
      Headers headers,
      byte @Nullable [] key,
      byte @Nullable [] value,
      Instant at) {
    int partition = Math.floorMod(id.hashCode(), partitions);
    long[] next = ends.computeIfAbsent(topic, name -> new long[partitions]);
    TopicPlace place = new TopicPlace(partition, next[partition]++, at.toEpochMilli());
    topics
        .computeIfAbsent(topic, name -> new ArrayList<>())
        .add(new MadeUpRecord(place, headers, key, value, id));
  }

  /** The records of a topic, in the order in which they were written. */
  public List<MadeUpRecord> records(String topic) {
    return List.copyOf(topics.getOrDefault(topic, List.of()));
  }

  /** Takes records away. */
  public void remove(String topic, Predicate<MadeUpRecord> which) {
    topics.getOrDefault(topic, List.of()).removeIf(which);
  }

  /** Changes the value of each record of an id. */
  public void change(String topic, String id, UnaryOperator<byte[]> change) {
    topics
        .getOrDefault(topic, List.of())
        .replaceAll(
            one ->
                one.id().equals(id) && one.value() != null
                    ? new MadeUpRecord(
                        one.place(), one.headers(), one.key(), change.apply(one.value()), id)
                    : one);
  }

  /** Writes a record once more. */
  public void repeat(String topic, String id) {
    for (MadeUpRecord one : records(topic)) {
      if (one.id().equals(id)) {
        Instant again = Instant.ofEpochMilli(one.place().timestamp()).plusSeconds(60);
        add(topic, id, one.headers(), one.key(), one.value(), again);
        return;
      }
    }
  }

  /** Has something happen once, before the first topic that is read is read. */
  public void beforeReading(ReadingEvent event) {
    beforeReading = event;
  }

  /** What happens while somebody wants to read. */
  public interface ReadingEvent {
    /** Happens. */
    void happen();
  }

  /** Has the next readings end with an error once they have handed out so many records. */
  public void breakAfter(int records) {
    recordsLeft = records;
  }

  /** Has the topic have lost its oldest records. */
  public void loseOldest() {
    hasLost = true;
  }

  @Override
  public Map<Integer, Long> ends(String topic) {
    Map<Integer, Long> result = new TreeMap<>();
    long[] known = ends.getOrDefault(topic, new long[partitions]);
    for (int i = 0; i < partitions; i++) {
      result.put(i, known[i]);
    }
    return result;
  }

  @Override
  public void read(
      String topic, @Nullable Instant since, Map<Integer, Long> end, RecordConsumer consumer) {
    ReadingEvent event = beforeReading;
    beforeReading = () -> {};
    event.happen();
    read(topic, Map.of(), end, consumer);
  }

  private void read(
      String topic, Map<Integer, Long> from, Map<Integer, Long> end, RecordConsumer consumer) {
    for (MadeUpRecord one : records(topic)) {
      TopicPlace place = one.place();
      boolean isWanted =
          place.offset() >= from.getOrDefault(place.partition(), 0L)
              && place.offset() < end.getOrDefault(place.partition(), 0L);
      if (isWanted) {
        if (--recordsLeft < 0) {
          recordsLeft = Integer.MAX_VALUE;
          throw CliException.unseen("Nothing of topic " + topic + " has come for 60 s");
        }
        consumer.take(place, one.headers(), one.key(), one.value());
      }
    }
  }

  @Override
  public Map<Integer, Long> readOn(String topic, Map<Integer, Long> from, RecordConsumer consumer) {
    Map<Integer, Long> end = ends(topic);
    read(topic, from, end, consumer);
    return end;
  }

  @Override
  public void readAt(String topic, TopicPlace place, RecordConsumer consumer) {
    records(topic).stream()
        .filter(one -> one.place().equals(place))
        .forEach(one -> consumer.take(place, one.headers(), one.key(), one.value()));
  }

  @Override
  public boolean hasLostRecords(String topic) {
    return hasLost;
  }

  @Override
  public void close() {}
}
