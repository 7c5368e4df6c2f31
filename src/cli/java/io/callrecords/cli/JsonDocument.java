package io.callrecords.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/** Documents of commands as text. */
public final class JsonDocument {
  private static final ObjectWriter PRETTY = new ObjectMapper().writerWithDefaultPrettyPrinter();

  private JsonDocument() {}

  /** A document with a line for each of its fields, without a line break at its end. */
  public static String pretty(JsonNode document) {
    try {
      // What a terminal would take for a control can only stand in a text, where it may be escaped.
      return Terminal.CONTROLS
          .matcher(PRETTY.writeValueAsString(document))
          .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Texts and numbers can always be written", e);
    }
  }
}
