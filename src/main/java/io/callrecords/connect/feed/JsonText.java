package io.callrecords.connect.feed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Writes a JSON value as text, always in the same form: without spaces and needless escapes. */
final class JsonText {
  private static final JsonFactory JSON = new JsonFactory();

  /** No id or phone number is longer. */
  private static final int MAX_WHOLE_LENGTH = 64;

  private JsonText() {}

  /**
   * The text of the value that the JSON parser stands at; the parser is left at the value's end.
   *
   * @param page the bytes, in UTF-8, that the parser reads
   */
  static String of(JsonParser json, byte[] page) throws IOException {
    JsonToken token = json.currentToken();
    if (token.isScalarValue() && token != JsonToken.VALUE_STRING) {
      // A number as it was sent: it keeps all of its digits, and none is too large.
      return json.getText();
    }
    int begin = begin(json);
    json.skipChildren();
    json.finishToken();
    int length = lengthFrom(begin, json);
    return isPlain(page, begin, length)
        ? new String(page, begin, length, StandardCharsets.ISO_8859_1)
        : rewritten(page, begin, length);
  }

  /** Where in the page the value begins that the JSON parser stands at. */
  static int begin(JsonParser json) {
    return Math.toIntExact(json.currentTokenLocation().getByteOffset());
  }

  /** How many bytes of the page lie between there and the end of what the parser has read. */
  static int lengthFrom(int begin, JsonParser json) {
    return Math.toIntExact(json.currentLocation().getByteOffset()) - begin;
  }

  /** Whether JSON is in that form already, and of ASCII. */
  private static boolean isPlain(byte[] page, int from, int length) {
    boolean inText = false;
    for (int i = from; i < from + length; i++) {
      byte character = page[i];
      if (character < ' ' || character == '\\' || (character == ' ' && !inText)) {
        return false;
      }
      inText ^= character == '"';
    }
    return true;
  }

  private static String rewritten(byte[] page, int from, int length) throws IOException {
    StringWriter text = new StringWriter(length);
    try (JsonParser json = JSON.createParser(page, from, length);
        JsonGenerator generator = JSON.createGenerator(text)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        copyEvent(json, generator);
      }
    }
    return text.toString();
  }

  /** A number of JSON without point and exponent; null where it is no whole number, or is huge. */
  static @Nullable String wholeNumber(String number) {
    if (number.length() > MAX_WHOLE_LENGTH) {
      return null;
    }
    try {
      BigDecimal exact = new BigDecimal(number).stripTrailingZeros();
      return exact.scale() > 0 || exact.precision() - (long) exact.scale() > MAX_WHOLE_LENGTH
          ? null
          : exact.toPlainString();
    } catch (NumberFormatException | ArithmeticException e) {
      // An exponent beyond all numbers.
      return null;
    }
  }

  /** Copies what the JSON parser stands at; a number as it was sent, with all of its digits. */
  static void copyEvent(JsonParser json, JsonGenerator generator) throws IOException {
    if (json.currentToken().isNumeric()) {
      generator.writeNumber(json.getText());
    } else {
      generator.copyCurrentEvent(json);
    }
  }
}
