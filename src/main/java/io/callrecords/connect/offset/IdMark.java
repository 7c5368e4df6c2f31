package io.callrecords.connect.offset;

/**
 * What is known of the emission of an id, packed into a long: the fingerprint of the version that
 * was emitted last, the second of the UTC day that it was emitted with, and how often it came late
 * or again.
 */
public final class IdMark {
  /** Nothing is known. */
  public static final long NONE = 0;

  private static final int SECOND_SHIFT = 32;
  private static final long SECOND_MASK = 0x3FFFFL << SECOND_SHIFT;
  private static final int LATE_SHIFT = 50;
  private static final long LATE = 1L << LATE_SHIFT;
  private static final int UPDATED_SHIFT = 51;
  private static final int MAX_UPDATED = 0xFFF;
  private static final long FINGERPRINT_MASK = 0xFFFFFFFFL;
  private static final int SECONDS_OF_A_DAY = 86_400;

  private IdMark() {}

  /** The mark of a version that is emitted with a time, in seconds since 1970. */
  public static long of(int fingerprint, long epochSecond) {
    return withSecond(fingerprint & FINGERPRINT_MASK, epochSecond);
  }

  /** A mark with another fingerprint. */
  public static long withFingerprint(long mark, int fingerprint) {
    return (mark & ~FINGERPRINT_MASK) | (fingerprint & FINGERPRINT_MASK);
  }

  /** A mark with another time, in seconds since 1970. */
  public static long withSecond(long mark, long epochSecond) {
    return withSecondOfDay(mark, Math.floorMod(epochSecond, SECONDS_OF_A_DAY));
  }

  static long withSecondOfDay(long mark, int second) {
    return (mark & ~SECOND_MASK) | ((long) (second + 1) << SECOND_SHIFT);
  }

  /** A mark after a further emission, be it late or again. */
  public static long plus(long mark, LateCounts counts) {
    long late = mark | (counts.late() > 0 ? LATE : 0);
    long updated = Math.min(MAX_UPDATED, updated(mark) + counts.updated());
    return (late & ((1L << UPDATED_SHIFT) - 1)) | (updated << UPDATED_SHIFT);
  }

  /** The fingerprint, or {@link IdSet#UNKNOWN}. */
  public static int fingerprint(long mark) {
    return (int) mark;
  }

  /** The second of the UTC day, or -1 when it is not known. */
  public static int secondOfDay(long mark) {
    return (int) ((mark & SECOND_MASK) >>> SECOND_SHIFT) - 1;
  }

  /** How often the id came late (once at most) or again. */
  public static LateCounts counts(long mark) {
    return hasCounts(mark) ? new LateCounts(late(mark), updated(mark)) : LateCounts.NONE;
  }

  static boolean hasCounts(long mark) {
    return mark >>> LATE_SHIFT != 0;
  }

  static int late(long mark) {
    return (mark & LATE) == 0 ? 0 : 1;
  }

  static long updated(long mark) {
    return mark >>> UPDATED_SHIFT;
  }

  /** Its counts as one small number, which is 0 where there is nothing to count. */
  static long countCode(long mark) {
    return mark >>> LATE_SHIFT;
  }

  static long withCountCode(long mark, long code) {
    if (code < 0 || code > (MAX_UPDATED << 1 | 1)) {
      throw new IllegalArgumentException("it holds a count of " + code);
    }
    return (mark & ((1L << LATE_SHIFT) - 1)) | code << LATE_SHIFT;
  }
}
