package io.callrecords.connect.offset;

/**
 * An id that was emitted.
 *
 * @param mark what is known of its emission, an {@link IdMark}
 */
public record EmittedId(String id, long mark) {
  /** The second of the UTC day that it was emitted with, or -1 when it is not known. */
  public int second() {
    return IdMark.secondOfDay(mark);
  }
}
