package io.callrecords.connect.convert;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.data.SchemaBuilder;

/** Writes lists and maps as text, for sinks that take neither. */
final class JsonForm {
  /**
   * The name under which Debezium's JDBC sink knows a text that is JSON, so that it makes a column
   * of it that is JSON, too. To all others it is a plain text.
   */
  private static final String NAME = "io.debezium.data.Json";

  private JsonForm() {}

  /** The schema of a text of JSON, to be completed. */
  static SchemaBuilder schema() {
    return SchemaBuilder.string().name(NAME).version(1);
  }

  /** A JSON array of texts. */
  static String array(List<?> texts) {
    StringBuilder json = new StringBuilder("[");
    for (Object text : texts) {
      if (json.length() > 1) {
        json.append(',');
      }
      quote(String.valueOf(text), json);
    }
    return json.append(']').toString();
  }

  /** A JSON object of fields, in the order of their names, whose values are the texts of JSON. */
  static String object(Map<?, ?> fields) {
    Map<String, String> sorted = new TreeMap<>();
    fields.forEach((name, value) -> sorted.put(String.valueOf(name), String.valueOf(value)));
    StringBuilder json = new StringBuilder("{");
    sorted.forEach(
        (name, value) -> {
          if (json.length() > 1) {
            json.append(',');
          }
          quote(name, json);
          json.append(':').append(value);
        });
    return json.append('}').toString();
  }

  private static void quote(String text, StringBuilder json) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }

  /**
   * One line of comma-separated values. What holds a comma, a quotation mark or an end of line is
   * quoted, and so is what is empty or has blanks at an end: each list has a line of its own.
   */
  static String csv(List<?> texts) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < texts.size(); i++) {
      if (i > 0) {
        line.append(',');
      }
      String text = String.valueOf(texts.get(i));
      if (needsQuotes(text)) {
        line.append('"').append(text.replace("\"", "\"\"")).append('"');
      } else {
        line.append(text);
      }
    }
    return line.toString();
  }

  private static boolean needsQuotes(String text) {
    return text.isEmpty()
        || text.charAt(0) <= ' '
        || text.charAt(text.length() - 1) <= ' '
        || text.indexOf(',') >= 0
        || text.indexOf('"') >= 0
        || text.indexOf('\n') >= 0
        || text.indexOf('\r') >= 0;
  }
}
