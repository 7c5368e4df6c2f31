package io.callrecords.connect.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** The moments of HTTP's headers, such as {@code Date}, in the form that RFC 9110 prefers. */
public final class HttpDate {
  private HttpDate() {}

  /** The moment of a header; null where there is none, or it is in another form. */
  public static @Nullable Instant parse(@Nullable String text) {
    try {
      return text == null
          ? null
          : ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
