package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the API's clock with this machine's, and says which of them is doubted where they differ
 * by more than a day for a minute. Runs on the loop.
 */
final class ClockComparison {
  private static final Logger LOG = LoggerFactory.getLogger(ClockComparison.class);

  /** No clock that somebody has set, in whatever zone, is so far off. */
  private static final Duration FAR = Duration.ofDays(1);

  /** One odd response among others is nobody's business. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final long HOURS_SHOWN = 48;

  private final EventLoop loop;
  private @Nullable Duration farSince;
  private boolean hasWarned;
  private boolean hasEnded;

  ClockComparison(EventLoop loop) {
    this.loop = loop;
  }

  /** Whether a date is more than a day ahead of this machine's clock. */
  boolean isFarAhead(Instant date) {
    return Duration.between(loop.wallClock(), date).compareTo(FAR) > 0;
  }

  /** Whether a date is more than a day behind this machine's clock. */
  boolean isFarBehind(Instant date) {
    return Duration.between(date, loop.wallClock()).compareTo(FAR) > 0;
  }

  /**
   * Notes the date of a response.
   *
   * @param isFollowed whether the connector goes by that date, and not by this machine's clock
   */
  void note(Instant date, boolean isFollowed) {
    Duration ahead = Duration.between(loop.wallClock(), date);
    if (ahead.abs().compareTo(FAR) <= 0) {
      farSince = null;
      logEnd();
      return;
    }
    Duration since = farSince == null ? loop.uptime() : farSince;
    farSince = since;
    if (!hasWarned && loop.uptime().minus(since).compareTo(PATIENCE) >= 0) {
      hasWarned = true;
      warn(date, ahead, isFollowed);
    }
  }

  private void warn(Instant date, Duration ahead, boolean isFollowed) {
    String difference = span(ahead.abs()) + (ahead.isNegative() ? " behind" : " ahead of");
    Instant machine = loop.wallClock().truncatedTo(ChronoUnit.SECONDS);
    if (isFollowed) {
      LOG.warn(
          "The Date header of the API's responses is {} the worker's clock: it says {} at {}. The"
              + " connector doubts the worker's clock and goes by the header. Have the worker's"
              + " clock set (NTP); if it is right, have the API's set.",
          difference,
          date,
          machine);
    } else {
      LOG.warn(
          "The Date header of the API's responses is {} the worker's clock: it says {} at {}. The"
              + " connector doubts the API's clock and goes by the worker's: by the header, nothing"
              + " expires or is settled. Have the API's clock set; if it is right, set the worker's"
              + " (NTP).",
          difference,
          date,
          machine);
    }
  }

  private void logEnd() {
    if (hasWarned && !hasEnded) {
      hasEnded = true;
      LOG.info("The API's clock and the worker's agree again, within a day.");
    }
  }

  private static String span(Duration difference) {
    long hours = Math.round(difference.toSeconds() / 3_600.0);
    return hours < HOURS_SHOWN ? hours + " hours" : Math.round(hours / 24.0) + " days";
  }
}
