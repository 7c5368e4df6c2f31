package io.callrecords.connect.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.connect.convert.EmittedSchemas.EmittedSchema;
import io.callrecords.connect.feed.FieldDescription;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.json.JsonConverter;

/**
 * The JSON Schema of records as the JSON converter writes them without schemas. Unknown codes and
 * fields are no faults: the API and later versions may bring some.
 */
final class JsonSchemaText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EmittedSchema schema;

  JsonSchemaText(EmittedSchema schema) {
    this.schema = schema;
  }

  ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    json.put("title", schema.record().schema().name());
    json.put("description", schema.record().schema().doc());
    json.put("type", "object");
    ObjectNode properties = json.putObject("properties");
    ArrayNode required = json.putArray("required");
    JsonNode example = example(schema);
    for (FieldDescription field : schema.record().fields()) {
      ObjectNode property = properties.putObject(field.name());
      property.put("description", description(field));
      putType(property, field.schema());
      property.putArray("examples").add(example.get(field.name()));
      if (!field.schema().isOptional()) {
        required.add(field.name());
      }
    }
    return json;
  }

  /** A value as the converter writes it. */
  static JsonNode example(EmittedSchema schema) {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), false);
      return JSON.readTree(
          converter.fromConnectData("t", schema.record().schema(), schema.example()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String description(FieldDescription field) {
    StringBuilder text = new StringBuilder(field.meaning()).append('.');
    if (Timestamp.LOGICAL_NAME.equals(field.schema().name())) {
      text.append(" Milliseconds since 1970-01-01T00:00:00Z.");
    }
    if (!field.codes().isEmpty()) {
      text.append(
          field.codes().entrySet().stream()
              .map(code -> code.getKey() + ": " + code.getValue())
              .collect(Collectors.joining("; ", " ", ".")));
    }
    if (!field.details().isEmpty()) {
      text.append(' ').append(field.details());
    }
    return text + " Personal data: " + field.personalData().word() + ".";
  }

  private static void putType(ObjectNode property, Schema schema) {
    String type =
        switch (schema.type()) {
          case STRING -> "string";
          case BOOLEAN -> "boolean";
          case INT32, INT64 -> "integer";
          case ARRAY -> "array";
          case MAP -> "object";
          default -> throw new IllegalArgumentException("No JSON type for " + schema);
        };
    if (schema.isOptional()) {
      property.putArray("type").add(type).add("null");
    } else {
      property.put("type", type);
    }
    if (schema.type() == Schema.Type.ARRAY) {
      putType(property.putObject("items"), schema.valueSchema());
    } else if (schema.type() == Schema.Type.MAP) {
      putType(property.putObject("additionalProperties"), schema.valueSchema());
    }
  }
}
