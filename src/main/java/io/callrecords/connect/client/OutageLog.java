package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once when requests are in trouble, and once when they have been out of it for a while,
 * however many there are and however often each is tried. Runs on the loop.
 */
final class OutageLog {
  private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);

  /** An API that fails now and then is in one trouble, not in many. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  private final EventLoop loop;
  private final RequestCounts counts;
  private boolean isSaid;
  private Duration since = Duration.ZERO;
  private Duration quietSince = Duration.ZERO;
  private int inTrouble;

  OutageLog(EventLoop loop, RequestCounts counts) {
    this.loop = loop;
    this.counts = counts;
  }

  /**
   * A request has come into trouble.
   *
   * @param wait how long it waits now
   */
  void begin(ApiResult.Fault fault, Duration wait) {
    inTrouble++;
    if (!isSaid) {
      isSaid = true;
      since = loop.uptime();
      counts.trouble(since);
      LOG.warn(
          "The API does not answer as it should: {}. Trying on until it does; the next time in {}"
              + " s.",
          fault.what(),
          wait.toSeconds());
    }
  }

  /** A request has come out of trouble, one way or another. */
  void end() {
    inTrouble--;
    quietSince = loop.uptime();
    if (inTrouble == 0) {
      loop.schedule(QUIET, this::endIfQuiet);
    }
  }

  private void endIfQuiet() {
    boolean isQuiet = loop.uptime().minus(quietSince).compareTo(QUIET) >= 0;
    if (isSaid && inTrouble == 0 && isQuiet) {
      isSaid = false;
      counts.trouble(null);
      LOG.info("The API answers again, after {} s.", quietSince.minus(since).toSeconds());
    }
  }
}
