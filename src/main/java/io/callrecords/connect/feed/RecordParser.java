package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.feed.PrivacyRules.FieldRule;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record of a feed from the JSON of a page.
 *
 * <p>The API's types vary between its documentation, its samples and its brands: numbers come as
 * text, absent values come as null, as an empty text, as a time of zeros or not at all, and fields
 * are added without notice. All of that is accepted; what cannot be converted becomes a {@link
 * MalformedRecord}. Any thread may use it.
 */
public final class RecordParser {
  /** Topics accept 1 MiB by default, including all that a converter puts around and between. */
  private static final int MAX_BYTES = 256 * 1024;

  private final Feed feed;
  private final String timeField;
  private final Map<String, FieldReader> readers = new HashMap<>();
  private final List<FieldReader> required = new ArrayList<>();
  private final Field extraField;
  private final PrivacyRules privacy;
  private final RowText rowText;

  /** The reader of the first field of a record read before. Threads need not agree on it. */
  private @Nullable FieldReader first;

  /** Creates a parser of records from which nothing is left out. */
  public RecordParser(Feed feed, String timeField, ZoneId zone) {
    this(feed, timeField, zone, PrivacyRules.NONE);
  }

  /** The parser that a connector's settings ask for. */
  public static RecordParser of(Feed feed, CallRecordSourceConfig config) {
    return new RecordParser(
        feed,
        config.queryTimeField().field(),
        config.zone(),
        new PrivacyRules(config.privacy()),
        config.format().cost());
  }

  /** Creates a parser that leaves decimal fields as they are. */
  public RecordParser(Feed feed, String timeField, ZoneId zone, PrivacyRules privacy) {
    this(feed, timeField, zone, privacy, CostFormat.TEXT);
  }

  /**
   * Creates a parser.
   *
   * @param feed the kind of record
   * @param timeField the field by which the API filters
   * @param zone the zone of the API's naive times
   * @param privacy what is left of each field; nothing else of a row leaves the parser
   * @param costs how the feed's decimal fields are written: a text that cannot be written so makes
   *     a row malformed
   */
  public RecordParser(
      Feed feed, String timeField, ZoneId zone, PrivacyRules privacy, CostFormat costs) {
    for (String needed : List.of(feed.idField(), feed.startField(), feed.endField())) {
      if (privacy.ruleOf(needed) != FieldRule.PASS) {
        throw new IllegalArgumentException("The connector needs " + needed);
      }
    }
    this.feed = feed;
    this.timeField = timeField;
    this.privacy = privacy;
    NaiveTime naiveTime = new NaiveTime(zone);
    for (Field field : feed.schema().fields()) {
      if (!field.name().equals(feed.extraField())) {
        FieldReader reader = new FieldReader(field, feed, timeField, naiveTime, privacy, costs);
        readers.put(field.name(), reader);
        if (!field.schema().isOptional()) {
          required.add(reader);
        }
      }
    }
    extraField = RecordBuilder.nameless(feed.schema().field(feed.extraField()));
    rowText = new RowText(privacy, readers, MAX_BYTES);
  }

  /**
   * Whether the value of a field is read; else it is left out, and nothing can be wrong with it.
   */
  public boolean reads(String field) {
    return readers.containsKey(field)
        ? privacy.ruleOf(field) != FieldRule.EXCLUDE
        : privacy.passesUnknown(field);
  }

  /**
   * Reads the row that the JSON parser stands at, and leaves it at the row's end.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   * @param position where the row stands in its page, from 1
   * @param range the range that was requested
   * @throws IOException when the text is not JSON or ends early
   */
  public Row parse(JsonParser json, byte[] page, int position, QueryRange range)
      throws IOException {
    return parse(json, page, page, position, new RecordBuilder(new Struct(feed.schema()), range));
  }

  /**
   * Reads a row of a page of which something was blanked that no parser should read. If that is of
   * a field of the row that it {@link #reads}, the row is malformed, with its id and time as far as
   * they can be read.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   * @param original the same bytes before anything of them was blanked
   * @param position where the row stands in its page, from 1
   * @param range the range that was requested
   * @param problem what is wrong with the row; null where nothing was blanked of what is read
   * @throws IOException when the text is not JSON or ends early
   */
  public Row parseBlanked(
      JsonParser json,
      byte[] page,
      byte[] original,
      int position,
      QueryRange range,
      @Nullable String problem)
      throws IOException {
    RecordBuilder builder = new RecordBuilder(new Struct(feed.schema()), range);
    if (problem != null) {
      builder.reject("record", problem);
    }
    return parse(json, page, original, position, builder);
  }

  private Row parse(
      JsonParser json, byte[] page, byte[] original, int position, RecordBuilder builder)
      throws IOException {
    int begin = JsonText.begin(json);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      readFields(json, page, builder);
      complete(builder);
    } else {
      json.skipChildren();
      json.finishToken();
      builder.reject("record", "is not a JSON object");
    }
    if (page.length > MAX_BYTES
        && rowText.isTruncated(page, begin, JsonText.lengthFrom(begin, json))) {
      builder.reject(
          "record", "is larger than " + (MAX_BYTES >> 10) + " KiB, and truncated to that");
    }
    FeedRecord record = builder.record();
    if (record != null && builder.range().contains(record.time())) {
      return record;
    }
    int length = JsonText.lengthFrom(begin, json);
    String row = rowText.of(page, original, begin, length);
    if (record != null) {
      return builder.outOfRange(record, position, timeField, row);
    }
    return builder.malformed(
        position, row, builder.hasId() ? null : privacy.digest(original, begin, length));
  }

  /** Reads the fields: of each, first tries the name that followed in a record read before. */
  private void readFields(JsonParser json, byte[] page, RecordBuilder builder) throws IOException {
    FieldReader previous = null;
    while (true) {
      FieldReader expected = previous == null ? first : previous.next();
      if (expected != null && json.nextFieldName(expected.serializedName())) {
        expected.read(json, builder);
        previous = expected;
        continue;
      }
      JsonToken token = expected == null ? json.nextToken() : json.currentToken();
      if (token == JsonToken.END_OBJECT) {
        return;
      }
      String name = json.currentName();
      FieldReader reader = readers.get(name);
      if (reader == null) {
        json.nextToken();
        if (!privacy.passesUnknown(name)) {
          json.skipChildren();
        } else if (builder.hasRoomForExtra()) {
          builder.addExtra(name, JsonText.of(json, page));
        } else {
          json.skipChildren();
          builder.reject("record", "has more than " + RecordBuilder.MAX_EXTRA + " unknown fields");
        }
      } else {
        reader.read(json, builder);
        setNext(previous, reader);
        previous = reader;
      }
    }
  }

  private void setNext(@Nullable FieldReader previous, FieldReader reader) {
    if (previous == null) {
      first = reader;
    } else {
      previous.setNext(reader);
    }
  }

  private void complete(RecordBuilder builder) {
    for (FieldReader reader : required) {
      if (reader.isAbsentIn(builder)) {
        builder.reject(reader.name(), "is absent");
      }
    }
    if (!builder.hasTime()) {
      builder.reject(timeField, "is absent, although query.time.field names it");
    }
    builder.chooseMoments(timeField.equals(feed.endField()));
    builder.putExtra(extraField);
  }
}
