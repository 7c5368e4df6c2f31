package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.connect.feed.PrivacyRules.FieldRule;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Makes the text of a row that becomes no record: its JSON as the API sent it, or what the privacy
 * rules leave of it.
 *
 * <p>What cannot be told is left out once there are rules: a row that is no object, and any object
 * where the schema has single values and lists of such, since nobody has said what may be in it.
 * Neither stays what is no number in the place of one, and no time in the place of one: where
 * columns are mixed up, it is another field's.
 */
final class RowText {
  private static final JsonFactory JSON = new JsonFactory();

  /** What is left of a row of which nothing can be told. */
  private static final String NOTHING = "{}";

  private final PrivacyRules rules;
  private final Map<String, FieldReader> readers;
  private final int maxBytes;

  /**
   * Creates the maker of texts.
   *
   * @param readers those of the schema's fields, by name; what else a row has is an unknown field
   * @param maxBytes how long a text may be; a longer one is truncated
   */
  RowText(PrivacyRules rules, Map<String, FieldReader> readers, int maxBytes) {
    this.rules = rules;
    this.readers = Map.copyOf(readers);
    this.maxBytes = maxBytes;
  }

  /**
   * The text of a row.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   * @param original the same bytes before anything of them was blanked
   * @param begin where the row begins in both
   * @param length how many bytes it has
   */
  String of(byte[] page, byte[] original, int begin, int length) {
    if (rules.isEmpty()) {
      return text(original, begin, length);
    }
    try {
      // Without what was blanked: no parser should read it, so nobody can say what it holds.
      byte[] rest = remainder(page, begin, length).getBytes(StandardCharsets.UTF_8);
      return text(rest, 0, rest.length);
    } catch (IOException e) {
      return NOTHING;
    }
  }

  /**
   * Whether a text is truncated.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   * @param begin where the row begins
   * @param length how many bytes it has
   */
  boolean isTruncated(byte[] page, int begin, int length) {
    if (length <= maxBytes || rules.isEmpty()) {
      return length > maxBytes;
    }
    try {
      return remainder(page, begin, length).getBytes(StandardCharsets.UTF_8).length > maxBytes;
    } catch (IOException e) {
      return false;
    }
  }

  private String text(byte[] bytes, int begin, int length) {
    return new String(bytes, begin, Math.min(length, maxBytes), StandardCharsets.UTF_8);
  }

  private String remainder(byte[] page, int begin, int length) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonParser json = JSON.createParser(page, begin, length);
        JsonGenerator out = JSON.createGenerator(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return NOTHING;
      }
      new Remainder(json, out, text.getBuffer()).copy();
    }
    return text.toString();
  }

  /** One row on its way from a parser to a generator. */
  private final class Remainder {
    private final JsonParser json;
    private final JsonGenerator out;
    private final CharSequence written;

    Remainder(JsonParser json, JsonGenerator out, CharSequence written) {
      this.json = json;
      this.out = out;
      this.written = written;
    }

    /** Whether what follows would be truncated: tokens are longer than what they replace. */
    private boolean isFull() {
      return written.length() > maxBytes;
    }

    void copy() throws IOException {
      out.writeStartObject();
      while (!isFull() && json.nextToken() == JsonToken.FIELD_NAME) {
        copyField();
      }
    }

    private void copyField() throws IOException {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      FieldReader reader = readers.get(name);
      boolean isKnown = reader != null;
      FieldRule rule = isKnown ? rules.ruleOf(name) : FieldRule.PASS;
      boolean isLeftOut =
          reader == null
              ? !rules.passesUnknown(name)
              : rule == FieldRule.EXCLUDE || !mayHold(reader, value);
      if (isLeftOut) {
        json.skipChildren();
        return;
      }
      out.writeFieldName(name);
      if (isKnown) {
        copyItems(name, rule == FieldRule.PSEUDONYMIZE);
      } else {
        copyValue();
      }
    }

    /** Whether a value may be what a field of the schema is for. */
    private boolean mayHold(FieldReader reader, JsonToken value) throws IOException {
      return value.isScalarValue()
          ? value == JsonToken.VALUE_NULL || reader.mayHold(json.getText())
          : value == JsonToken.START_ARRAY && reader.holdsTexts();
    }

    /** Copies a value with all that is in it. */
    private void copyValue() throws IOException {
      int depth = 0;
      do {
        JsonToken token = json.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        JsonText.copyEvent(json, out);
      } while (depth > 0 && json.nextToken() != null);
    }

    /** Copies a single value, or those of a list. */
    private void copyItems(String name, boolean asTokens) throws IOException {
      if (json.currentToken() != JsonToken.START_ARRAY) {
        copyItem(name, asTokens);
        return;
      }
      out.writeStartArray();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken().isStructStart()) {
          json.skipChildren();
        } else if (!isFull()) {
          copyItem(name, asTokens);
        }
      }
      out.writeEndArray();
    }

    private void copyItem(String name, boolean asToken) throws IOException {
      if (asToken && json.currentToken() != JsonToken.VALUE_NULL) {
        out.writeString(rules.token(name, json));
      } else {
        JsonText.copyEvent(json, out);
      }
    }
  }
}
