package io.callrecords.connect.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads the API's times, {@code yyyy-MM-dd HH:mm:ss} without a zone, as the configured zone's. */
final class NaiveTime {
  /** The length of a text of the usual form. */
  static final int LENGTH = "yyyy-MM-dd HH:mm:ss".length();

  /** No moment: the text has to be read with {@link #epochSecond}. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final int DATE_LENGTH = "yyyy-MM-dd".length();
  private static final int DAY = 86_400;

  private final ZoneId zone;
  private final boolean isFixed;

  /** Most records are of one day. Threads may or may not see one another's; each is complete. */
  private @Nullable Day lastDay;

  /** A day as its texts begin; without a midnight where the zone's clocks are set on or near it. */
  private static final class Day {
    private final char[] date;
    private final long midnight;

    Day(String text, long midnight) {
      this.date = text.substring(0, DATE_LENGTH).toCharArray();
      this.midnight = midnight;
    }

    boolean isIn(char[] text, int from) {
      return Arrays.equals(text, from, from + DATE_LENGTH, date, 0, DATE_LENGTH);
    }
  }

  NaiveTime(ZoneId zone) {
    this.zone = zone;
    this.isFixed = zone.getRules().isFixedOffset();
  }

  /**
   * The moment that a text means. A text that carries an offset after all keeps its own.
   *
   * <p>When clocks are set back, an hour comes twice: of the two moments that a text then means, it
   * is the one in the requested range, or the first where both are. A time that is skipped when
   * clocks are set forward, which no clock shows, is counted on from the time before.
   *
   * @param range the range that was requested
   * @return seconds since the epoch
   * @throws DateTimeException when the text is no such time
   */
  long epochSecond(String text, QueryRange range) {
    if (text.length() > LENGTH && text.charAt(4) == '-') {
      return OffsetDateTime.parse(text.replace(' ', 'T')).toEpochSecond();
    }
    if (text.length() != LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) != ' ' && text.charAt(10) != 'T')
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      throw new DateTimeException("not a time of the form yyyy-MM-dd HH:mm:ss");
    }
    LocalDateTime local =
        LocalDateTime.of(
            number(text, 0, 4),
            number(text, 5, 7),
            number(text, 8, 10),
            number(text, 11, 13),
            number(text, 14, 16),
            number(text, 17, 19));
    ZonedDateTime first = local.atZone(zone);
    remember(text, local.toLocalDate());
    if (!isFixed) {
      ZonedDateTime second = first.withLaterOffsetAtOverlap();
      if (!range.contains(first.toEpochSecond()) && range.contains(second.toEpochSecond())) {
        return second.toEpochSecond();
      }
    }
    return first.toEpochSecond();
  }

  /**
   * The moment that a text of {@link #LENGTH} characters means, if it is of the same day as the one
   * before.
   *
   * @return seconds since the epoch, or {@link #UNKNOWN}
   */
  long ofSameDay(char[] text, int from) {
    Day day = lastDay;
    if (day == null
        || day.midnight == UNKNOWN
        || !day.isIn(text, from)
        || (text[from + 10] != ' ' && text[from + 10] != 'T')
        || text[from + 13] != ':'
        || text[from + 16] != ':') {
      return UNKNOWN;
    }
    int hour = twoDigits(text, from + 11);
    int minute = twoDigits(text, from + 14);
    int second = twoDigits(text, from + 17);
    return hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59
        ? UNKNOWN
        : day.midnight + hour * 3600L + minute * 60L + second;
  }

  private static int twoDigits(char[] text, int at) {
    int tens = text[at] - '0';
    int ones = text[at + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
  }

  /** Keeps the day for the texts that follow, if the zone has a single offset on and around it. */
  private void remember(String text, LocalDate date) {
    Day known = lastDay;
    if (known != null && known.isIn(text.toCharArray(), 0)) {
      return;
    }
    Instant midnight = date.atStartOfDay(zone).toInstant();
    ZoneOffsetTransition next = zone.getRules().nextTransition(midnight.minusSeconds(DAY));
    boolean isPlain = next == null || next.getInstant().isAfter(midnight.plusSeconds(2 * DAY));
    lastDay = new Day(text, isPlain ? midnight.getEpochSecond() : UNKNOWN);
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new DateTimeException("not a time of the form yyyy-MM-dd HH:mm:ss");
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
