package io.callrecords.simulator;

/** How times are written in a record. */
public enum TimeForm {
  /** {@code 2026-11-20 23:43:12}. */
  PLAIN(' ', ""),
  /** {@code 2026-11-20 23:43:12.0}, as a JDBC timestamp prints itself. */
  TENTHS(' ', ".0"),
  /** {@code 2026-11-20T23:43:12.000}. */
  ISO_MILLIS('T', ".000"),
  /** {@code 2026-11-20T23:43:12.000+0800}, as Jackson once wrote a date. */
  ISO_OFFSET('T', ".000");

  private final char separator;
  private final String fraction;

  TimeForm(char separator, String fraction) {
    this.separator = separator;
    this.fraction = fraction;
  }

  /** What stands between date and time. */
  char separator() {
    return separator;
  }

  /** What follows the seconds. */
  String fraction() {
    return fraction;
  }
}
