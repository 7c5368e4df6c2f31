package io.callrecords.connect.convert;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Drops U+0000 from texts, which PostgreSQL and others refuse, in whatever record it is. The text
 * of JSON has it as an escape, which databases refuse as well once they take it for JSON.
 */
final class NulFilter {
  private static final char NUL = '\0';
  private static final String ESCAPED = "\\u0000";

  private final boolean keeps;
  private final Runnable onDropped;

  /**
   * Creates a filter.
   *
   * @param keeps whether it leaves everything as it is
   * @param onDropped called for each text of which something is dropped
   */
  NulFilter(boolean keeps, Runnable onDropped) {
    this.keeps = keeps;
    this.onDropped = onDropped;
  }

  /** Whether something of a value is dropped. */
  boolean concerns(@Nullable Object value) {
    return !keeps && hasNul(value);
  }

  private static boolean hasNul(@Nullable Object value) {
    if (value instanceof String text) {
      return text.indexOf(NUL) >= 0;
    }
    // Each call comes by here: streams would take longer than what they look at.
    if (value instanceof List<?> list) {
      for (Object element : list) {
        if (hasNul(element)) {
          return true;
        }
      }
    }
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        String json = String.valueOf(entry.getValue());
        if (hasNul(entry.getKey()) || hasNul(json) || json.contains(ESCAPED)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The same value without any. */
  @Nullable Object filtered(@Nullable Object value) {
    if (value instanceof String text) {
      return text(text);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(this::filtered).toList();
    }
    if (value instanceof Map<?, ?> map) {
      // Two names may become one: the first of them keeps it, by their order.
      Map<String, String> result = new TreeMap<>();
      new TreeMap<>(map)
          .forEach(
              (name, json) ->
                  result.putIfAbsent(text(String.valueOf(name)), json(String.valueOf(json))));
      return result;
    }
    return value;
  }

  /** A text without any. */
  String text(String text) {
    if (keeps || text.indexOf(NUL) < 0) {
      return text;
    }
    onDropped.run();
    return text.replace(String.valueOf(NUL), "");
  }

  /** The text of JSON without any, be it there as such or as an escape. */
  String json(String json) {
    if (keeps) {
      return json;
    }
    String plain = text(json);
    if (!plain.contains(ESCAPED)) {
      return plain;
    }
    StringBuilder result = new StringBuilder(plain.length());
    int at = 0;
    while (at < plain.length()) {
      boolean isEscape = plain.charAt(at) == '\\' && at + 1 < plain.length();
      if (isEscape && plain.startsWith(ESCAPED, at)) {
        at += ESCAPED.length();
      } else {
        // The second of two backslashes begins nothing.
        int end = at + (isEscape ? 2 : 1);
        result.append(plain, at, end);
        at = end;
      }
    }
    if (result.length() < plain.length()) {
      onDropped.run();
    }
    return result.toString();
  }
}
