package io.callrecords.simulator;

/**
 * Calendar dates packed into one number, because formatting millions of times through {@code
 * java.time} would be most of the simulator's work.
 */
final class CivilDate {
  private CivilDate() {}

  /** The date of a day since 1970-01-01, after Hinnant's {@code civil_from_days}. */
  static long of(long epochDay) {
    long z = epochDay + 719_468;
    long era = Math.floorDiv(z, 146_097L);
    long dayOfEra = z - era * 146_097;
    long yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    long dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    long shiftedMonth = (5 * dayOfYear + 2) / 153;
    long day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
    long month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
    return year << 16 | month << 8 | day;
  }

  static int year(long date) {
    return (int) (date >> 16);
  }

  static int month(long date) {
    return (int) (date >> 8) & 0xff;
  }

  static int day(long date) {
    return (int) date & 0xff;
  }
}
