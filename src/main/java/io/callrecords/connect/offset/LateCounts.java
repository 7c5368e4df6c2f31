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

  /** The sum of both. */
  public LateCounts plus(LateCounts other) {
    return new LateCounts(late + other.late, updated + other.updated);
  }
}
