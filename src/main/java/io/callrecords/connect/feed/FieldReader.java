package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** Reads the value of one field of the schema from JSON into a {@link RecordBuilder}. */
final class FieldReader {
  /** Databases that have no time of a row may send this instead. */
  private static final String NO_DATE = "0000-00-00";

  private final String name;
  private final SerializedString serializedName;
  private final Field field;
  private final FieldKind kind;
  private final NaiveTime naiveTime;
  private final boolean isId;
  private final boolean isFilteredTime;

  /**
   * The reader of the field that followed this one in a record read before: most likely, it does so
   * again. Threads need not agree on it.
   */
  private @Nullable FieldReader next;

  /** How the JSON of a field becomes its value. */
  private enum FieldKind {
    TEXT,
    NUMBER,
    TIME,
    TEXTS;

    static FieldKind of(Field field) {
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

  /**
   * Creates a reader.
   *
   * @param timeField the field by which the API filters
   */
  FieldReader(Field field, Feed feed, String timeField, NaiveTime naiveTime) {
    this.name = field.name();
    this.serializedName = new SerializedString(name);
    this.field = RecordBuilder.nameless(field);
    this.kind = FieldKind.of(field);
    this.naiveTime = naiveTime;
    this.isId = name.equals(feed.idField());
    this.isFilteredTime = name.equals(timeField);
  }

  String name() {
    return name;
  }

  /** The name as Jackson compares it fastest. */
  SerializedString serializedName() {
    return serializedName;
  }

  @Nullable FieldReader next() {
    return next;
  }

  void setNext(FieldReader reader) {
    next = reader;
  }

  /** Whether the record has no value of the field so far. */
  boolean isAbsentIn(RecordBuilder record) {
    return record.get(field) == null;
  }

  /** Reads the value behind the field's name, at which the JSON parser stands. */
  void read(JsonParser json, RecordBuilder record) throws IOException {
    JsonToken token = json.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (token.isStructStart() && kind != FieldKind.TEXTS) {
      json.skipChildren();
      record.reject(name, "is not a single value");
      return;
    }
    switch (kind) {
      case TEXT -> readText(json.getText(), record);
      case NUMBER -> readNumber(json, token, record);
      case TIME -> readTime(json, record);
      case TEXTS -> readTexts(json, token, record);
    }
  }

  private void readText(String text, RecordBuilder record) {
    record.put(field, text);
    if (isId) {
      record.setId(name, text);
    }
  }

  private void readNumber(JsonParser json, JsonToken token, RecordBuilder record)
      throws IOException {
    try {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        record.put(field, json.getIntValue());
        return;
      }
      String text = json.getText().trim();
      if (!text.isEmpty()) {
        record.put(field, Integer.valueOf(text));
      }
    } catch (InputCoercionException | NumberFormatException e) {
      record.reject(name, "is not a whole number of 32 bits");
    }
  }

  private void readTime(JsonParser json, RecordBuilder record) throws IOException {
    if (json.getTextLength() == NaiveTime.LENGTH) {
      long second = naiveTime.ofSameDay(json.getTextCharacters(), json.getTextOffset());
      if (second != NaiveTime.UNKNOWN) {
        record.putTime(field, second, isFilteredTime);
        return;
      }
    }
    String text = json.getText().trim();
    if (text.isEmpty() || text.startsWith(NO_DATE)) {
      return;
    }
    try {
      record.putTime(field, naiveTime.epochSecond(text, record.range()), isFilteredTime);
    } catch (DateTimeException e) {
      record.reject(name, "is not a time of the form yyyy-MM-dd HH:mm:ss");
    }
  }

  private void readTexts(JsonParser json, JsonToken token, RecordBuilder record)
      throws IOException {
    if (token != JsonToken.START_ARRAY) {
      if (token.isStructStart() || !json.getText().isBlank()) {
        json.skipChildren();
        record.reject(name, "is not a list");
      }
      return;
    }
    List<String> texts = new ArrayList<>();
    for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
      if (item.isStructStart()) {
        json.skipChildren();
        record.reject(name, "is not a list of texts");
      } else if (item != JsonToken.VALUE_NULL) {
        texts.add(json.getText());
      }
    }
    record.put(field, texts);
  }
}
