package io.callrecords.connect;

import java.util.Random;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Seeds of what repeated tests draw. A build draws the same as the one before it, so that it turns
 * red for a change alone; with {@code -Dtest.seed=random}, as the slow tests, it draws anew, and
 * with {@code -Dtest.seed=N} the first repetition has the seed N.
 */
public final class Seeds {
  private static final String FIRST = System.getProperty("test.seed", "1");
  private static final long first =
      FIRST.equals("random") ? new Random().nextLong() : Long.parseLong(FIRST);

  private Seeds() {}

  /** The seed of a repetition: one after the other. */
  public static long of(RepetitionInfo repetition) {
    return first + repetition.getCurrentRepetition() - 1;
  }
}
