package io.callrecords.connect.state;

/**
 * How much an offset may hold, in characters of JSON.
 *
 * @param day where the ids of a day's own offset take more, further ones go to the journal
 * @param segment a segment of the journal that has more is left as it is, and another one is begun
 */
public record JournalLimits(int day, int segment) {
  /** A day and a segment stay below 64 KiB with the largest window that comes on top. */
  public static final JournalLimits DEFAULT = new JournalLimits(8 * 1024, 16 * 1024);
}
