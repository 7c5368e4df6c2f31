package io.callrecords.connect.feed;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Collects the values of one row while it is read, and makes the {@link Row} of them. */
final class RecordBuilder {
  /** The API's ids have 17 bytes. */
  private static final int MAX_ID_BYTES = 128;

  private final Struct value;
  private final QueryRange range;
  private @Nullable String id;
  private boolean hasTime;
  private long time;
  private @Nullable Map<String, String> extra;
  private String rejectedField = "";
  private @Nullable String problem;

  /**
   * Creates a builder without values.
   *
   * @param range the range that was requested
   */
  RecordBuilder(Struct value, QueryRange range) {
    this.value = value;
    this.range = range;
  }

  /** With a name, a struct composes the text of an error at each value that is put into it. */
  static Field nameless(Field field) {
    return new Field(null, field.index(), field.schema());
  }

  QueryRange range() {
    return range;
  }

  /** Whether the record has the time by which the API filters. */
  boolean hasTime() {
    return hasTime;
  }

  @Nullable Object get(Field field) {
    return value.get(field);
  }

  void put(Field field, Object content) {
    value.put(field, content);
  }

  /**
   * Puts a time.
   *
   * @param second seconds since the epoch
   * @param isFilteredTime whether it is the time by which the API filters
   */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  void putTime(Field field, long second, boolean isFilteredTime) {
    value.put(field, new Date(second * 1000));
    if (isFilteredTime) {
      time = second;
      hasTime = true;
    }
  }

  /** Sets the record's id, which has to fit into a key and an offset and to survive both. */
  void setId(String field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      reject(field, "is empty");
    } else if (!text.equals(new String(bytes, StandardCharsets.UTF_8))) {
      reject(field, "holds half of a character");
    } else if (bytes.length > MAX_ID_BYTES) {
      reject(field, "is longer than " + MAX_ID_BYTES + " bytes");
    } else {
      id = text;
    }
  }

  /** Adds a field that the schema lacks, with the text of its JSON. */
  void addExtra(String name, String json) {
    if (extra == null) {
      extra = new HashMap<>();
    }
    extra.put(name, json);
  }

  /** Puts the fields that the schema lacks, if there are any. */
  void putExtra(Field field) {
    if (extra != null) {
      value.put(field, extra);
    }
  }

  /** Makes the row malformed; of several problems, the first one counts. */
  void reject(String field, String newProblem) {
    if (problem == null) {
      rejectedField = field;
      problem = newProblem;
    }
  }

  /** The record, or null where something of it cannot be converted. */
  @Nullable FeedRecord record() {
    String known = id;
    return problem != null || known == null ? null : new FeedRecord(known, time, value);
  }

  /**
   * A record whose time is not in the range that was requested.
   *
   * @param timeField the field by which the API filters
   */
  OutOfRangeRecord outOfRange(FeedRecord record, int position, String timeField, String json) {
    return new OutOfRangeRecord(
        record,
        new MalformedRecord(
            record.id(),
            anyTime(),
            position,
            timeField,
            "lies outside of the range that was requested",
            json));
  }

  /** A row that cannot be converted. */
  MalformedRecord malformed(int position, String json) {
    return new MalformedRecord(
        id,
        hasTime && range.contains(time) ? time : anyTime(),
        position,
        rejectedField,
        Objects.requireNonNull(problem),
        json);
  }

  /** A time for a row whose own is of no use: one in the range, so that its window holds it. */
  private long anyTime() {
    return Math.min(range.first() + 1, range.last());
  }
}
