package io.callrecords.connect.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAmount;
import java.util.Locale;

/** Where the range begins: a fixed moment, a time back from now, or all that the API keeps. */
public sealed interface StartTime {
  /** The word for everything that the API still keeps. */
  String EARLIEST = "earliest";

  /**
   * The moment that this means.
   *
   * @param now the present
   * @param keptSince the oldest moment that the API answers for
   * @return a moment in whole seconds; it may lie before {@code keptSince}
   */
  Instant resolve(Instant now, Instant keptSince);

  /** All that the API still keeps. */
  record Earliest() implements StartTime {
    @Override
    public Instant resolve(Instant now, Instant keptSince) {
      return keptSince.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** A fixed moment. */
  record At(Instant time) implements StartTime {
    @Override
    public Instant resolve(Instant now, Instant keptSince) {
      return time.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** A time back from the moment at which the connector first started. */
  record Ago(TemporalAmount amount) implements StartTime {
    @Override
    public Instant resolve(Instant now, Instant keptSince) {
      return ZonedDateTime.ofInstant(now, ZoneOffset.UTC)
          .minus(amount)
          .toInstant()
          .truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /**
   * Reads the setting's text.
   *
   * @throws IllegalArgumentException when it is neither {@code earliest}, nor an ISO-8601 date-time
   *     with an offset, nor a positive ISO-8601 duration
   */
  static StartTime parse(String text) {
    String trimmed = text.trim();
    if (trimmed.toLowerCase(Locale.ROOT).equals(EARLIEST)) {
      return new Earliest();
    }
    return trimmed.startsWith("P") || trimmed.startsWith("p")
        ? new Ago(amount(trimmed))
        : new At(instant(trimmed));
  }

  /**
   * Reads an ISO-8601 date-time with an offset.
   *
   * @throws IllegalArgumentException when the text is not one
   */
  static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text.trim()).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "is not an ISO-8601 date-time with an offset, such as 2026-11-01T00:00:00+08:00", e);
    }
  }

  private static TemporalAmount amount(String text) {
    TemporalAmount amount;
    try {
      amount =
          text.toUpperCase(Locale.ROOT).contains("T") ? Duration.parse(text) : Period.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("is not an ISO-8601 duration, such as P7D or PT12H", e);
    }
    if (!leadsBack(amount)) {
      throw new IllegalArgumentException("is not a positive duration, such as P7D or PT12H");
    }
    return amount;
  }

  private static boolean leadsBack(TemporalAmount amount) {
    Instant anchor = Instant.EPOCH;
    try {
      return new Ago(amount).resolve(anchor, anchor).isBefore(anchor);
    } catch (DateTimeException | ArithmeticException e) {
      // It leads to before all time.
      return false;
    }
  }
}
