package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Notices the end of an outage soon: one request of the live edge is tried every few seconds, and
 * with the first page all others are tried again that have waited since before. Runs on the loop.
 */
final class OutageProbe {
  /** New calls arrive within a poll interval and five seconds of the end of an outage. */
  static final Duration MAX_WAIT = Duration.ofSeconds(3);

  /** Faults of a request or of its response, which say nothing about others. */
  private static final Set<TransientFault> OWN =
      EnumSet.of(
          TransientFault.MALFORMED_RESPONSE,
          TransientFault.TOO_LARGE,
          TransientFault.CONTRADICTORY_RESPONSE,
          TransientFault.OUT_OF_RANGE,
          TransientFault.EXPIRED,
          TransientFault.UNEXPECTED_REFUSAL,
          TransientFault.TOO_MANY_REQUESTS);

  private final EventLoop loop;
  private final Backoff backoff;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private Duration nextProbeAt = Duration.ZERO;
  private long pages;

  OutageProbe(EventLoop loop, Backoff backoff) {
    this.loop = loop;
    this.backoff = backoff;
  }

  /**
   * Whether a fault is one of the API or the way to it, so that it ends for all requests at once.
   */
  static boolean mayEndForAll(TransientFault fault) {
    return !OWN.contains(fault);
  }

  /** How many pages there were so far. */
  long pages() {
    return pages;
  }

  /**
   * How long a request waits for its next attempt.
   *
   * @param failures how often the request has failed in a row, from 1
   */
  Duration delay(TransientFault fault, Priority priority, int failures) {
    Duration usual = backoff.delay(failures);
    Duration now = loop.uptime();
    boolean isProbe =
        priority == Priority.LIVE && mayEndForAll(fault) && nextProbeAt.compareTo(now) <= 0;
    if (!isProbe) {
      return usual;
    }
    Duration delay = usual.compareTo(MAX_WAIT) <= 0 ? usual : backoff.delay(failures, MAX_WAIT);
    nextProbeAt = now.plus(delay);
    return delay;
  }

  /** Has a request that waits try again with the next page, if it has not done so before. */
  void add(Runnable attempt) {
    waiting.add(attempt);
  }

  /** Records a page: the API responds. */
  void accept() {
    pages++;
    List<Runnable> all = List.copyOf(waiting);
    waiting.clear();
    // In steps of their own: each may start a request.
    all.forEach(loop::execute);
  }
}
