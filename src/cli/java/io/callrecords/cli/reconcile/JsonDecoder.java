package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.feed.DecimalText;
import io.callrecords.connect.feed.FeedRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads what Kafka's own JSON converter writes, with and without schemas, token by token: a schema
 * is skipped unread, at once where it is that of the record before.
 */
final class JsonDecoder implements RecordDecoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String SCHEMA = "schema";
  private static final String PAYLOAD = "payload";
  private static final String VERSION = AddedField.VERSION.configValue();

  private final CallLayout layout;
  private final Set<String> others = new TreeSet<>();

  /** What stands before the payload of a record with a schema: mostly the same in the next one. */
  private byte[] prefix = new byte[0];

  JsonDecoder(CallLayout layout) {
    this.layout = layout;
  }

  @Override
  public CallFields expected(FeedRecord record) {
    return layout.fields(layout.written(record));
  }

  @Override
  public CallFields call(byte[] value) {
    @Nullable String[] texts = new @Nullable String[layout.size()];
    String[] version = new String[1];
    read(
        value,
        (name, json) -> {
          int place = layout.place(name);
          if (place >= 0) {
            texts[place] = text(place, json);
          } else if (name.equals(VERSION)) {
            version[0] = json.getValueAsString();
          } else {
            if (!layout.isAdded(name)) {
              others.add(name);
            }
            json.skipChildren();
          }
        });
    return layout.complete(texts, version[0]);
  }

  private @Nullable String text(int place, JsonParser json) throws IOException {
    Object value = value(json);
    if (layout.kind(place) == CallLayout.ComparedForm.DECIMAL && value != null) {
      return CanonicalText.of(decimal(value.toString(), json.currentToken()));
    }
    return layout.text(place, value);
  }

  /** A decimal is a number, or the bytes of one in base 64. */
  private static Object decimal(String text, JsonToken token) {
    try {
      return token == JsonToken.VALUE_STRING
          ? new BigDecimal(new BigInteger(Base64.getDecoder().decode(text)), DecimalText.SCALE)
          : new BigDecimal(text);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  @Override
  public Map<String, String> record(byte[] value) {
    Map<String, String> fields = new HashMap<>();
    read(
        value,
        (name, json) -> {
          String text = CanonicalText.of(value(json));
          if (text != null) {
            fields.put(name, text);
          }
        });
    return fields;
  }

  /** Takes a field whose value the parser stands at, and leaves it at the value's end. */
  private interface FieldReading {
    void read(String name, JsonParser json) throws IOException;
  }

  private void read(byte[] value, FieldReading reading) {
    boolean isKnown =
        prefix.length > 0
            && value.length > prefix.length
            && Arrays.equals(value, 0, prefix.length, prefix, 0, prefix.length);
    int from = isKnown ? prefix.length : 0;
    try (JsonParser json = JSON.createParser(value, from, value.length - from)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableRecordException("The value is no JSON object");
      }
      if (isKnown) {
        readFields(json, reading);
      } else {
        readWhole(json, value, reading);
      }
    } catch (IOException e) {
      throw new UnreadableRecordException("The value is no JSON");
    }
  }

  private static void readFields(JsonParser json, FieldReading reading) throws IOException {
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      reading.read(field, json);
    }
  }

  private void readWhole(JsonParser json, byte[] value, FieldReading reading) throws IOException {
    boolean hasSchema = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      if (name.equals(SCHEMA)) {
        hasSchema = true;
        json.skipChildren();
      } else if (hasSchema && name.equals(PAYLOAD) && token == JsonToken.START_OBJECT) {
        prefix = Arrays.copyOf(value, (int) json.currentTokenLocation().getByteOffset());
        readFields(json, reading);
      } else {
        reading.read(name, json);
      }
    }
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token == JsonToken.START_ARRAY) {
      List<String> list = new ArrayList<>();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        list.add(String.valueOf(value(json)));
      }
      return list;
    }
    if (token == JsonToken.START_OBJECT) {
      Map<String, String> map = new HashMap<>();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        map.put(name, String.valueOf(value(json)));
      }
      return map;
    }
    return token == JsonToken.VALUE_NULL ? null : json.getText();
  }

  @Override
  public Iterable<String> otherFields() {
    return others;
  }

  @Override
  public @Nullable String key(byte @Nullable [] key) {
    return textOf(key);
  }

  /** The text of a key: as it is, or as the JSON converter writes it. */
  static @Nullable String textOf(byte @Nullable [] key) {
    if (key == null || key.length == 0) {
      return null;
    }
    if (key[0] == '"' || key[0] == '{') {
      try (JsonParser json = JSON.createParser(key)) {
        JsonToken token = json.nextToken();
        while (token != null) {
          boolean isPayload =
              token == JsonToken.VALUE_STRING
                  && (json.currentName() == null || json.currentName().equals(PAYLOAD));
          if (isPayload) {
            return json.getText();
          }
          token = json.nextToken();
        }
      } catch (IOException e) {
        return new String(key, StandardCharsets.UTF_8);
      }
    }
    return new String(key, StandardCharsets.UTF_8);
  }
}
