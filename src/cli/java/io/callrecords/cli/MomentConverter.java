package io.callrecords.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a moment as people write it: a date, which means its first moment in UTC, or an instant.
 */
final class MomentConverter {
  private static final int DATE_LENGTH = "2026-01-31".length();

  private MomentConverter() {}

  static Instant parse(String text) {
    try {
      return text.length() == DATE_LENGTH
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw new TypeConversionException(
          "'"
              + text
              + "' is no moment: write a date such as 2026-01-31, which means a day of UTC, or an"
              + " instant such as 2026-01-31T08:00:00Z");
    }
  }
}
