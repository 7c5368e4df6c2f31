package io.callrecords.connect.feed;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the API's times, {@code yyyy-MM-dd HH:mm:ss} without a zone, as the configured zone's.
 *
 * <p>Backends in Java write the same moment in other forms, too: with a {@code T} between date and
 * time, with a fraction of a second ({@code 12.0}, {@code 12.000}), without seconds where there are
 * none ({@code 2026-11-01T08:00}), and with an offset ({@code Z}, {@code +08:00}, {@code +0800},
 * {@code +08}). Milliseconds are kept; what is finer is cut off.
 */
public final class NaiveTime {
  /** The length of a text of the usual form. */
  static final int LENGTH = "yyyy-MM-dd HH:mm:ss".length();

  /** No moment: the text has to be read with {@link #epochMilli}. */
  static final long UNKNOWN = Long.MIN_VALUE;

  private static final int DATE_LENGTH = "yyyy-MM-dd".length();
  private static final int WITHOUT_SECONDS = "yyyy-MM-dd HH:mm".length();
  private static final int DAY = 86_400;

  private static final QueryRange ANY = new QueryRange(Long.MIN_VALUE, Long.MAX_VALUE);

  /** A date of zeros, with which databases say that there is no time. */
  private static final Pattern NO_TIME = Pattern.compile("[0:.TZ+ -]{10,35}");

  /** A time with at most nine digits of a fraction and an offset, but no region behind it. */
  private static final Pattern PLAIN =
      Pattern.compile("[0-9T: -]{16,19}(\\.[0-9]{1,9})?( ?([Zz]|[+-][0-9:]{2,8}))?");

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

  /**
   * Reads the times of a zone.
   *
   * @param zone the zone of texts that carry no offset
   */
  public NaiveTime(ZoneId zone) {
    this.zone = zone;
    this.isFixed = zone.getRules().isFixedOffset();
  }

  /** The moment that a text means, as {@link #epochMilli} reads it, without its fraction. */
  public long epochSecond(String text, QueryRange range) {
    return Math.floorDiv(epochMilli(text, range), 1_000L);
  }

  /**
   * The moment that a text means. A text that carries an offset after all keeps its own.
   *
   * <p>When clocks are set back, an hour comes twice: of the two moments that a text then means, it
   * is the one in the requested range, or the first where both are. A time that is skipped when
   * clocks are set forward, which no clock shows, is counted on from the time before.
   *
   * @param range the range that was requested
   * @return milliseconds since the epoch
   * @throws DateTimeException when the text is no such time
   */
  long epochMilli(String text, QueryRange range) {
    String full = withSeconds(text);
    LocalDateTime local = local(full);
    int at = LENGTH;
    int milli = 0;
    if (at < full.length() && full.charAt(at) == '.') {
      do {
        at++;
      } while (at < full.length() && isDigit(full.charAt(at)));
      milli = milli(full.toCharArray(), LENGTH, at);
      if (milli < 0) {
        throw notOfTheForm();
      }
    }
    long second =
        at == full.length()
            ? inZone(full, local, range)
            : local.toEpochSecond(offset(full.substring(at).trim()));
    return second * 1_000 + milli;
  }

  /** A time of a full minute may come without its seconds, as Java's own classes write it. */
  private static String withSeconds(String text) {
    boolean lacksThem =
        text.length() == WITHOUT_SECONDS
            || (text.length() > WITHOUT_SECONDS
                && " +-Zz".indexOf(text.charAt(WITHOUT_SECONDS)) >= 0);
    return lacksThem && text.charAt(DATE_LENGTH) == 'T'
        ? text.substring(0, WITHOUT_SECONDS) + ":00" + text.substring(WITHOUT_SECONDS)
        : text;
  }

  /** Whether a text is a time, or a date of zeros, and holds nothing else that could be hidden. */
  boolean isPlain(String text) {
    if (NO_TIME.matcher(text).matches()) {
      return true;
    }
    try {
      epochMilli(text, ANY);
      return PLAIN.matcher(text).matches();
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static LocalDateTime local(String text) {
    if (text.length() < LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || (text.charAt(10) != ' ' && text.charAt(10) != 'T')
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      throw notOfTheForm();
    }
    return LocalDateTime.of(
        number(text, 0, 4),
        number(text, 5, 7),
        number(text, 8, 10),
        number(text, 11, 13),
        number(text, 14, 16),
        number(text, 17, 19));
  }

  private long inZone(String text, LocalDateTime local, QueryRange range) {
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

  /** The offset that a text ends with; a region behind it in brackets says nothing more. */
  private static ZoneOffset offset(String text) {
    int region = text.endsWith("]") ? text.indexOf('[') : -1;
    String offset = region < 0 ? text : text.substring(0, region);
    return offset.equalsIgnoreCase("Z") ? ZoneOffset.UTC : ZoneOffset.of(offset);
  }

  /**
   * The milliseconds of a fraction of a second.
   *
   * @param from where its point stands
   * @param to where it ends
   * @return -1 where it is no point with digits behind it, and nothing else
   */
  static int milli(char[] text, int from, int to) {
    if (to - from < 2 || text[from] != '.') {
      return -1;
    }
    int milli = 0;
    int weight = 100;
    for (int i = from + 1; i < to; i++) {
      if (!isDigit(text[i])) {
        return -1;
      }
      milli += (text[i] - '0') * weight;
      weight /= 10;
    }
    return milli;
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static DateTimeException notOfTheForm() {
    return new DateTimeException("not a time of the form yyyy-MM-dd HH:mm:ss");
  }

  /**
   * The other moment of a time that comes twice.
   *
   * @param text a text that says a time without an offset
   * @param milli one of the two moments, in milliseconds since the epoch
   * @return the other one, or {@link #UNKNOWN} where there is none
   */
  long otherMoment(String text, long milli) {
    if (isFixed || hasOffset(text)) {
      return UNKNOWN;
    }
    long second = Math.floorDiv(milli, 1_000L);
    LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(second), zone);
    ZoneOffsetTransition transition = zone.getRules().getTransition(local);
    if (transition == null || !transition.isOverlap()) {
      return UNKNOWN;
    }
    long first = local.toEpochSecond(transition.getOffsetBefore());
    long other = second == first ? local.toEpochSecond(transition.getOffsetAfter()) : first;
    return milli + (other - second) * 1_000;
  }

  private static boolean hasOffset(String text) {
    return text.endsWith("Z")
        || text.indexOf('+') >= DATE_LENGTH
        || text.lastIndexOf('-') >= DATE_LENGTH;
  }

  /**
   * The moment that {@link #LENGTH} characters of a text mean, if it is of the same day as the one
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
        throw notOfTheForm();
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
