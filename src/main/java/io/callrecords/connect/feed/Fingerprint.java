package io.callrecords.connect.feed;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Date;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Computes a short number that distinguishes versions of a record: two that differ have the same
 * one with a probability of 2<sup>-32</sup>.
 *
 * <p>It covers the names and values of all fields that are present. The order of a list does not
 * count, because labels have none; nor does what follows the {@code ?} of an address, which the API
 * may sign anew in each response.
 */
public final class Fingerprint {
  private static final int NONE = 0;
  private static final String ADDRESS = "://";

  /** An address in JSON: the part before its signature, and the signature. */
  private static final Pattern SIGNATURE = Pattern.compile("(\"https?://[^\"?]*)\\?[^\"]*");

  private final CRC32C sum = new CRC32C();

  private Fingerprint() {}

  /** The fingerprint of a value, never 0. */
  static int of(Struct value) {
    Fingerprint fingerprint = new Fingerprint();
    for (Field field : value.schema().fields()) {
      Object content = value.get(field);
      if (content != null) {
        fingerprint.add(field.name());
        fingerprint.addContent(content);
      }
    }
    int result = (int) fingerprint.sum.getValue();
    return result == NONE ? 1 : result;
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private void addContent(@Nullable Object content) {
    if (content instanceof Collection<?> list) {
      list.stream().map(String::valueOf).sorted().forEach(this::add);
    } else if (content instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      map.forEach((key, value) -> sorted.put(String.valueOf(key), String.valueOf(value)));
      sorted.forEach(
          (key, json) -> {
            add(key);
            add(unsigned(json));
          });
    } else if (content instanceof Date date) {
      add(Long.toString(date.getTime()));
    } else {
      add(String.valueOf(content));
    }
  }

  /** Adds a text and an end mark, so that two texts differ from their concatenation. */
  private void add(String text) {
    sum.update(withoutSignature(text).getBytes(StandardCharsets.UTF_8));
    sum.update(0);
  }

  /** Whether two contents of a field are the same, whatever the signatures of addresses. */
  static boolean areSame(@Nullable Object a, @Nullable Object b) {
    if (Objects.equals(a, b)) {
      return true;
    }
    if (a instanceof String one && b instanceof String other) {
      return withoutSignature(one).equals(withoutSignature(other));
    }
    return a instanceof Map<?, ?> one
        && b instanceof Map<?, ?> other
        && one.keySet().equals(other.keySet())
        && one.keySet().stream().allMatch(key -> areSameJson(one.get(key), other.get(key)));
  }

  private static boolean areSameJson(@Nullable Object a, @Nullable Object b) {
    return unsigned(String.valueOf(a)).equals(unsigned(String.valueOf(b)));
  }

  /** The text of JSON, with each address in it up to its {@code ?}. */
  public static String unsigned(String json) {
    return json.contains(ADDRESS) ? SIGNATURE.matcher(json).replaceAll("$1") : json;
  }

  /** An address up to its {@code ?}; any other text as it is. */
  public static String withoutSignature(String text) {
    boolean isAddress = text.startsWith("http://") || text.startsWith("https://");
    int query = isAddress ? text.indexOf('?') : -1;
    return query < 0 ? text : text.substring(0, query);
  }
}
