package io.callrecords.connect.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/** A schema as text: what consumers rely on, without documentation. */
public final class SchemaText {
  private SchemaText() {}

  /** Its name and version, and a line for each field. */
  public static String describe(Schema schema) {
    List<String> lines = new ArrayList<>();
    lines.add(schema.name() + " version " + schema.version());
    for (Field field : schema.fields()) {
      lines.add(field.name() + ": " + type(field.schema()));
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  private static String type(Schema schema) {
    String type =
        switch (schema.type()) {
          case ARRAY -> "ARRAY of " + type(schema.valueSchema());
          case MAP -> "MAP of " + type(schema.keySchema()) + " to " + type(schema.valueSchema());
          default -> schema.type().toString();
        };
    return type
        + (schema.name() == null ? "" : " " + schema.name())
        + (schema.isOptional() ? " optional" : "");
  }
}
