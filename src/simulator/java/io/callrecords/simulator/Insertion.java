package io.callrecords.simulator;

/**
 * New calls that enter the range of a multi-page read while it is being read.
 *
 * @param everyPages a page answer in how many is followed by new calls
 * @param calls how many calls enter at a time
 * @param place where in the range they enter
 * @param atMost how many calls enter in all, so that a reader can ever see a range at rest
 */
public record Insertion(int everyPages, int calls, InsertionPoint place, int atMost) {

  /** Where in the range that was just asked for a new call lies. */
  public enum InsertionPoint {
    NEWEST_END,
    ANYWHERE
  }

  public Insertion {
    if (everyPages < 1 || calls < 1 || atMost < 0) {
      throw new IllegalArgumentException("Needs pages and calls above zero");
    }
  }
}
