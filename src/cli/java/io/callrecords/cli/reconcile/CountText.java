package io.callrecords.cli.reconcile;

/** Numbers of things, in words. */
final class CountText {
  private CountText() {}

  /** So many of something that has a plain plural, such as "1 record" or "2,000 records". */
  static String of(long count, String thing) {
    return "%,d %s%s".formatted(count, thing, count == 1 ? "" : "s");
  }

  /** The verb that goes with so many. */
  static String are(long count) {
    return count == 1 ? "is" : "are";
  }

  /** So many seconds, in hours where there is one at least. */
  static String ofSeconds(long seconds) {
    if (seconds < 60) {
      return of(seconds, "second");
    }
    return seconds < 3_600 ? of(seconds / 60, "minute") : of(seconds / 3_600, "hour");
  }
}
