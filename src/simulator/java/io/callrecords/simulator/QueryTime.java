package io.callrecords.simulator;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the one documented form of a range's ends, {@code 2022-01-01T00:00:00+08:00}.
 */
final class QueryTime {
  private static final Pattern FORM =
      Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}[+-]\\d{2}:\\d{2}");

  private static final DateTimeFormatter TEXT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  private QueryTime() {}

  /** A moment in that form. */
  static String text(Instant moment) {
    return TEXT.format(moment.atOffset(ZoneOffset.UTC));
  }

  /** The moment, or null for any other form. */
  static @Nullable Instant parse(@Nullable String text) {
    if (text == null || !FORM.matcher(text).matches()) {
      return null;
    }
    try {
      LocalDateTime local =
          LocalDateTime.of(
              number(text, 0, 4),
              number(text, 5, 7),
              number(text, 8, 10),
              number(text, 11, 13),
              number(text, 14, 16),
              number(text, 17, 19));
      int sign = text.charAt(19) == '-' ? -1 : 1;
      return local.toInstant(
          ZoneOffset.ofHoursMinutes(sign * number(text, 20, 22), sign * number(text, 23, 25)));
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int number(String text, int from, int to) {
    return Integer.parseInt(text, from, to, 10);
  }
}
