package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.callrecords.cli.topic.JsonFields;
import io.callrecords.connect.config.AddedField;
import io.callrecords.connect.feed.DecimalText;
import io.callrecords.connect.feed.FeedRecord;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads what Kafka's own JSON converter writes, with and without schemas. */
final class JsonDecoder implements RecordDecoder {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String PAYLOAD = "payload";
  private static final String VERSION = AddedField.VERSION.configValue();

  private final CallLayout layout;
  private final JsonFields fields = new JsonFields();
  private final Set<String> others = new TreeSet<>();

  JsonDecoder(CallLayout layout) {
    this.layout = layout;
  }

  @Override
  public CallFields expected(FeedRecord record) {
    return layout.fields(layout.written(record));
  }

  @Override
  public CallFields call(Headers headers, byte[] value) {
    @Nullable String[] texts = new @Nullable String[layout.size()];
    String[] version = new String[1];
    fields.read(
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
  public Map<String, String> record(Headers headers, byte[] value) {
    return fields.texts(value);
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
