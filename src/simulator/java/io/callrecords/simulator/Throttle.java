package io.callrecords.simulator;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts requests against a rate limit: a bucket that holds one second's worth, or just one. */
final class Throttle {
  /** What a sum of doubles may lack of a whole token. */
  private static final double ROUNDING = 1e-9;

  private final double perSecond;
  private final double capacity;
  private double tokens;
  private @Nullable Instant last;

  Throttle(RateLimit limit) {
    perSecond = limit.perSecond();
    capacity = limit.burst() ? Math.max(1, perSecond) : 1;
    tokens = capacity;
  }

  synchronized boolean admits(Instant now) {
    if (last != null && now.isAfter(last)) {
      tokens += Duration.between(last, now).toNanos() / 1e9 * perSecond;
    }
    last = now;
    tokens = Math.min(tokens, capacity);
    if (tokens < 1 - ROUNDING) {
      return false;
    }
    tokens--;
    return true;
  }
}
