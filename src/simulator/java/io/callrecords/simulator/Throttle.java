package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts requests against a rate limit: a bucket that holds one second's worth. */
final class Throttle {
  private final double perSecond;
  private final double capacity;
  private double tokens;
  private @Nullable Instant last;

  Throttle(double perSecond) {
    this.perSecond = perSecond;
    capacity = Math.max(1, perSecond);
    tokens = capacity;
  }

  synchronized boolean admits(Instant now) {
    if (last != null && now.isAfter(last)) {
      tokens += Duration.between(last, now).toNanos() / 1e9 * perSecond;
    }
    last = now;
    tokens = Math.min(tokens, capacity);
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
