package io.callrecords.connect.convert;

import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.WindowAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes Connect's source records of a feed's records. */
public final class RecordConverter {
  /** What the names of headers of malformed records begin with. */
  private static final String HEADER = "callrecords.malformed.";

  private static final Duration LONGEST_CALL = Duration.ofDays(1);

  private final Feed feed;
  private final String topic;
  private final @Nullable String auditTopic;
  private final @Nullable String malformedTopic;
  private final RecordTimestamp timestamp;
  private final OffsetCodec offsets;

  /**
   * Creates a converter.
   *
   * @param topic the topic of the feed's records
   * @param auditTopic the topic of the audit records, or null when there are none
   * @param malformedTopic the topic of what cannot be converted, or null when it goes to none
   */
  public RecordConverter(
      Feed feed,
      String topic,
      @Nullable String auditTopic,
      @Nullable String malformedTopic,
      RecordTimestamp timestamp,
      OffsetCodec offsets) {
    this.feed = feed;
    this.topic = topic;
    this.auditTopic = auditTopic;
    this.malformedTopic = malformedTopic;
    this.timestamp = timestamp;
    this.offsets = offsets;
  }

  /** The source records of a batch, in order, each with the offset that holds once it is sent. */
  public List<SourceRecord> convert(Batch batch) {
    Map<String, String> partition = offsets.partition(batch.split());
    List<SourceRecord> result = new ArrayList<>(batch.items().size());
    for (int i = 0; i < batch.items().size(); i++) {
      int index = i;
      Map<String, Object> offset = offsets.lazily(() -> batch.offsets().apply(index));
      Batch.Item item = batch.items().get(i);
      if (item instanceof Batch.Call call) {
        result.add(record(call.record(), partition, offset));
      } else if (item instanceof Batch.Malformed malformed) {
        result.add(record(malformed.record(), partition, offset));
      } else if (item instanceof Batch.Audit audit) {
        result.add(record(audit.audit(), batch.split(), partition, offset));
      }
    }
    return result;
  }

  private SourceRecord record(
      FeedRecord record, Map<String, String> partition, Map<String, Object> offset) {
    return new KeyedRecord(partition, offset, topic, record, feed.schema(), timestamp(record));
  }

  /**
   * A record that is hashed by its key alone. An exactly-once worker keeps the records of a
   * transaction in a hash map; to hash all that a call tells is a twentieth of what it spends on
   * it.
   */
  private static final class KeyedRecord extends SourceRecord {
    KeyedRecord(
        Map<String, String> partition,
        Map<String, Object> offset,
        String topic,
        FeedRecord record,
        Schema schema,
        @Nullable Long timestamp) {
      super(
          partition,
          offset,
          topic,
          null,
          Schema.STRING_SCHEMA,
          record.id(),
          schema,
          record.value(),
          timestamp);
    }

    @Override
    public int hashCode() {
      return key().hashCode();
    }
  }

  /** The row as the API sent it, keyed by its id as far as that can be read. */
  private SourceRecord record(
      MalformedRecord record, Map<String, String> partition, Map<String, Object> offset) {
    ConnectHeaders headers = new ConnectHeaders();
    headers.addString(HEADER + "feed", feed.name());
    headers.addString(HEADER + "field", record.field());
    headers.addString(HEADER + "problem", record.problem());
    headers.addInt(HEADER + "position", record.position());
    return new SourceRecord(
        partition,
        offset,
        malformedTopic,
        null,
        Schema.OPTIONAL_STRING_SCHEMA,
        record.key(),
        Schema.STRING_SCHEMA,
        record.json(),
        null,
        headers);
  }

  private SourceRecord record(
      WindowAudit audit, Split split, Map<String, String> partition, Map<String, Object> offset) {
    return new SourceRecord(
        partition,
        offset,
        auditTopic,
        Schema.STRING_SCHEMA,
        AuditConverter.key(audit),
        AuditConverter.SCHEMA,
        AuditConverter.value(feed.name(), split.toString(), audit));
  }

  private @Nullable Long timestamp(FeedRecord record) {
    Struct value = record.value();
    return switch (timestamp) {
      case INGEST -> null;
      case CALL_START -> believable(millis(value, feed.startField()), record);
      case CALL_END -> {
        Long end = millis(value, feed.endField());
        yield believable(end == null ? millis(value, feed.startField()) : end, record);
      }
    };
  }

  /**
   * A time far from the one by which the API has found the record is a placeholder such as 1970, or
   * a fault; a producer or broker that refuses it would stop the task for good.
   */
  private static long believable(@Nullable Long millis, FeedRecord record) {
    long found = record.time() * 1000;
    return millis == null || Math.abs(millis - found) > LONGEST_CALL.toMillis() ? found : millis;
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static @Nullable Long millis(Struct value, String field) {
    return value.get(field) instanceof Date date ? date.getTime() : null;
  }
}
