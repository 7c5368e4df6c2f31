package io.callrecords.cli.reconcile;

import io.callrecords.cli.reconcile.CallDigests.IdDigest;
import io.callrecords.cli.topic.TopicPlace;
import java.util.HashMap;
import java.util.Map;

/** The records without a value, by which the topic's earlier records of a call count no more. */
final class Deletions {
  /** Some forty MiB. */
  private static final int MAX_KEPT = 200_000;

  private final Map<IdDigest, TopicPlace> places = new HashMap<>();
  private long count;
  private long dropped;

  /** Adds one of a call. */
  void add(IdDigest id, TopicPlace place) {
    count++;
    if (places.size() < MAX_KEPT || places.containsKey(id)) {
      places.merge(id, place, (known, other) -> isBefore(known, other) ? other : known);
    } else {
      dropped++;
    }
  }

  /** Adds one that names no call. */
  void addWithoutKey() {
    count++;
  }

  /** Whether a call was deleted, and has no record left or none at all. */
  boolean has(IdDigest id) {
    return places.containsKey(id);
  }

  /** Whether a call was deleted after its record at some place. */
  boolean isAfter(IdDigest id, TopicPlace record) {
    TopicPlace deleted = places.get(id);
    return deleted != null && isBefore(record, deleted);
  }

  private static boolean isBefore(TopicPlace one, TopicPlace other) {
    return one.partition() == other.partition()
        ? one.offset() < other.offset()
        : one.timestamp() < other.timestamp();
  }

  /** How many there are. */
  long count() {
    return count;
  }

  /** How many are counted only. */
  long dropped() {
    return dropped;
  }
}
