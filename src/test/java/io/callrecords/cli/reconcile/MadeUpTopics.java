package io.callrecords.cli.reconcile;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Topics in memory, whose records tests take away, repeat and change. */
final class MadeUpTopics implements TopicReading {
  private final int partitions;
  private final Map<String, List<MadeUpRecord>> topics = new HashMap<>();
  private final Map<String, long[]> ends = new HashMap<>();
  private Runnable afterReading = () -> {};
  private boolean hasLost;

  /** A record as it stands in a topic. */
  // Nobody compares two of them.
  @SuppressWarnings("ArrayRecordComponent")
  record MadeUpRecord(
      TopicPlace place, byte @Nullable [] key, byte @Nullable [] value, String id) {}

  MadeUpTopics(int partitions) {
    this.partitions = partitions;
  }

  /** Adds a record; those of one id go to one partition. */
  void add(String topic, String id, byte @Nullable [] key, byte @Nullable [] value, Instant at) {
    int partition = Math.floorMod(id.hashCode(), partitions);
    long[] next = ends.computeIfAbsent(topic, name -> new long[partitions]);
    TopicPlace place = new TopicPlace(partition, next[partition]++, at.toEpochMilli());
    topics
        .computeIfAbsent(topic, name -> new ArrayList<>())
        .add(new MadeUpRecord(place, key, value, id));
  }

  /** The records of a topic, in the order in which they were written. */
  List<MadeUpRecord> records(String topic) {
    return List.copyOf(topics.getOrDefault(topic, List.of()));
  }

  /** Takes records away. */
  void remove(String topic, Predicate<MadeUpRecord> which) {
    topics.getOrDefault(topic, List.of()).removeIf(which);
  }

  /** Changes the value of each record of an id. */
  void change(String topic, String id, UnaryOperator<byte[]> change) {
    topics
        .getOrDefault(topic, List.of())
        .replaceAll(
            one ->
                one.id().equals(id) && one.value() != null
                    ? new MadeUpRecord(one.place(), one.key(), change.apply(one.value()), id)
                    : one);
  }

  /** Writes a record once more. */
  void repeat(String topic, String id) {
    for (MadeUpRecord one : records(topic)) {
      if (one.id().equals(id)) {
        Instant again = Instant.ofEpochMilli(one.place().timestamp()).plusSeconds(60);
        add(topic, id, one.key(), one.value(), again);
        return;
      }
    }
  }

  /** Has something happen right after the topic was read for the first time. */
  void afterReading(Runnable event) {
    afterReading = event;
  }

  /** Has the topic have lost its oldest records. */
  void loseOldest() {
    hasLost = true;
  }

  @Override
  public Map<Integer, Long> read(String topic, @Nullable Instant since, RecordConsumer consumer) {
    Map<Integer, Long> read = readOn(topic, Map.of(), consumer);
    Runnable event = afterReading;
    afterReading = () -> {};
    event.run();
    return read;
  }

  @Override
  public Map<Integer, Long> readOn(String topic, Map<Integer, Long> from, RecordConsumer consumer) {
    Map<Integer, Long> result = new TreeMap<>();
    long[] known = ends.getOrDefault(topic, new long[partitions]).clone();
    for (MadeUpRecord one : records(topic)) {
      if (one.place().offset() >= from.getOrDefault(one.place().partition(), 0L)) {
        consumer.take(one.place(), one.key(), one.value());
      }
    }
    for (int i = 0; i < partitions; i++) {
      result.put(i, known[i]);
    }
    return result;
  }

  @Override
  public byte @Nullable [] value(String topic, TopicPlace place) {
    return records(topic).stream()
        .filter(one -> one.place().equals(place))
        .map(MadeUpRecord::value)
        .findFirst()
        .orElse(null);
  }

  @Override
  public boolean hasLostRecords(String topic) {
    return hasLost;
  }

  @Override
  public void close() {}
}
