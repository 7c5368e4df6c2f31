package io.callrecords.connect.state;

import static io.callrecords.connect.state.SplitFixture.DAY;

import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.split.Split;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The offsets that reached Kafka, by source partition, and what a task makes of them at a start.
 */
final class OffsetFixture {
  final OffsetCodec codec = new OffsetCodec("call-center");
  final Map<Map<String, String>, Map<String, Object>> byPartition = new HashMap<>();

  void put(RecordOffset offset) {
    byPartition.put(codec.partition(offset), codec.encode(offset));
  }

  /** What they say of the fixture's day. */
  ResumeState resume(Instant settledBefore) {
    Map<Split, Map<String, ?>> days = new HashMap<>();
    Map<Integer, Map<String, ?>> segments = new HashMap<>();
    byPartition.forEach(
        (partition, map) -> {
          if (codec.segment(partition) > 0) {
            segments.put(codec.segment(partition), map);
          } else {
            days.put(codec.split(partition), map);
          }
        });
    return ResumeState.of(codec, List.of(DAY), days, segments, settledBefore);
  }
}
