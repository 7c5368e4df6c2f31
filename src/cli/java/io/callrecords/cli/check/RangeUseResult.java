package io.callrecords.cli.check;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the range of a request.
 *
 * @param value {@code honoured}, {@code ignored} and so on; null where it could not be told
 * @param answers what shows it
 */
record RangeUseResult(@Nullable String value, List<ApiAnswer> answers) {
  static final String HONOURED = "honoured";

  boolean isHonoured() {
    return HONOURED.equals(value);
  }
}
