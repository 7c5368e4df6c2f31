package io.callrecords.cli.topic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the fields of what Kafka's own JSON converter writes, with and without schemas, token by
 * token: a schema is skipped unread, at once where it is that of the record before. Not for several
 * threads.
 */
public final class JsonFields {
  private static final JsonFactory JSON = new JsonFactory();
  private static final String SCHEMA = "schema";
  private static final String PAYLOAD = "payload";

  /** What stands before the payload of a record with a schema: mostly the same in the next one. */
  private byte[] prefix = new byte[0];

  /** Takes a field whose value the parser stands at, and leaves it at the value's end. */
  public interface FieldReading {
    /** Takes it. */
    void read(String name, JsonParser json) throws IOException;
  }

  /**
   * Reads the fields of a record.
   *
   * @throws UnreadableRecordException when the value is no record in JSON
   */
  public void read(byte[] value, FieldReading reading) {
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

  /**
   * The fields of a record that have a single value, each as a text.
   *
   * @throws UnreadableRecordException when the value is no record in JSON
   */
  public Map<String, String> texts(byte[] value) {
    Map<String, String> fields = new HashMap<>();
    read(
        value,
        (name, json) -> {
          if (json.currentToken().isStructStart()) {
            json.skipChildren();
          } else if (json.currentToken() != JsonToken.VALUE_NULL) {
            fields.put(name, json.getText());
          }
        });
    return fields;
  }
}
