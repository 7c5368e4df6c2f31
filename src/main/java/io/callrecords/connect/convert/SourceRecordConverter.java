package io.callrecords.connect.convert;

import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.config.FormatOptions;
import io.callrecords.connect.config.RecordTimestamp;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.RecordOffset;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.RowVersion;
import io.callrecords.connect.state.WindowAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.header.Headers;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Converts batches into the source records that Connect takes. */
public final class SourceRecordConverter {
  private static final Duration LONGEST_CALL = Duration.ofDays(1);

  /** Says which version of a call a record is, for predicates and for who skips the value. */
  private static final String VERSION_HEADER = "callrecords.version";

  private final Feed feed;
  private final String topic;
  private final @Nullable String auditTopic;
  private final @Nullable String malformedTopic;
  private final RecordTimestamp timestamp;
  private final OffsetCodec offsets;
  private final NulFilter nul;
  private final CallForm calls;
  private final MalformedConverter malformed;
  private final AuditConverter audits;
  private final boolean hasVersionHeader;

  /**
   * Creates a converter.
   *
   * @param topic the topic of the feed's records
   * @param auditTopic the topic of the audit records, or null when none are emitted
   * @param malformedTopic the topic of rows that cannot be converted, or null when they are not
   *     routed
   * @param format the form in which records are written
   * @param onNulDropped called for each text of which a U+0000 is dropped
   */
  public SourceRecordConverter(
      Feed feed,
      String topic,
      @Nullable String auditTopic,
      @Nullable String malformedTopic,
      RecordTimestamp timestamp,
      FormatOptions format,
      OffsetCodec offsets,
      Runnable onNulDropped) {
    this.feed = feed;
    this.topic = topic;
    this.auditTopic = auditTopic;
    this.malformedTopic = malformedTopic;
    this.timestamp = timestamp;
    this.offsets = offsets;
    this.nul = new NulFilter(format.keepsNul(), onNulDropped);
    this.calls = new CallForm(feed, format, nul);
    this.malformed = new MalformedConverter(format.times());
    this.audits = new AuditConverter(format.times());
    this.hasVersionHeader = format.added().contains(AddedField.VERSION);
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
          row ->
              records.add(
                  row.row()
                      .match(
                          record -> ofRecord(record, row.version()),
                          this::ofMalformed,
                          // Nobody emits one; should it happen, its record must not be lost.
                          outOfRange -> ofRecord(outOfRange.record(), row.version()))),
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

    private SourceRecord ofRecord(FeedRecord record, RowVersion version) {
      Headers headers =
          hasVersionHeader ? new ConnectHeaders().addString(VERSION_HEADER, version.text()) : null;
      return new KeyedRecord(
          next(),
          topic,
          nul.text(record.id()),
          calls.schema(),
          calls.value(record.value(), version, batch.readAt()),
          timestamp(record),
          headers);
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
          nul.filtered(row.key()),
          malformed.record().schema(),
          malformed.value(feed.name(), batch.split().toString(), row, nul),
          null,
          MalformedConverter.headers(feed.name(), row));
    }

    private SourceRecord ofAudit(WindowAudit audit) {
      return new BatchRecord(
          next(),
          auditTopic,
          Schema.STRING_SCHEMA,
          AuditConverter.key(audit),
          audits.record().schema(),
          audits.value(feed.name(), batch.split().toString(), audit),
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
        String key,
        Schema schema,
        Struct value,
        @Nullable Long timestamp,
        @Nullable Headers headers) {
      super(position, topic, Schema.STRING_SCHEMA, key, schema, value, timestamp, headers);
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
