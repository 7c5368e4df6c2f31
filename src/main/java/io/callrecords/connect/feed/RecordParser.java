package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /** The reader of the first field of a record read before. Threads need not agree on it. */
  private @Nullable FieldReader first;

  /**
   * Creates a parser.
   *
   * @param feed the kind of record
   * @param timeField the field by which the API filters
   * @param zone the zone of the API's naive times
   */
  public RecordParser(Feed feed, String timeField, ZoneId zone) {
    this.feed = feed;
    this.timeField = timeField;
    NaiveTime naiveTime = new NaiveTime(zone);
    for (Field field : feed.schema().fields()) {
      if (!field.name().equals(feed.extraField())) {
        FieldReader reader = new FieldReader(field, feed, timeField, naiveTime);
        readers.put(field.name(), reader);
        if (!field.schema().isOptional()) {
          required.add(reader);
        }
      }
    }
    extraField = RecordBuilder.nameless(feed.schema().field(feed.extraField()));
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
    int begin = JsonText.begin(json);
    RecordBuilder builder = new RecordBuilder(new Struct(feed.schema()), range);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      readFields(json, page, builder);
      complete(builder);
    } else {
      json.skipChildren();
      json.finishToken();
      builder.reject("record", "is not a JSON object");
    }
    if (page.length > MAX_BYTES && JsonText.lengthFrom(begin, json) > MAX_BYTES) {
      builder.reject(
          "record", "is larger than " + (MAX_BYTES >> 10) + " KiB, and truncated to that");
    }
    FeedRecord record = builder.record();
    if (record != null && range.contains(record.time())) {
      return record;
    }
    int length = Math.min(JsonText.lengthFrom(begin, json), MAX_BYTES);
    String row = new String(page, begin, length, StandardCharsets.UTF_8);
    return record == null
        ? builder.malformed(position, row)
        : builder.outOfRange(record, position, timeField, row);
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
        builder.addExtra(name, JsonText.of(json, page));
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
    builder.putExtra(extraField);
  }
}
