package io.callrecords.connect;

/**
 * How much of what a test may draw it draws. {@code mvn verify} draws a part that has each kind,
 * {@code mvn -Pslow verify} and an IDE draw all of it: they have more lives, which is what tells
 * them apart.
 */
public final class Breadth {
  private static final boolean IS_WHOLE = Integer.getInteger("life.count", 2_000) >= 400;

  private Breadth() {}

  /** The number of what is drawn. */
  public static int of(int part, int whole) {
    return IS_WHOLE ? whole : part;
  }
}
