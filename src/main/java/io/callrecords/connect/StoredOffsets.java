package io.callrecords.connect;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.StoredSplits;
import io.callrecords.connect.split.Split;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** The offsets that the worker has stored for the connector. */
final class StoredOffsets {
  private final OffsetStorageReader reader;
  private final OffsetCodec codec;
  private final Clock clock;

  StoredOffsets(OffsetStorageReader reader, OffsetCodec codec, Clock clock) {
    this.reader = reader;
    this.codec = codec;
    this.clock = clock;
  }

  /**
   * Reads the offsets of splits, and those of all later days for what these say of them.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException when one cannot be used
   */
  StoredSplits of(Collection<Split> wanted) {
    TreeSet<Split> days = new TreeSet<>(wanted);
    Split today = Split.of(clock.instant());
    for (Split day = days.isEmpty() ? today : days.first();
        day.compareTo(today) < 0;
        day = day.next()) {
      days.add(day.next());
    }
    return StoredSplits.of(codec, wanted, stored(days));
  }

  private Map<Split, Map<String, ?>> stored(Set<Split> days) {
    Map<Split, Map<String, ?>> result = new HashMap<>();
    reader
        .offsets(days.stream().map(codec::partition).toList())
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                result.put(codec.split(partition), offset);
              }
            });
    return result;
  }
}
