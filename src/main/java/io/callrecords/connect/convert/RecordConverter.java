package io.callrecords.connect.convert;

import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.read.Batch;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes Connect's source records of a feed's records. */
public final class RecordConverter {
  private final Feed feed;
  private final String topic;
  private final RecordTimestamp timestamp;
  private final OffsetCodec offsets;

  /** Creates a converter of a feed's records for a topic. */
  public RecordConverter(Feed feed, String topic, RecordTimestamp timestamp, OffsetCodec offsets) {
    this.feed = feed;
    this.topic = topic;
    this.timestamp = timestamp;
    this.offsets = offsets;
  }

  /** The source records of a batch, in order, each with the offset that holds once it is sent. */
  public List<SourceRecord> convert(Batch batch) {
    Map<String, String> partition = offsets.partition(batch.split());
    List<SourceRecord> result = new ArrayList<>(batch.records().size());
    for (int i = 0; i < batch.records().size(); i++) {
      FeedRecord record = batch.records().get(i);
      int index = i;
      result.add(
          new SourceRecord(
              partition,
              offsets.lazily(() -> batch.offsets().apply(index)),
              topic,
              null,
              Schema.STRING_SCHEMA,
              record.id(),
              feed.schema(),
              record.value(),
              timestamp(record.value())));
    }
    return result;
  }

  private @Nullable Long timestamp(Struct value) {
    return switch (timestamp) {
      case INGEST -> null;
      case CALL_START -> millis(value, feed.startField());
      case CALL_END -> {
        Long end = millis(value, feed.endField());
        yield end == null ? millis(value, feed.startField()) : end;
      }
    };
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static @Nullable Long millis(Struct value, String field) {
    return value.get(field) instanceof Date date ? date.getTime() : null;
  }
}
