package io.callrecords.connect.convert;

import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.OutOfRangeRecord;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.WindowAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Converts batches into the source records that Connect takes. */
public final class SourceRecordConverter {
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
   * @param auditTopic the topic of the audit records, or null when none are emitted
   * @param malformedTopic the topic of rows that cannot be converted, or null when they are not
   *     routed
   */
  public SourceRecordConverter(
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

  /** The source records of a batch, in order, each with the offset that is true once it is sent. */
  public List<SourceRecord> convert(Batch batch) {
    return new Conversion(batch).records();
  }

  /** One batch on its way. */
  private final class Conversion {
    private final Batch batch;
    private final List<SourceRecord> records;
    private final Map<Object, Map<String, String>> partitions = new HashMap<>();

    Conversion(Batch batch) {
      this.batch = batch;
      this.records = new ArrayList<>(batch.size());
    }

    List<SourceRecord> records() {
      batch.forEach(
          row -> records.add(row.match(this::ofRecord, this::ofMalformed, this::ofOutOfRange)),
          audit -> records.add(ofAudit(audit)));
      return records;
    }

    /** The offset of the record that is added next. */
    private SourcePosition next() {
      RecordOffset offset = batch.offsets().apply(records.size());
      return new SourcePosition(batch.number(), partition(offset), offsets.lazily(offset));
    }

    /** The records of a batch share the maps of their few partitions. */
    private Map<String, String> partition(RecordOffset offset) {
      return partitions.computeIfAbsent(offset.source(), source -> offsets.partition(offset));
    }

    private SourceRecord ofRecord(FeedRecord record) {
      return new KeyedRecord(next(), topic, record, feed.schema(), timestamp(record));
    }

    /** Nobody emits one; should it happen, the record itself is what must not be lost. */
    private SourceRecord ofOutOfRange(OutOfRangeRecord row) {
      return ofRecord(row.record());
    }

    /**
     * The row as the API returned it, or what settings leave of it, with what is wrong, keyed by
     * its id as far as that can be read. A struct, since transforms of values accept nothing else.
     */
    private SourceRecord ofMalformed(MalformedRecord row) {
      return new BatchRecord(
          next(),
          malformedTopic,
          Schema.OPTIONAL_STRING_SCHEMA,
          row.key(),
          MalformedConverter.RECORD.schema(),
          MalformedConverter.value(feed.name(), batch.split().toString(), row),
          null,
          MalformedConverter.headers(feed.name(), row));
    }

    private SourceRecord ofAudit(WindowAudit audit) {
      return new BatchRecord(
          next(),
          auditTopic,
          Schema.STRING_SCHEMA,
          AuditConverter.key(audit),
          AuditConverter.RECORD.schema(),
          AuditConverter.value(feed.name(), batch.split().toString(), audit),
          null,
          null);
    }
  }

  /** Where a record comes from, and the batch that it belongs to. */
  private record SourcePosition(
      long batch, Map<String, String> partition, Map<String, Object> offset) {}

  /** A record that knows its batch. */
  private static class BatchRecord extends SourceRecord {
    private final long batch;

    BatchRecord(
        SourcePosition position,
        @Nullable String topic,
        Schema keySchema,
        @Nullable Object key,
        Schema valueSchema,
        Object value,
        @Nullable Long timestamp,
        @Nullable Iterable<Header> headers) {
      super(
          position.partition(),
          position.offset(),
          topic,
          null,
          keySchema,
          key,
          valueSchema,
          value,
          timestamp,
          headers);
      this.batch = position.batch();
    }
  }

  /** The number of the batch that a record belongs to; 0 where it is none of the task's. */
  public static long batchOf(SourceRecord record) {
    return record instanceof BatchRecord known ? known.batch : 0;
  }

  /**
   * A record that is hashed by its key alone. An exactly-once worker keeps the records of a
   * transaction in a hash map; hashing all values of a call takes a twentieth of the time that it
   * spends on the call.
   */
  private static final class KeyedRecord extends BatchRecord {
    KeyedRecord(
        SourcePosition position,
        String topic,
        FeedRecord record,
        Schema schema,
        @Nullable Long timestamp) {
      super(
          position,
          topic,
          Schema.STRING_SCHEMA,
          record.id(),
          schema,
          record.value(),
          timestamp,
          null);
    }

    @Override
    public int hashCode() {
      return key().hashCode();
    }
  }

  private @Nullable Long timestamp(FeedRecord record) {
    Struct value = record.value();
    return switch (timestamp) {
      case INGEST -> null;
      case CALL_START -> plausible(millis(value, feed.startField()), record);
      case CALL_END -> {
        Long end = millis(value, feed.endField());
        yield plausible(end == null ? millis(value, feed.startField()) : end, record);
      }
    };
  }

  /**
   * A time far from the one by which the API found the record is a placeholder such as 1970, or
   * wrong; a producer or broker that refuses it would stop the task for good.
   */
  private static long plausible(@Nullable Long millis, FeedRecord record) {
    long filtered = record.time() * 1000;
    boolean isFarOff = millis != null && Math.abs(millis - filtered) > LONGEST_CALL.toMillis();
    return millis == null || isFarOff ? filtered : millis;
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private static @Nullable Long millis(Struct value, String field) {
    return value.get(field) instanceof Date date ? date.getTime() : null;
  }
}
