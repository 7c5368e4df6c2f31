package io.callrecords.connect;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.split.Split;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** Reads the offsets that the worker has stored for the connector. */
final class OffsetStore {
  private final OffsetStorageReader reader;
  private final OffsetCodec codec;
  private final Duration lateArrival;
  private final Clock clock;

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
    Instant now = clock.instant();
    TreeSet<Split> days = new TreeSet<>(wanted);
    if (!days.isEmpty()) {
      days.first().to(Split.of(now)).forEach(days::add);
    }
    return ResumeState.of(codec, wanted, stored(days), now.minus(lateArrival));
  }

  private Map<Split, Map<String, ?>> stored(Set<Split> days) {
    Map<Split, Map<String, ?>> result = new HashMap<>();
    read(days.stream().map(codec::partition).toList())
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                result.put(codec.split(partition), offset);
              }
            });
    return result;
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
