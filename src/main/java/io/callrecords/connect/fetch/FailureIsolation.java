package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.util.Collection;
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

  /** Where so many ranges fail, none of them is cut: a whole month may be out of reach. */
  private static final int MAX_STUCK = 32;

  /** Each is requested for ever, and so many take little of the requests. */
  private static final int MAX_STUCK_SECONDS = 256;

  private static final Duration WARN_INTERVAL = Duration.ofMinutes(10);

  private final EventLoop loop;
  private final Priority priority;
  private @Nullable Duration warnedAt;

  FailureIsolation(EventLoop loop, Priority priority) {
    this.loop = loop;
    this.priority = priority;
  }

  /**
   * Decides on a range that the API goes on failing to return.
   *
   * @param all the ranges of its queue
   * @return whether it is cut, or ends as it is; else it is requested until it is returned
   */
  boolean isolates(RangeFetch fetch, Collection<RangeFetch> all) {
    if (priority == Priority.LIVE) {
      // It ends as a part of the backlog at the latest, and what is read of it is read in order.
      return false;
    }
    if (fetch.phase().isFinal() || !fetch.reads()) {
      return true;
    }
    long stuck = all.stream().filter(RangeFetch::isStuck).count();
    long seconds =
        all.stream().filter(other -> other.isStuck() && other.range().seconds() == 1).count();
    // Where its first page has come, not all of it is out of reach.
    boolean isReading = fetch.phase() == FetchPhase.READING;
    return isolates(fetch.range(), isReading ? 0 : stuck - seconds, seconds);
  }

  /**
   * The same of a range that is read.
   *
   * @param stuck how many ranges of more than a second the API goes on failing to return
   * @param seconds how many of a second
   */
  boolean isolates(TimeRange range, long stuck, long seconds) {
    if (range.seconds() > 1 && stuck <= MAX_STUCK && seconds <= MAX_STUCK_SECONDS) {
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
