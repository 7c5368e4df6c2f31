package io.callrecords.connect.feed;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** Reads the API's times, {@code yyyy-MM-dd HH:mm:ss} without a zone, as the configured zone's. */
final class NaiveTime {
  private static final int LENGTH = "yyyy-MM-dd HH:mm:ss".length();

  private final ZoneId zone;
  private final boolean isFixed;

  NaiveTime(ZoneId zone) {
    this.zone = zone;
    this.isFixed = zone.getRules().isFixedOffset();
  }

  /**
   * The moment that a text means. A text that carries an offset after all keeps its own.
   *
   * <p>When clocks are set back, an hour comes twice: of the two moments that a text then means, it
   * is the one that was asked for, or the first when both were. A time that is skipped when clocks
   * are set forward, which no clock shows, counts on from before.
   *
   * @param asked what was asked for
   * @return seconds since the epoch
   * @throws DateTimeException when the text is no such time
   */
  long epochSecond(String text, Asked asked) {
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
    if (!isFixed) {
      ZonedDateTime second = first.withLaterOffsetAtOverlap();
      if (!asked.contains(first.toEpochSecond()) && asked.contains(second.toEpochSecond())) {
        return second.toEpochSecond();
      }
    }
    return first.toEpochSecond();
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
