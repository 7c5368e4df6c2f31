package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;

/**
 * When a window is looked at again, and when no more.
 *
 * <p>A record that appears late has to be found within half its lateness or one poll interval,
 * whichever is longer. A window that was looked at when its end was {@code a} ago can have gained
 * only records at least that late, so the next look has time for half of {@code a}: the looks at a
 * window become rarer the older it grows, about twenty in a day.
 *
 * @param pollInterval how often the live edge is asked
 * @param lateArrival how long after its time a record may appear
 */
public record RecheckPolicy(Duration pollInterval, Duration lateArrival) {
  /** The server's time is known from whole seconds that were on their way for a while. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(5);

  /** Whether a look at the given moment has seen all that a window can hold. */
  public boolean isSettled(TimeRange window, Instant recheckedAt) {
    return !recheckedAt.isBefore(settlesAt(window));
  }

  private Instant settlesAt(TimeRange window) {
    return window.to().plus(lateArrival).plus(CLOCK_SLACK);
  }

  /** Whether a window is to be looked at now rather than one poll interval later. */
  public boolean isDue(TimeRange window, Instant recheckedAt, Instant now) {
    if (recheckedAt.isAfter(now.plus(CLOCK_SLACK))) {
      // The server's clock was set back.
      return true;
    }
    Duration halfAge = Duration.between(window.to(), recheckedAt).dividedBy(2);
    Duration patience = halfAge.compareTo(pollInterval) > 0 ? halfAge : pollInterval;
    Instant next = recheckedAt.plus(patience);
    Instant last = settlesAt(window);
    if (next.isAfter(last)) {
      return !now.isBefore(last);
    }
    return next.isBefore(now.plus(pollInterval));
  }

  /**
   * Whether a window is to be read whole for the sake of records that have changed: each time its
   * age has doubled.
   */
  public boolean isDueForChanges(TimeRange window, Instant readAt, Instant now) {
    Duration age = Duration.between(window.to(), readAt);
    Duration patience = age.compareTo(pollInterval) > 0 ? age : pollInterval;
    return readAt.isAfter(now.plus(CLOCK_SLACK))
        || readAt.plus(patience).isBefore(now.plus(pollInterval));
  }
}
