package io.callrecords.connect.convert;

import io.callrecords.connect.config.TimesFormat;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Date;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Timestamp;
import org.jspecify.annotations.Nullable;

/** How a moment is written in a record. */
final class MomentForm {
  /**
   * The name under which Debezium's JDBC sink knows a text that is a moment, so that it makes a
   * column of it that is one, too. To all others it is a plain text.
   */
  private static final String ISO_NAME = "io.debezium.time.ZonedTimestamp";

  private static final long MILLIS_A_DAY = 86_400_000;
  private static final int LENGTH = "2026-11-01T08:00:00.000Z".length();

  private final TimesFormat format;

  MomentForm(TimesFormat format) {
    this.format = format;
  }

  /** The schema of such a value, to be completed. */
  SchemaBuilder schema() {
    return switch (format) {
      case TIMESTAMP -> Timestamp.builder();
      case ISO -> SchemaBuilder.string().name(ISO_NAME).version(1);
      case EPOCH_MILLIS -> SchemaBuilder.int64();
    };
  }

  /** The value for a moment. */
  Object of(Instant moment) {
    return of(moment.toEpochMilli());
  }

  /** The value for a moment, or null for none. */
  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  @Nullable Object of(@Nullable Date moment) {
    if (moment == null || format == TimesFormat.TIMESTAMP) {
      return moment;
    }
    return of(moment.getTime());
  }

  // Connect's Timestamp is a java.util.Date.
  @SuppressWarnings("JavaUtilDate")
  private Object of(long milli) {
    return switch (format) {
      case TIMESTAMP -> new Date(milli);
      case ISO -> text(milli);
      case EPOCH_MILLIS -> milli;
    };
  }

  /** Always of one length, so that the order of the texts is that of the moments. */
  private static String text(long milli) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(milli, MILLIS_A_DAY));
    int milliOfDay = (int) Math.floorMod(milli, MILLIS_A_DAY);
    if (day.getYear() < 0 || day.getYear() > 9_999) {
      return Instant.ofEpochMilli(milli).toString();
    }
    char[] text = new char[LENGTH];
    digits(text, 0, 4, day.getYear(), '-');
    digits(text, 5, 2, day.getMonthValue(), '-');
    digits(text, 8, 2, day.getDayOfMonth(), 'T');
    digits(text, 11, 2, milliOfDay / 3_600_000, ':');
    digits(text, 14, 2, milliOfDay / 60_000 % 60, ':');
    digits(text, 17, 2, milliOfDay / 1_000 % 60, '.');
    digits(text, 20, 3, milliOfDay % 1_000, 'Z');
    return new String(text);
  }

  private static void digits(char[] text, int at, int count, int number, char end) {
    int rest = number;
    for (int i = at + count - 1; i >= at; i--) {
      text[i] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    text[at + count] = end;
  }
}
