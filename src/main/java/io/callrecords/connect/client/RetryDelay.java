package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;

/**
 * How long a request waits for its next attempt: as the backoff says, but for one of the live edge,
 * which is tried every few seconds, so that the end of an outage is noticed soon. Runs on the loop.
 */
final class RetryDelay {
  /** New calls arrive within a poll interval and five seconds of the end of an outage. */
  static final Duration MAX_PROBE_DELAY = Duration.ofSeconds(3);

  private final EventLoop loop;
  private final Backoff backoff;
  private Duration nextProbeAt = Duration.ZERO;

  RetryDelay(EventLoop loop, Backoff backoff) {
    this.loop = loop;
    this.backoff = backoff;
  }

  /**
   * How long a request waits.
   *
   * @param failures how often the request has failed in a row, from 1
   */
  Duration delay(TransientFault fault, Priority priority, int failures) {
    Duration usual = backoff.delay(failures);
    Duration now = loop.uptime();
    boolean isProbe =
        priority == Priority.LIVE && fault.mayEndForAll() && nextProbeAt.compareTo(now) <= 0;
    if (!isProbe) {
      return usual;
    }
    Duration delay =
        usual.compareTo(MAX_PROBE_DELAY) <= 0 ? usual : backoff.delay(failures, MAX_PROBE_DELAY);
    nextProbeAt = now.plus(delay);
    return delay;
  }
}
