package io.callrecords.connect;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.split.Split;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the offsets that the worker has stored for the connector. */
final class OffsetStore {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetStore.class);

  /** Segments are numbered without large gaps: where so many are missing, there are no more. */
  private static final int SEGMENTS_AT_ONCE = 1_024;

  /**
   * The segments that are requested at any rate, and every so many of the others: a person may have
   * reset the offsets of some.
   */
  private static final int FIRST_SEGMENTS = 16;

  private final OffsetStorageReader reader;
  private final OffsetCodec codec;
  private final Duration lateArrival;
  private final Clock clock;

  /** The splits whose offset has been named as defective; a connector reads it again and again. */
  private final Set<Split> named = ConcurrentHashMap.newKeySet();

  /**
   * Creates a store.
   *
   * @param lateArrival how long after its time a record may still appear
   */
  OffsetStore(OffsetStorageReader reader, OffsetCodec codec, Duration lateArrival, Clock clock) {
    this.reader = reader;
    this.codec = codec;
    this.lateArrival = lateArrival;
    this.clock = clock;
  }

  /**
   * Reads the offsets of splits, and those of all later days for what they say about these.
   *
   * @throws RetriableException if the worker could not read them
   * @throws org.apache.kafka.connect.errors.ConnectException if one of them cannot be used
   */
  ResumeState of(Collection<Split> wanted) {
    return resume(wanted, true);
  }

  /** The same without the journal's ids: enough to tell what is unread. */
  ResumeState withoutJournaledIds(Collection<Split> wanted) {
    return resume(wanted, false);
  }

  private ResumeState resume(Collection<Split> wanted, boolean withIds) {
    Instant now = clock.instant();
    TreeSet<Split> days = new TreeSet<>(wanted);
    if (!days.isEmpty()) {
      days.first().to(Split.of(now)).forEach(days::add);
    }
    Stored stored = stored(days);
    ResumeState state =
        ResumeState.of(
            codec, wanted, stored.days(), stored.segments(), now.minus(lateArrival), withIds);
    state.defects().forEach(this::warnOnce);
    if (!withIds) {
      return state;
    }
    Set<Split> older = state.daysOfSegments();
    older.removeAll(days);
    if (!older.isEmpty()) {
      read(older.stream().map(codec::partition).toList(), stored);
    }
    days.addAll(older);
    return state.checkedBy(stored.days(), days::contains);
  }

  private void warnOnce(Split split, List<String> defects) {
    if (named.add(split)) {
      LOG.warn(
          "The stored offset of {} says what cannot be: {}. The connector ignores that, and reads"
              + " what the rest of the offset does not cover; calls whose ids it holds do not come"
              + " again. To end this line, correct the offset or reset it to null with PATCH"
              + " /connectors/<name>/offsets.",
          codec.partition(split),
          String.join("; ", defects));
    }
  }

  /** What is stored, by source partition. */
  private record Stored(Map<Split, Map<String, ?>> days, Map<Integer, Map<String, ?>> segments) {}

  /** Reads days, and the segments of the journal: of most connectors, only that there is none. */
  private Stored stored(Set<Split> days) {
    Stored stored = new Stored(new HashMap<>(), new HashMap<>());
    List<Map<String, String>> partitions =
        new ArrayList<>(days.stream().map(codec::partition).toList());
    partitions.addAll(partitions(1, OffsetStore::isRequestedFirst));
    read(partitions, stored);
    boolean mayHaveMore = !stored.segments().isEmpty();
    for (int first = 1; mayHaveMore; first += SEGMENTS_AT_ONCE) {
      read(partitions(first, segment -> !isRequestedFirst(segment)), stored);
      mayHaveMore =
          IntStream.range(first, first + SEGMENTS_AT_ONCE).anyMatch(stored.segments()::containsKey);
    }
    return stored;
  }

  private static boolean isRequestedFirst(int segment) {
    return segment <= FIRST_SEGMENTS
        || (segment <= SEGMENTS_AT_ONCE && segment % FIRST_SEGMENTS == 0);
  }

  private List<Map<String, String>> partitions(int firstSegment, IntPredicate wanted) {
    return IntStream.range(firstSegment, firstSegment + SEGMENTS_AT_ONCE)
        .filter(wanted)
        .mapToObj(codec::segmentPartition)
        .toList();
  }

  private void read(List<Map<String, String>> partitions, Stored stored) {
    read(partitions)
        .forEach(
            (partition, offset) -> {
              int segment = codec.segment(partition);
              if (offset != null && segment > 0) {
                stored.segments().put(segment, offset);
              } else if (offset != null) {
                stored.days().put(codec.split(partition), offset);
              }
            });
  }

  /** What the worker throws says that Kafka was out of reach, nothing of the offsets themselves. */
  private Map<Map<String, String>, Map<String, Object>> read(List<Map<String, String>> partitions) {
    try {
      return reader.offsets(partitions);
    } catch (RuntimeException e) {
      throw new RetriableException("The worker could not read the stored offsets from Kafka.", e);
    }
  }
}
