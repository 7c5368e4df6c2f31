package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;

/** Writes a value that a JSON parser stands at as JSON again, without spaces. */
final class JsonText {
  private final StringBuilder text = new StringBuilder(64);

  private JsonText() {}

  /** The value's text; the parser is left at the value's end. */
  static String of(JsonParser json) throws IOException {
    JsonToken token = json.currentToken();
    if (token.isScalarValue() && token != JsonToken.VALUE_STRING) {
      // A number as it stands there: it keeps all of its digits, and none is too large.
      return json.getText();
    }
    if (token == JsonToken.VALUE_STRING && isPlain(json.getText())) {
      return '"' + json.getText() + '"';
    }
    JsonText copy = new JsonText();
    copy.append(json);
    return copy.text.toString();
  }

  /** Whether a text stands in JSON as it is. */
  private static boolean isPlain(String content) {
    for (int i = 0; i < content.length(); i++) {
      char character = content.charAt(i);
      if (character < ' ' || character == '"' || character == '\\') {
        return false;
      }
    }
    return true;
  }

  private void append(JsonParser json) throws IOException {
    int depth = 0;
    boolean follows = false;
    do {
      JsonToken token = depth == 0 ? json.currentToken() : json.nextToken();
      if (token.isStructEnd()) {
        text.append(json.getText());
        depth--;
        follows = true;
        continue;
      }
      if (follows) {
        text.append(',');
      }
      follows = !token.isStructStart() && token != JsonToken.FIELD_NAME;
      if (token == JsonToken.FIELD_NAME) {
        quote(json.currentName());
        text.append(':');
      } else if (token == JsonToken.VALUE_STRING) {
        quote(json.getText());
      } else {
        text.append(json.getText());
        depth += token.isStructStart() ? 1 : 0;
      }
    } while (depth > 0);
  }

  private void quote(String content) {
    text.append('"');
    if (isPlain(content)) {
      text.append(content);
    } else {
      JsonStringEncoder.getInstance().quoteAsString(content, text);
    }
    text.append('"');
  }
}
