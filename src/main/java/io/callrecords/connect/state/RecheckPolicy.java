package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import java.time.Duration;
import java.time.Instant;

/**
 * Decides when a window is rechecked for late records, and when it is settled.
 *
 * <p>A late record has to be found within half its lateness or one poll interval, whichever is
 * longer. If a window's end was {@code a} ago at its last recheck, only records at least that late
 * can have appeared since, so the next recheck may wait for {@code a / 2}. The older a window is,
 * the less often it is rechecked: about twenty times in a day.
 *
 * @param pollInterval how often the live edge is requested
 * @param lateArrival how long after its time a record may appear
 * @param transitions when the clocks of the API's zone are set: where times come twice and the API
 *     does not distinguish them, records appear in a window until its times have come again
 */
public record RecheckPolicy(
    Duration pollInterval, Duration lateArrival, ZoneTransitions transitions) {
  /**
   * How long after a reading that proves nothing the next one comes: an outage that looks like
   * success should be over by then.
   */
  public static final Duration BETWEEN_DOUBTFUL_READS = Duration.ofMinutes(10);

  /** The server's time is known from whole seconds, which took a while to arrive. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  /** Whether a recheck at the given moment has seen all that a window can ever hold. */
  public boolean isSettled(TimeRange window, Instant recheckedAt) {
    return !recheckedAt.isBefore(settlesAt(window));
  }

  private Instant settlesAt(TimeRange window) {
    return end(window).plus(lateArrival).plus(CLOCK_SLACK);
  }

  private Instant end(TimeRange window) {
    return transitions.lastOccurrence(window.to());
  }

  /** Whether neighbouring windows may become one: they are never read by one request else. */
  boolean mayMerge(TimeRange window, TimeRange next) {
    return window.to().equals(next.from()) && !transitions.isBorder(next.from());
  }

  /** Whether a window has to be rechecked now rather than one poll interval later. */
  public boolean isDue(TimeRange window, Instant recheckedAt, Instant now) {
    if (isClockSetBack(recheckedAt, now)) {
      return true;
    }
    Duration halfAge = Duration.between(end(window), recheckedAt).dividedBy(2);
    Instant next = recheckedAt.plus(longer(halfAge, pollInterval));
    Instant last = settlesAt(window);
    if (next.isAfter(last)) {
      return !now.isBefore(last);
    }
    return next.isBefore(now.plus(pollInterval));
  }

  /**
   * Whether a window has to be read whole to find records that have changed: each time its age has
   * doubled.
   *
   * @param readAt when it was last read whole
   */
  public boolean isDueForChanges(TimeRange window, Instant readAt, Instant now) {
    Duration age = Duration.between(end(window), readAt);
    return isClockSetBack(readAt, now)
        || readAt.plus(longer(age, pollInterval)).isBefore(now.plus(pollInterval));
  }

  private static boolean isClockSetBack(Instant seenAt, Instant now) {
    return seenAt.isAfter(now.plus(CLOCK_SLACK));
  }

  private static Duration longer(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
