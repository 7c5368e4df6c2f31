package io.callrecords.connect.state;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says when what a task emits was read: by the API's clock, and each time later than before, so
 * that of two versions of a call the newer one has the later time.
 *
 * <p>Another task, which emits a later version, may know the API's clock a little differently. A
 * task begins ahead of its clock by more than two such clocks are apart, and by less than a task
 * takes to be replaced and to find a change.
 */
public final class VersionClock {
  /** Each of two tasks knows the API's clock to two seconds. */
  private static final Duration LEAD = Duration.ofSeconds(5);

  private @Nullable Instant last;

  /**
   * The time of what is emitted next, in milliseconds.
   *
   * @param requestedAt the API's time when it was requested
   */
  Instant next(Instant requestedAt) {
    Instant milli = requestedAt.truncatedTo(ChronoUnit.MILLIS);
    Instant earliest = last == null ? milli.plus(LEAD) : last.plusMillis(1);
    Instant next = milli.isBefore(earliest) ? earliest : milli;
    last = next;
    return next;
  }
}
