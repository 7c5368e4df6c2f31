package io.callrecords.connect.fetch;

import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Narrows down what the API fails to return while it answers other requests: one record that a
 * backend cannot read or write makes each page fail that it would be on. Such a range is cut, over
 * and over, until all is read but the second that fails and those beside it, since each query
 * covers a second more on both sides; they are requested until they are returned. Runs on the loop.
 */
final class FailureIsolation {
  private static final Logger LOG = LoggerFactory.getLogger(FailureIsolation.class);

  /** Where more than a few ranges fail, none of them is cut: a whole month may be out of reach. */
  private static final int MAX_LATE = 8;

  private static final Duration WARN_INTERVAL = Duration.ofMinutes(10);

  private final EventLoop loop;
  private @Nullable Duration warnedAt;

  FailureIsolation(EventLoop loop) {
    this.loop = loop;
  }

  /**
   * Decides on a range that the API goes on failing to return.
   *
   * @param late how many ranges have been requested for long
   * @return whether it is cut; else it is requested again, and a WARN says so now and then
   */
  boolean isolates(TimeRange range, long late) {
    if (range.seconds() > 1 && late <= MAX_LATE) {
      return true;
    }
    Duration now = loop.uptime();
    if (warnedAt == null || now.minus(warnedAt).compareTo(WARN_INTERVAL) >= 0) {
      warnedAt = now;
      LOG.warn(
          "The API goes on failing to return the records of {} (with a second more on both sides),"
              + " while it answers other requests. The connector requests them until it gets them,"
              + " and emits all others. Ask who runs the API, and name that time.",
          range);
    }
    return false;
  }
}
