package io.callrecords.connect;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** The offsets that the worker has stored for the connector. */
final class StoredOffsets {
  private final OffsetStorageReader reader;
  private final OffsetCodec codec;

  StoredOffsets(OffsetStorageReader reader, OffsetCodec codec) {
    this.reader = reader;
    this.codec = codec;
  }

  /**
   * Reads the offsets of splits; one that has none is not in the result.
   *
   * @throws org.apache.kafka.connect.errors.ConnectException when one cannot be used
   */
  Map<Split, SplitOffset> of(Collection<Split> splits) {
    Map<Split, SplitOffset> result = new HashMap<>();
    reader
        .offsets(splits.stream().map(codec::partition).toList())
        .forEach(
            (partition, offset) -> {
              if (offset != null) {
                Split split = codec.split(partition);
                result.put(split, codec.decode(split, offset));
              }
            });
    return result;
  }
}
