package io.callrecords.connect.loop;

import org.jspecify.annotations.Nullable;

/** Closes several things, each whatever becomes of the others. */
public final class Closer {
  private Closer() {}

  /**
   * Closes all that are given, in that order.
   *
   * @param parts what to close; null stands for a part that was never opened
   * @throws RuntimeException the first failure, with the later ones suppressed; a checked exception
   *     is wrapped
   */
  public static void closeAll(@Nullable AutoCloseable... parts) {
    Throwable first = null;
    for (AutoCloseable part : parts) {
      try {
        if (part != null) {
          part.close();
        }
      } catch (Throwable e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException failure) {
      throw failure;
    }
    if (first != null) {
      throw new IllegalStateException("Closing has failed", first);
    }
  }
}
