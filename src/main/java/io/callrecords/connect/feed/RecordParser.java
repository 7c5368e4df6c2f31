package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/**
 * Reads one record of a feed from the JSON of a page.
 *
 * <p>The API's types vary between its documentation, its samples and its brands: numbers come as
 * text, absent values come as null, as an empty text, as a time of zeros or not at all, and fields
 * are added without notice. All of that is accepted; what cannot be converted becomes a {@link
 * MalformedRecord}.
 */
public final class RecordParser {
  /** What databases that have no time of a row may say instead. */
  private static final String NO_DATE = "0000-00-00";

  /** So many digits are a number of 32 bits, whichever they are. */
  private static final int SAFE_DIGITS = 9;

  /** The platform's have 17. */
  private static final int MOST_BYTES_OF_ID = 128;

  /** What a topic takes by default, 1 MiB, with all that a converter may put around and between. */
  private static final int MOST_BYTES = 256 * 1024;

  private final Feed feed;
  private final String timeField;
  private final NaiveTime naiveTime;
  private final Map<String, Slot> slots = new HashMap<>();
  private final List<Slot> required = new ArrayList<>();

  /** What stands before a record's first field. */
  private final FieldReader beginning = new FieldReader();

  private final Field extraField;

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
    this.naiveTime = new NaiveTime(zone);
    for (Field field : feed.schema().fields()) {
      if (!field.name().equals(feed.extraField())) {
        Slot slot = new Slot(field, feed, timeField);
        slots.put(slot.name, slot);
        if (!field.schema().isOptional()) {
          required.add(slot);
        }
      }
    }
    extraField = nameless(feed.schema().field(feed.extraField()));
  }

  /**
   * Reads the row that the JSON parser stands at, and leaves it at the row's end.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   * @param position where the row stands in its page, from 1
   * @param asked what the page was asked for
   * @throws IOException when the text is not JSON or ends early
   */
  public Row parse(JsonParser json, byte[] page, int position, QueryRange asked)
      throws IOException {
    int begin = JsonText.begin(json);
    RecordBuilder building = new RecordBuilder(new Struct(feed.schema()), asked);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      readFields(json, page, building);
      complete(building);
    } else {
      json.skipChildren();
      json.finishToken();
      building.bad("record", "is not a JSON object");
    }
    if (page.length > MOST_BYTES && JsonText.lengthFrom(begin, json) > MOST_BYTES) {
      building.bad("record", "is larger than " + (MOST_BYTES >> 10) + " KiB, and cut to that");
    }
    FeedRecord record = building.record();
    if (record != null && asked.contains(record.time())) {
      return record;
    }
    int length = Math.min(JsonText.lengthFrom(begin, json), MOST_BYTES);
    String row = new String(page, begin, length, StandardCharsets.UTF_8);
    long anyTime = Math.min(asked.first() + 1, asked.last());
    if (record != null) {
      return new OutOfRangeRecord(
          record,
          new MalformedRecord(
              record.id(),
              anyTime,
              position,
              timeField,
              "lies outside of the range that was asked for",
              row));
    }
    return new MalformedRecord(
        building.id,
        building.hasTime && asked.contains(building.time) ? building.time : anyTime,
        position,
        building.badField,
        Objects.requireNonNull(building.problem),
        row);
  }

  /** Reads the fields, each by the name that followed the one before it in another record. */
  private void readFields(JsonParser json, byte[] page, RecordBuilder building) throws IOException {
    FieldReader previous = beginning;
    while (true) {
      Slot expected = previous.following;
      if (expected != null && json.nextFieldName(expected.text)) {
        read(json, expected, building);
        previous = expected;
        continue;
      }
      JsonToken token = expected == null ? json.nextToken() : json.currentToken();
      if (token == JsonToken.END_OBJECT) {
        return;
      }
      String name = json.currentName();
      Slot slot = slots.get(name);
      if (slot == null) {
        json.nextToken();
        building.extra(name, JsonText.of(json, page));
      } else {
        read(json, slot, building);
        previous.following = slot;
        previous = slot;
      }
    }
  }

  private void complete(RecordBuilder building) {
    for (Slot slot : required) {
      if (building.value.get(slot.field) == null) {
        building.bad(slot.name, "is absent");
      }
    }
    if (!building.hasTime) {
      building.bad(timeField, "is absent, though the API is said to filter by it");
    }
    if (building.extra != null) {
      building.value.put(extraField, building.extra);
    }
  }

  private void read(JsonParser json, Slot slot, RecordBuilder building) throws IOException {
    String text = slot.kind == Kind.TEXT ? json.nextTextValue() : null;
    if (text != null) {
      readText(text, slot, building);
      return;
    }
    JsonToken token = slot.kind == Kind.TEXT ? json.currentToken() : json.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (slot.kind == Kind.TEXTS) {
      readTexts(json, token, slot, building);
      return;
    }
    if (token.isStructStart()) {
      json.skipChildren();
      building.bad(slot.name, "is not a single value");
      return;
    }
    switch (slot.kind) {
      case TEXT -> readText(json.getText(), slot, building);
      case NUMBER -> readNumber(json, token, slot, building);
      case TIME -> readTime(json, slot, building);
      case TEXTS -> throw new IllegalStateException("read above");
    }
  }

  private static void readText(String text, Slot slot, RecordBuilder building) {
    building.value.put(slot.field, text);
    if (slot.isId) {
      String problem = problemOfId(text);
      if (problem == null) {
        building.id = text;
      } else {
        building.bad(slot.name, problem);
      }
    }
  }

  /** An id has to stand in a key and in an offset, and to be the same when it is read back. */
  private static @Nullable String problemOfId(String text) {
    if (text.isEmpty()) {
      return "is empty";
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x80) {
        bytes++;
        continue;
      }
      int character = text.codePointAt(i);
      if (character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE) {
        return "holds half of a character";
      }
      i += Character.charCount(character) - 1;
      bytes += character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
    return bytes > MOST_BYTES_OF_ID ? "is longer than " + MOST_BYTES_OF_ID + " bytes" : null;
  }

  private static void readNumber(
      JsonParser json, JsonToken token, Slot slot, RecordBuilder building) throws IOException {
    boolean isWhole = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_STRING;
    if (isWhole && json.getTextLength() <= SAFE_DIGITS) {
      int number = digits(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      if (number >= 0) {
        building.value.put(slot.field, number);
        return;
      }
    }
    String trimmed = json.getText().trim();
    if (trimmed.isEmpty()) {
      return;
    }
    try {
      building.value.put(slot.field, Integer.valueOf(trimmed));
    } catch (NumberFormatException e) {
      building.bad(slot.name, "is not a whole number of 32 bits");
    }
  }

  /** The number that the characters are where they are digits and nothing else, or else -1. */
  private static int digits(char[] text, int from, int length) {
    int number = length == 0 ? -1 : 0;
    for (int i = from; i < from + length; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private void readTime(JsonParser json, Slot slot, RecordBuilder building) throws IOException {
    if (json.getTextLength() == NaiveTime.LENGTH) {
      long second = naiveTime.ofSameDay(json.getTextCharacters(), json.getTextOffset());
      if (second != NaiveTime.UNKNOWN) {
        building.time(slot, second);
        return;
      }
    }
    String trimmed = json.getText().trim();
    if (trimmed.isEmpty() || trimmed.startsWith(NO_DATE)) {
      return;
    }
    try {
      building.time(slot, naiveTime.epochSecond(trimmed, building.asked));
    } catch (DateTimeException e) {
      building.bad(slot.name, "is not a time of the form yyyy-MM-dd HH:mm:ss");
    }
  }

  private static void readTexts(JsonParser json, JsonToken token, Slot slot, RecordBuilder building)
      throws IOException {
    if (token != JsonToken.START_ARRAY) {
      if (token.isStructStart() || !json.getText().isBlank()) {
        json.skipChildren();
        building.bad(slot.name, "is not a list");
      }
      return;
    }
    List<String> texts = new ArrayList<>();
    while (true) {
      String text = json.nextTextValue();
      if (text != null) {
        texts.add(text);
      } else if (json.currentToken() == JsonToken.END_ARRAY) {
        break;
      } else if (json.currentToken().isStructStart()) {
        json.skipChildren();
        building.bad(slot.name, "is not a list of texts");
      } else if (json.currentToken() != JsonToken.VALUE_NULL) {
        texts.add(json.getText());
      }
    }
    building.value.put(slot.field, texts);
  }

  /** How the JSON of a field becomes its value. */
  private enum Kind {
    TEXT,
    NUMBER,
    TIME,
    TEXTS;

    static Kind of(Field field) {
      if (Timestamp.LOGICAL_NAME.equals(field.schema().name())) {
        return TIME;
      }
      return switch (field.schema().type()) {
        case STRING -> TEXT;
        case INT32 -> NUMBER;
        case ARRAY -> TEXTS;
        default -> throw new IllegalArgumentException("No reader for " + field);
      };
    }
  }

  /** A struct makes a text for a message with the name, if there is one, at every value. */
  private static Field nameless(Field field) {
    return new Field(null, field.index(), field.schema());
  }

  /** A place in a record. */
  private static class FieldReader {
    /** The field that stood behind it lately. Threads need not agree on it. */
    @Nullable Slot following;
  }

  /** A field of the schema, and how it is read. */
  private static final class Slot extends FieldReader {
    final String name;
    final SerializedString text;
    final Field field;
    final Kind kind;
    final boolean isId;
    final boolean isTime;

    Slot(Field field, Feed feed, String timeField) {
      this.name = field.name();
      this.text = new SerializedString(name);
      this.field = nameless(field);
      this.kind = Kind.of(field);
      this.isId = name.equals(feed.idField());
      this.isTime = name.equals(timeField);
    }
  }

  /** A record while it is being read. */
  private static final class RecordBuilder {
    final Struct value;
    final QueryRange asked;
    @Nullable String id;
    boolean hasTime;
    long time;
    @Nullable Map<String, String> extra;
    String badField = "";
    @Nullable String problem;

    RecordBuilder(Struct value, QueryRange asked) {
      this.value = value;
      this.asked = asked;
    }

    /** The record, or null when something of it cannot be converted. */
    @Nullable FeedRecord record() {
      String known = id;
      return problem != null || known == null ? null : new FeedRecord(known, time, value);
    }

    // Connect's Timestamp is a java.util.Date.
    @SuppressWarnings("JavaUtilDate")
    void time(Slot slot, long second) {
      value.put(slot.field, new Date(second * 1000));
      if (slot.isTime) {
        time = second;
        hasTime = true;
      }
    }

    /** Takes note of what cannot be converted; the first counts. */
    void bad(String field, String newProblem) {
      if (problem == null) {
        badField = field;
        problem = newProblem;
      }
    }

    void extra(String name, String json) {
      if (extra == null) {
        extra = new HashMap<>();
      }
      extra.put(name, json);
    }
  }
}
