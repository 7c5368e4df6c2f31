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

/** Where the range begins: a fixed time, a duration back from now, or all that the API keeps. */
public sealed interface StartTime {
  /** The value of {@code start.time} for everything that the API still keeps. */
  String EARLIEST = "earliest";

  /**
   * The start of the range in whole seconds.
   *
   * @param now the current time
   * @param keptSince the oldest time for which the API returns records
   * @return the start, which may be before {@code keptSince}
   */
  Instant resolve(Instant now, Instant keptSince);

  /** Everything that the API still keeps. */
  record Earliest() implements StartTime {
    @Override
    public Instant resolve(Instant now, Instant keptSince) {
      return keptSince.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** A fixed time. */
  record At(Instant time) implements StartTime {
    @Override
    public Instant resolve(Instant now, Instant keptSince) {
      return time.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** A duration back from the first start of the connector. */
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
   * Parses {@code start.time}.
   *
   * @throws IllegalArgumentException when it is neither {@code earliest}, nor an ISO-8601 date-time
   *     with an offset, nor a positive ISO-8601 duration
   */
  static StartTime parse(String text) {
    if (text.equalsIgnoreCase(EARLIEST)) {
      return new Earliest();
    }
    try {
      return text.startsWith("P") || text.startsWith("p")
          ? new Ago(amount(text))
          : new At(instant(text));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IllegalArgumentException(
          "must be earliest (all that the API keeps), an ISO-8601 date-time with an offset such as"
              + " 2026-11-01T00:00:00+08:00, or a positive ISO-8601 duration back from now such as"
              + " P7D or PT12H; PT1M begins with the present",
          e);
    }
  }

  /**
   * Parses an ISO-8601 date-time with an offset, such as {@code end.time}.
   *
   * @throws IllegalArgumentException when the text is not one
   */
  static Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "must be an ISO-8601 date-time with an offset, such as 2026-11-01T00:00:00+08:00", e);
    }
  }

  private static TemporalAmount amount(String text) {
    TemporalAmount amount =
        text.toUpperCase(Locale.ROOT).contains("T") ? Duration.parse(text) : Period.parse(text);
    if (!leadsBack(amount)) {
      throw new DateTimeException("not a positive duration");
    }
    return amount;
  }

  private static boolean leadsBack(TemporalAmount amount) {
    Instant anchor = Instant.EPOCH;
    try {
      return new Ago(amount).resolve(anchor, anchor).isBefore(anchor);
    } catch (DateTimeException | ArithmeticException e) {
      // Further back than a time can be.
      return false;
    }
  }
}
