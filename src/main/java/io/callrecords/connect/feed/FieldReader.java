package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.io.SerializedString;
import io.callrecords.connect.config.CostFormat;
import io.callrecords.connect.feed.PrivacyRules.FieldRule;
import java.io.IOException;
import java.math.BigDecimal;
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

  /** No call has so many labels; beyond this number, a page of them would weigh far too much. */
  private static final int MAX_ELEMENTS = 200;

  /** A longer text is no number that any backend writes. */
  private static final int MAX_NUMBER_LENGTH = 64;

  /** By so many elements at most, an excluded list is told from others. */
  private static final int MAX_HASHES = 200;

  private final String name;
  private final SerializedString serializedName;
  private final Field field;
  private final FieldKind kind;
  private final PrivacyRules privacy;
  private final FieldRule rule;
  private final NaiveTime naiveTime;
  private final boolean isId;
  private final boolean isFilteredTime;
  private final boolean isDecimal;

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
   * @param costs how decimal fields are written
   */
  FieldReader(
      Field field,
      Feed feed,
      String timeField,
      NaiveTime naiveTime,
      PrivacyRules privacy,
      CostFormat costs) {
    this.name = field.name();
    this.serializedName = new SerializedString(name);
    this.field = RecordBuilder.nameless(field);
    this.kind = FieldKind.of(field);
    this.privacy = privacy;
    this.rule = privacy.ruleOf(name);
    if (rule == FieldRule.PSEUDONYMIZE && kind != FieldKind.TEXT && kind != FieldKind.TEXTS) {
      throw new IllegalArgumentException("No token for " + name);
    }
    this.naiveTime = naiveTime;
    this.isId = name.equals(feed.idField());
    this.isFilteredTime = name.equals(timeField);
    this.isDecimal = costs == CostFormat.DECIMAL && feed.decimalFields().contains(name);
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

  /** Whether its values are texts, or lists of them. */
  boolean holdsTexts() {
    return kind == FieldKind.TEXT || kind == FieldKind.TEXTS;
  }

  /** Whether a text may be a value of the field, or stand for none. */
  boolean mayHold(String text) {
    String trimmed = text.trim();
    try {
      switch (kind) {
        case NUMBER -> {
          if (!trimmed.isEmpty()) {
            wholeNumber(trimmed);
          }
          return true;
        }
        case TIME -> {
          return trimmed.isEmpty() || naiveTime.isPlain(trimmed);
        }
        default -> {
          return !isId || RecordBuilder.isShortEnoughForId(text);
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      return false;
    }
  }

  /** Reads the value behind the field's name, at which the JSON parser stands. */
  void read(JsonParser json, RecordBuilder record) throws IOException {
    JsonToken token = json.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return;
    }
    if (rule == FieldRule.EXCLUDE) {
      exclude(json, token, record);
      return;
    }
    if (token.isStructStart() && kind != FieldKind.TEXTS) {
      json.skipChildren();
      record.reject(name, "is not a single value");
      return;
    }
    switch (kind) {
      case TEXT -> readText(json, record);
      case NUMBER -> readNumber(json, token, record);
      case TIME -> readTime(json, record);
      case TEXTS -> readTexts(json, token, record);
    }
  }

  /** Reads nothing of the value, but how many elements a list has, and which are the same. */
  private void exclude(JsonParser json, JsonToken token, RecordBuilder record) throws IOException {
    if (kind != FieldKind.TEXTS || token != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    List<Integer> hashes = new ArrayList<>();
    for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
      if (item.isStructStart()) {
        json.skipChildren();
      } else if (item != JsonToken.VALUE_NULL && hashes.size() < MAX_HASHES) {
        hashes.add(json.getText().hashCode());
      }
    }
    record.addExcludedList(name, hashes);
  }

  /** The text, or the token that replaces it. */
  private String permitted(JsonParser json) throws IOException {
    return rule == FieldRule.PASS ? json.getText() : privacy.token(name, json);
  }

  private void readText(JsonParser json, RecordBuilder record) throws IOException {
    String text = permitted(json);
    record.putText(field, text);
    if (isDecimal && !DecimalText.isNone(text) && DecimalText.parse(text) == null) {
      record.reject(name, "is not a decimal number that cost.format=decimal can hold");
    }
    if (isId) {
      record.setId(name, text);
    }
  }

  private void readNumber(JsonParser json, JsonToken token, RecordBuilder record)
      throws IOException {
    try {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        record.putNumber(field, json.getIntValue());
        return;
      }
      String text = json.getText().trim();
      if (!text.isEmpty()) {
        record.putNumber(field, wholeNumber(text));
      }
    } catch (InputCoercionException | ArithmeticException | NumberFormatException e) {
      record.reject(name, "is not a whole number of 32 bits");
    }
  }

  /** Backends that keep a number as a decimal write 12 as 12.0, or as 1.2E1. */
  private static int wholeNumber(String text) {
    boolean isDecimal =
        text.length() <= MAX_NUMBER_LENGTH
            && (text.indexOf('.') >= 0 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0);
    if (!isDecimal) {
      return Integer.parseInt(text);
    }
    if (!isDigit(text.charAt(text.length() - 1))) {
      throw new NumberFormatException();
    }
    return new BigDecimal(text).intValueExact();
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private void readTime(JsonParser json, RecordBuilder record) throws IOException {
    int length = json.getTextLength();
    if (length >= NaiveTime.LENGTH) {
      char[] characters = json.getTextCharacters();
      int from = json.getTextOffset();
      int milli =
          length == NaiveTime.LENGTH
              ? 0
              : NaiveTime.milli(characters, from + NaiveTime.LENGTH, from + length);
      long second = milli < 0 ? NaiveTime.UNKNOWN : naiveTime.ofSameDay(characters, from);
      if (second != NaiveTime.UNKNOWN) {
        record.putTime(field, second * 1_000 + milli, isFilteredTime);
        return;
      }
    }
    String text = json.getText().trim();
    if (text.isEmpty() || text.startsWith(NO_DATE)) {
      return;
    }
    try {
      long milli = naiveTime.epochMilli(text, record.range());
      record.putTime(field, milli, isFilteredTime);
      long other = naiveTime.otherMoment(text, milli);
      if (other != NaiveTime.UNKNOWN && !isFilteredTime) {
        record.addOtherMoment(field, other);
      }
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
      } else if (texts.size() == MAX_ELEMENTS && item != JsonToken.VALUE_NULL) {
        record.reject(name, "has more than " + MAX_ELEMENTS + " elements");
      } else if (item != JsonToken.VALUE_NULL) {
        texts.add(permitted(json));
      }
    }
    record.putTexts(field, texts);
  }
}
