package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
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

  private final Feed feed;
  private final String timeField;
  private final NaiveTime naiveTime;
  private final JsonFactory jsonTexts = new JsonFactory();
  private final Map<String, Slot> slots = new HashMap<>();

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
        slots.put(field.name(), new Slot(field, Kind.of(field)));
      }
    }
  }

  /**
   * Reads the row that the JSON parser stands at, and leaves it at the row's end.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   * @param position where the row stands in its page, from 1
   * @param asked what the page was asked for
   * @throws IOException when the text is not JSON or ends early
   */
  public Row parse(JsonParser json, byte[] page, int position, Asked asked) throws IOException {
    int begin = Math.toIntExact(json.currentTokenLocation().getByteOffset());
    Building building = new Building(new Struct(feed.schema()), asked);
    if (json.currentToken() == JsonToken.START_OBJECT) {
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        Slot slot = slots.get(name);
        if (slot == null) {
          building.extra(name, copy(json));
        } else {
          read(json, token, slot, building);
        }
      }
      complete(building);
    } else {
      json.skipChildren();
      json.finishToken();
      building.bad("record", "is not a JSON object");
    }
    FeedRecord record = building.record(feed.idField());
    if (record != null && asked.contains(record.time())) {
      return record;
    }
    int end = Math.toIntExact(json.currentLocation().getByteOffset());
    String row = new String(page, begin, end - begin, StandardCharsets.UTF_8);
    long anyTime = Math.min(asked.first() + 1, asked.last());
    if (record != null) {
      return new StrayRecord(
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
        building.time == null || !asked.contains(building.time) ? anyTime : building.time,
        position,
        building.badField,
        Objects.requireNonNull(building.problem),
        row);
  }

  private void complete(Building building) {
    for (Field field : feed.schema().fields()) {
      if (!field.schema().isOptional() && building.value.getWithoutDefault(field.name()) == null) {
        building.bad(field.name(), "is absent");
      }
    }
    if (building.time == null) {
      building.bad(timeField, "is absent, though the API is said to filter by it");
    }
    if (building.extra != null) {
      building.value.put(feed.extraField(), building.extra);
    }
  }

  private void read(JsonParser json, JsonToken token, Slot slot, Building building)
      throws IOException {
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (slot.kind == Kind.TEXTS) {
      readTexts(json, token, slot, building);
      return;
    }
    if (token.isStructStart()) {
      json.skipChildren();
      building.bad(slot.field.name(), "is not a single value");
      return;
    }
    String text = json.getText();
    switch (slot.kind) {
      case TEXT -> building.value.put(slot.field, text);
      case NUMBER -> readNumber(text, slot, building);
      case TIME -> readTime(text, slot, building);
      case TEXTS -> throw new IllegalStateException("read above");
    }
    if (slot.field.name().equals(feed.idField())) {
      if (text.isEmpty()) {
        building.bad(slot.field.name(), "is empty");
      } else {
        building.id = text;
      }
    }
  }

  private static void readNumber(String text, Slot slot, Building building) {
    String trimmed = text.trim();
    if (trimmed.isEmpty()) {
      return;
    }
    try {
      building.value.put(slot.field, Integer.valueOf(trimmed));
    } catch (NumberFormatException e) {
      building.bad(slot.field.name(), "is not a whole number of 32 bits");
    }
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private void readTime(String text, Slot slot, Building building) {
    String trimmed = text.trim();
    if (trimmed.isEmpty() || trimmed.startsWith(NO_DATE)) {
      return;
    }
    try {
      long second = naiveTime.epochSecond(trimmed, building.asked);
      building.value.put(slot.field, new Date(second * 1000));
      if (slot.field.name().equals(timeField)) {
        building.time = second;
      }
    } catch (DateTimeException e) {
      building.bad(slot.field.name(), "is not a time of the form yyyy-MM-dd HH:mm:ss");
    }
  }

  private static void readTexts(JsonParser json, JsonToken token, Slot slot, Building building)
      throws IOException {
    if (token != JsonToken.START_ARRAY) {
      if (token.isStructStart() || !json.getText().isBlank()) {
        json.skipChildren();
        building.bad(slot.field.name(), "is not a list");
      }
      return;
    }
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken().isStructStart()) {
        json.skipChildren();
        building.bad(slot.field.name(), "is not a list of texts");
      } else if (json.currentToken() != JsonToken.VALUE_NULL) {
        texts.add(json.getText());
      }
    }
    building.value.put(slot.field, texts);
  }

  private String copy(JsonParser json) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = jsonTexts.createGenerator(text)) {
      int depth = 0;
      do {
        JsonToken token = depth == 0 ? json.currentToken() : json.nextToken();
        depth += depth(token);
        if (token.isNumeric()) {
          // As it stands there: it keeps all of its digits, and no number is too large.
          generator.writeNumber(json.getText());
        } else {
          generator.copyCurrentEvent(json);
        }
      } while (depth > 0);
    }
    return text.toString();
  }

  private static int depth(JsonToken token) {
    return token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
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

  private record Slot(Field field, Kind kind) {}

  /** A record while it is being read. */
  private static final class Building {
    final Struct value;
    final Asked asked;
    @Nullable String id;
    @Nullable Long time;
    @Nullable Map<String, String> extra;
    String badField = "";
    @Nullable String problem;

    Building(Struct value, Asked asked) {
      this.value = value;
      this.asked = asked;
    }

    /** The record, or null when something of it cannot be converted. */
    @Nullable FeedRecord record(String idField) {
      Long second = time;
      return problem != null || second == null
          ? null
          : new FeedRecord(value.getString(idField), second, value);
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
