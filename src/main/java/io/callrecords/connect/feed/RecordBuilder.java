package io.callrecords.connect.feed;

import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Collects the values of one row while it is read, and makes the {@link Row} of them. */
final class RecordBuilder {
  /** Beyond this number, a page of them would weigh many times its bytes. */
  static final int MAX_EXTRA = 200;

  /** The API's ids have 17 bytes. */
  private static final int MAX_ID_BYTES = 128;

  private final Struct value;
  private final QueryRange range;
  private @Nullable String id;
  private long weight = RowWeight.ROW;
  private boolean hasTime;
  private long time;
  private @Nullable Map<String, String> extra;
  private @Nullable Map<String, List<Integer>> excludedLists;

  /** The other moments of times that come twice because clocks are set back. */
  private @Nullable Map<Field, Long> otherMoments;

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

  /** Whether the record has an id that can be read. */
  boolean hasId() {
    return id != null;
  }

  /** Whether the record has the time by which the API filters. */
  boolean hasTime() {
    return hasTime;
  }

  @Nullable Object get(Field field) {
    return value.get(field);
  }

  void putText(Field field, String text) {
    value.put(field, text);
    weight += RowWeight.ofText(text);
  }

  void putTexts(Field field, List<String> texts) {
    value.put(field, texts);
    weight += RowWeight.ofTexts(texts);
  }

  void putNumber(Field field, int number) {
    value.put(field, number);
    weight += RowWeight.VALUE;
  }

  /**
   * Puts a time.
   *
   * @param milli milliseconds since the epoch
   * @param isFilteredTime whether it is the time by which the API filters, in whole seconds
   */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  void putTime(Field field, long milli, boolean isFilteredTime) {
    value.put(field, new Date(milli));
    weight += RowWeight.VALUE;
    if (isFilteredTime) {
      time = Math.floorDiv(milli, 1_000L);
      hasTime = true;
    }
  }

  /** Adds the other moment of a time that comes twice, unless the API filters by it. */
  void addOtherMoment(Field field, long milli) {
    if (otherMoments == null) {
      otherMoments = new HashMap<>();
    }
    otherMoments.put(field, milli);
  }

  /**
   * Chooses the moments of times that come twice. The range tells that of the time by which the API
   * filters; of the others' moments, the one counts that makes the call shorter, but does not put
   * its end before its start.
   *
   * @param isFilteredByEnd whether the API filters by the last of the times, and not by the first
   */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  void chooseMoments(boolean isFilteredByEnd) {
    if (otherMoments == null || !hasTime) {
      return;
    }
    otherMoments.forEach(
        (field, other) -> {
          long put = ((Date) value.get(field)).getTime();
          long early = Math.min(put, other);
          long late = Math.max(put, other);
          boolean isLate = isFilteredByEnd ? late / 1_000 <= time : early / 1_000 < time;
          value.put(field, new Date(isLate ? late : early));
        });
  }

  /** Whether a text is short enough for an id. */
  static boolean isShortEnoughForId(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= MAX_ID_BYTES;
  }

  /**
   * Sets the record's id, which has to fit into a key and an offset and to survive both. U+0000 is
   * dropped from texts: two ids could become one.
   */
  void setId(String field, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (text.isEmpty()) {
      reject(field, "is empty");
    } else if (!text.equals(new String(bytes, StandardCharsets.UTF_8))) {
      reject(field, "holds half of a character");
    } else if (text.indexOf('\0') >= 0) {
      reject(field, "holds U+0000");
    } else if (bytes.length > MAX_ID_BYTES) {
      reject(field, "is longer than " + MAX_ID_BYTES + " bytes");
    } else {
      id = text;
    }
  }

  /** Whether there are so few fields yet that the schema lacks that one more may be added. */
  boolean hasRoomForExtra() {
    return extra == null || extra.size() < MAX_EXTRA;
  }

  /** Adds a field that the schema lacks, with the text of its JSON. */
  void addExtra(String name, String json) {
    if (extra == null) {
      extra = new HashMap<>();
    }
    extra.put(name, json);
  }

  /** Adds what is known of a list that is left out: the hashes of its elements. */
  void addExcludedList(String name, List<Integer> hashes) {
    if (excludedLists == null) {
      excludedLists = new HashMap<>();
    }
    excludedLists.put(name, hashes);
    weight += RowWeight.ofNumbers(hashes);
  }

  /** Puts the fields that the schema lacks, if there are any. */
  void putExtra(Field field) {
    if (extra != null) {
      value.put(field, extra);
      weight += RowWeight.ofTexts(extra);
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
    return problem != null || known == null
        ? null
        : new FeedRecord(
            known,
            time,
            value,
            excludedLists == null ? Map.of() : Map.copyOf(excludedLists),
            weight);
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
            false,
            position,
            timeField,
            "lies outside of the range that was requested",
            json,
            null));
  }

  /**
   * A row that cannot be converted.
   *
   * @param digest what tells it from others; null where its id or its JSON does
   */
  MalformedRecord malformed(int position, String json, @Nullable String digest) {
    boolean hasOwnTime = hasTime && range.contains(time);
    return new MalformedRecord(
        id,
        hasOwnTime ? time : anyTime(),
        hasOwnTime,
        position,
        rejectedField,
        Objects.requireNonNull(problem),
        json,
        digest);
  }

  /** A time for a row whose own is of no use: one in the range, so that its window holds it. */
  private long anyTime() {
    return Math.min(range.first() + 1, range.last());
  }
}
