package io.callrecords.cli.reconcile;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.callrecords.connect.feed.Fingerprint;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one text in which a value is compared, whichever converter has carried it.
 *
 * <p>As for the connector itself, the order of a list does not count, nor does what follows the
 * {@code ?} of an address, which the API may sign anew in each response.
 */
final class CanonicalText {
  private CanonicalText() {}

  /** The text of a value; null stays null. */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  static @Nullable String of(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return Fingerprint.withoutSignature(text);
    }
    if (value instanceof Date moment) {
      return Long.toString(moment.getTime());
    }
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().toPlainString();
    }
    if (value instanceof Collection<?> list) {
      return ofList(list);
    }
    if (value instanceof Map<?, ?> map) {
      return ofMap(map);
    }
    if (value instanceof byte[] bytes) {
      return Base64.getEncoder().encodeToString(bytes);
    }
    if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return Base64.getEncoder().encodeToString(bytes);
    }
    return value.toString();
  }

  private static String ofList(Collection<?> list) {
    List<String> sorted =
        list.stream().map(element -> of(String.valueOf(element))).sorted().toList();
    StringBuilder text = new StringBuilder("[");
    for (String element : sorted) {
      quote(element, text.length() > 1 ? text.append(',') : text);
    }
    return text.append(']').toString();
  }

  private static String ofMap(Map<?, ?> map) {
    Map<String, String> sorted = new TreeMap<>();
    map.forEach((name, json) -> sorted.put(String.valueOf(name), String.valueOf(json)));
    StringBuilder text = new StringBuilder("{");
    sorted.forEach(
        (name, json) -> {
          quote(name, text.length() > 1 ? text.append(',') : text);
          text.append(':').append(Fingerprint.unsigned(json));
        });
    return text.append('}').toString();
  }

  private static void quote(String plain, StringBuilder text) {
    text.append('"');
    JsonStringEncoder.getInstance().quoteAsString(plain, text);
    text.append('"');
  }
}
