package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads a list that the connector has written as a text, so that its order does not count. */
final class ListText {
  private static final JsonFactory JSON = new JsonFactory();

  private ListText() {}

  /** The elements of a JSON array of texts; the text alone where it is none. */
  static List<String> ofJson(String text) {
    List<String> elements = new ArrayList<>();
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        return List.of(text);
      }
      while (json.nextToken() != JsonToken.END_ARRAY) {
        elements.add(json.getText());
      }
      return elements;
    } catch (IOException e) {
      return List.of(text);
    }
  }

  /** The elements of a line of comma-separated values; none of an empty one. */
  static List<String> ofCsv(String line) {
    List<String> elements = new ArrayList<>();
    if (line.isEmpty()) {
      return elements;
    }
    StringBuilder element = new StringBuilder();
    boolean isQuoted = false;
    for (int at = 0; at < line.length(); at++) {
      char next = line.charAt(at);
      if (next == '"' && isQuoted && at + 1 < line.length() && line.charAt(at + 1) == '"') {
        element.append('"');
        at++;
      } else if (next == '"') {
        isQuoted = !isQuoted;
      } else if (next == ',' && !isQuoted) {
        elements.add(element.toString());
        element.setLength(0);
      } else {
        element.append(next);
      }
    }
    elements.add(element.toString());
    return elements;
  }
}
