package io.callrecords.connect.offset;

/**
 * How many of a window's records were emitted late or again.
 *
 * @param late records that a recheck found after the window had been read whole
 * @param updated further versions of records that had been emitted before
 */
public record LateCounts(long late, long updated) {
  /** No record was. */
  public static final LateCounts NONE = new LateCounts(0, 0);

  /** What is left without others, which are a part of these. */
  LateCounts minus(LateCounts others) {
    if (others.late > late || others.updated > updated) {
      throw new IllegalArgumentException("its ids came late or again more often than it says");
    }
    return others.equals(NONE)
        ? this
        : new LateCounts(late - others.late, updated - others.updated);
  }

  /** The sum of both. */
  public LateCounts plus(LateCounts other) {
    return new LateCounts(late + other.late, updated + other.updated);
  }
}
