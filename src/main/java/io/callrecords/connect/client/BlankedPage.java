package io.callrecords.connect.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A page's bytes in which whatever a row has beyond the parser's limits is blanked, so that the
 * page can be read, and only that row is malformed; nor is that one where nobody reads the field.
 *
 * <p>Each value that is blanked becomes a short one of the same place, followed by spaces: no other
 * byte moves. What is beyond the limits outside of rows stays, and so does what is no JSON: a page
 * that has such is no page. The bytes are read without recursion.
 */
final class BlankedPage {
  /** How many objects and lists may stand within each other, those of the response included. */
  static final int MAX_DEPTH = 64;

  static final int MAX_DIGITS = 200;

  static final int MAX_NAME_BYTES = 1_000;

  /** The API's longest documented text has a thousand characters. */
  static final int MAX_TEXT_BYTES = 1_000_000;

  /** How many objects and lists a row stands in. */
  private static final int ROWS_DEPTH = 3;

  private static final byte[] DATA = "data".getBytes(StandardCharsets.UTF_8);
  private static final byte[] RECORDS = "records".getBytes(StandardCharsets.UTF_8);

  /** What is nested deeper is not looked into any more, since each level takes memory. */
  private static final int MAX_CHECKED_DEPTH = 10_000;

  /** No escape of a character is longer, in bytes. */
  private static final int MAX_ESCAPE = 6;

  private static final int NONE = -1;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Names of any length are not to be kept for the next page.
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_CHECKED_DEPTH)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] body;
  private final int length;
  private final Predicate<String> isRead;
  private final Map<Integer, String> problems = new HashMap<>();
  private int at;
  private int depth;
  private boolean isDataNamed;
  private boolean isInData;
  private boolean areRecordsNamed;
  private boolean isInRows;
  private int rowBegin;
  private boolean isBlanked;

  /** Where the name of the row's field begins and ends that is looked at. */
  private int nameBegin = NONE;

  private int nameEnd;

  /** The body as it came, until something of it is blanked. */
  private byte[] bytes;

  private BlankedPage(byte[] body, int length, Predicate<String> isRead) {
    this.body = body;
    this.bytes = body;
    this.isRead = isRead;
    this.length = length;
  }

  /**
   * Blanks what rows have beyond the limits.
   *
   * @param body has the response's body at its beginning; it stays as it is
   * @param length how long that is
   * @param isRead whether the value of a row's field is read, by the field's name
   * @return null where no row has anything beyond the limits
   */
  static @Nullable BlankedPage of(byte[] body, int length, Predicate<String> isRead) {
    BlankedPage page = new BlankedPage(body, length, isRead);
    page.scan();
    return page.isBlanked ? page : null;
  }

  /** The page's bytes, as many as the body has. */
  byte[] bytes() {
    return bytes;
  }

  /** What is read of the row that begins there, and was blanked; null where there is no such. */
  @Nullable String problemAt(long begin) {
    return problems.get(Math.toIntExact(begin));
  }

  private void scan() {
    while (at < length) {
      byte character = bytes[at];
      if (isInRows && depth == ROWS_DEPTH) {
        rowBegin = at;
        nameBegin = NONE;
      }
      if (character == '"') {
        text();
      } else if (character == '{' || character == '[') {
        open(character);
      } else if (character == '}' || character == ']') {
        close();
      } else if (character == '-' || isDigit(character)) {
        number();
      } else {
        at++;
      }
    }
  }

  private void text() {
    int begin = at;
    int end = endOfText();
    int bytesWithin = end - begin - 2;
    at = end;
    if (isInRows) {
      if (depth == ROWS_DEPTH + 1 && isName()) {
        nameBegin = begin;
        nameEnd = end;
      }
      if (bytesWithin > MAX_NAME_BYTES && isName() && lengthOfName(begin, end) > MAX_NAME_BYTES) {
        blankJson(begin, end, "\"\"", "has a name that is too long");
      } else if (bytesWithin > MAX_TEXT_BYTES && lengthOfText(begin, end) > MAX_TEXT_BYTES) {
        blankJson(begin, end, "\"\"", "has a text that is too long");
      }
    } else if (depth == 1 && isName()) {
      isDataNamed = isText(begin, end, DATA);
    } else if (depth == 2 && isName()) {
      areRecordsNamed = isInData && isText(begin, end, RECORDS);
    }
  }

  /** Where the text that begins here ends, or all ends. */
  private int endOfText() {
    int end = at + 1;
    while (end < length && bytes[end] != '"') {
      end += bytes[end] == '\\' ? 2 : 1;
    }
    return Math.min(end + 1, length);
  }

  /** How many bytes a name has once its escapes are characters, which is what the parser counts. */
  private int lengthOfName(int begin, int end) {
    int count = 0;
    int next = begin + 1;
    while (next < end - 1) {
      boolean isEscape = bytes[next] == '\\';
      boolean isCoded = isEscape && bytes[next + 1] == 'u' && next + 6 < end;
      count += isCoded ? lengthOfCode(next + 2) : 1;
      next += isCoded ? 6 : isEscape ? 2 : 1;
    }
    return count;
  }

  /** How many characters a text has, as the parser counts them: those beyond 16 bits twice. */
  private int lengthOfText(int begin, int end) {
    int count = 0;
    int next = begin + 1;
    while (next < end - 1) {
      int lead = bytes[next] & 0xff;
      boolean isEscape = lead == '\\';
      boolean isCoded = isEscape && bytes[next + 1] == 'u';
      boolean isWithin = (lead & 0xc0) == 0x80;
      count += lead >= 0xf0 ? 2 : isWithin ? 0 : 1;
      next += isCoded ? 6 : isEscape ? 2 : 1;
    }
    return count;
  }

  /** How many bytes the character has whose four digits stand there. */
  private int lengthOfCode(int digits) {
    int code = 0;
    for (int i = digits; i < digits + 4; i++) {
      code = code * 16 + Math.max(0, Character.digit(bytes[i], 16));
    }
    return code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }

  /** Whether the text that ends here is the name of a field. */
  private boolean isName() {
    int next = at;
    while (next < length && isSpace(bytes[next])) {
      next++;
    }
    return next < length && bytes[next] == ':';
  }

  private boolean isText(int begin, int end, byte[] text) {
    return Arrays.equals(bytes, begin + 1, Math.max(begin + 1, end - 1), text, 0, text.length);
  }

  private void open(byte bracket) {
    if (isInRows && depth == MAX_DEPTH) {
      int begin = at;
      skipStructure();
      blankJson(begin, at, "0", "is nested too deep");
      return;
    }
    at++;
    depth++;
    if (depth == 2) {
      isInData = isDataNamed && bracket == '{';
    } else if (depth == ROWS_DEPTH) {
      isInRows = isInData && areRecordsNamed && bracket == '[';
    }
  }

  private void close() {
    at++;
    depth--;
    if (depth < ROWS_DEPTH) {
      isInRows = false;
    }
    if (depth < 2) {
      isInData = false;
    }
  }

  /** Goes to the end of the object or list that begins here, or of all. */
  private void skipStructure() {
    int open = 0;
    do {
      byte character = bytes[at];
      if (character == '"') {
        at = endOfText();
      } else {
        open += character == '{' || character == '[' ? 1 : 0;
        open -= character == '}' || character == ']' ? 1 : 0;
        at++;
      }
    } while (open > 0 && at < length);
  }

  private void number() {
    int begin = at;
    int digits = 0;
    while (at < length && isOfNumber(bytes[at])) {
      digits += isDigit(bytes[at]) ? 1 : 0;
      at++;
    }
    if (isInRows && digits > MAX_DIGITS && isNumber(begin, at)) {
      blank(begin, at, "0", "has a number that is too long");
    }
  }

  private void blankJson(int from, int to, String value, String problem) {
    if (isJson(from, to)) {
      blank(from, to, value, problem);
    }
  }

  private void blank(int from, int to, String value, String problem) {
    if (bytes == body) {
      bytes = Arrays.copyOf(body, length);
    }
    isBlanked = true;
    if (!problems.containsKey(rowBegin) && (nameBegin == NONE || isRead.test(name()))) {
      problems.put(rowBegin, problem);
    }
    Arrays.fill(bytes, from, to, (byte) ' ');
    for (int i = 0; i < value.length(); i++) {
      bytes[from + i] = (byte) value.charAt(i);
    }
  }

  /** The name of the row's field; that of none where it is too long for any. */
  private String name() {
    if (nameEnd - nameBegin > MAX_ESCAPE * MAX_NAME_BYTES) {
      return "";
    }
    try (JsonParser parser = JSON.createParser(bytes, nameBegin, nameEnd - nameBegin)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      return "";
    }
  }

  private boolean isJson(int from, int to) {
    // As a stream: as a text it would take the heap of the whole body once more.
    InputStream range = new ByteArrayInputStream(bytes, from, to - from);
    try (JsonParser parser =
        JSON.createParser(new InputStreamReader(range, StandardCharsets.UTF_8))) {
      parser.nextToken();
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (StreamConstraintsException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Checked here, since the parser would keep all digits at once. */
  private boolean isNumber(int from, int to) {
    int begin = bytes[from] == '-' ? from + 1 : from;
    int next = endOfDigits(begin, to);
    if (next == begin || (bytes[begin] == '0' && next > begin + 1)) {
      return false;
    }
    if (next < to && bytes[next] == '.') {
      begin = next + 1;
      next = endOfDigits(begin, to);
      if (next == begin) {
        return false;
      }
    }
    if (next < to && (bytes[next] == 'e' || bytes[next] == 'E')) {
      boolean isSigned = next + 1 < to && (bytes[next + 1] == '-' || bytes[next + 1] == '+');
      begin = next + (isSigned ? 2 : 1);
      next = endOfDigits(begin, to);
      if (next == begin) {
        return false;
      }
    }
    return next == to;
  }

  private int endOfDigits(int from, int to) {
    int next = from;
    while (next < to && isDigit(bytes[next])) {
      next++;
    }
    return next;
  }

  private static boolean isOfNumber(byte character) {
    return isDigit(character)
        || character == '-'
        || character == '+'
        || character == '.'
        || character == 'e'
        || character == 'E';
  }

  private static boolean isDigit(byte character) {
    return character >= '0' && character <= '9';
  }

  private static boolean isSpace(byte character) {
    return character == ' ' || character == '\n' || character == '\r' || character == '\t';
  }
}
