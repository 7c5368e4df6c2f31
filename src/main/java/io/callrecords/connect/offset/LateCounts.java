package io.callrecords.connect.offset;

/**
 * What was special about the records that a window has brought into the topic.
 *
 * @param late how many a later look has found, after the window had been read whole
 * @param updated how many further versions were sent of records that had been sent
 */
public record LateCounts(long late, long updated) {
  /** Nothing was. */
  public static final LateCounts NONE = new LateCounts(0, 0);

  /** Both together. */
  public LateCounts plus(LateCounts other) {
    return new LateCounts(late + other.late, updated + other.updated);
  }
}
