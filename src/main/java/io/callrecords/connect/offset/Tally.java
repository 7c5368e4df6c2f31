package io.callrecords.connect.offset;

/**
 * What was special about the records that a window has brought into the topic.
 *
 * @param late how many a later look has found, after the window had been read whole
 * @param updated how many further versions were sent of records that had been sent
 */
public record Tally(long late, long updated) {
  /** Nothing was. */
  public static final Tally NONE = new Tally(0, 0);

  /** Both together. */
  public Tally plus(Tally other) {
    return new Tally(late + other.late, updated + other.updated);
  }
}
