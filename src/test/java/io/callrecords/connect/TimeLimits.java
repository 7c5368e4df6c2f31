package io.callrecords.connect;

import java.time.Duration;

/** How long tests wait. None of it is a promise: a busy machine may take all of it. */
public final class TimeLimits {
  /** Ends the wait for a condition that would never hold. */
  public static final Duration LONG = Duration.ofMinutes(2);

  /** The longest timeout of the connector: who waits for it runs out of {@link #LONG} first. */
  public static final Duration NEVER = Duration.ofMinutes(10);

  private TimeLimits() {}
}
