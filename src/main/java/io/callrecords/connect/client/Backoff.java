package io.callrecords.connect.client;

import io.callrecords.connect.config.RetryOptions;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** Exponential backoff with full jitter: a wait between zero and a bound that doubles. */
final class Backoff {
  private static final int MAX_DOUBLINGS = 30;

  private final RetryOptions options;
  private final RandomGenerator random;

  Backoff(RetryOptions options, RandomGenerator random) {
    this.options = options;
    this.random = random;
  }

  /**
   * How long to wait.
   *
   * @param failures how often the request has failed in a row, from 1
   */
  Duration delay(int failures) {
    return delay(failures, options.maxBackoff());
  }

  /**
   * How long to wait at most for a time, instead of the maximum of the settings.
   *
   * @param failures how often the request has failed in a row, from 1
   */
  Duration delay(int failures, Duration limit) {
    long factor = 1L << Math.min(failures - 1, MAX_DOUBLINGS);
    long most = Math.min(limit.toMillis(), options.maxBackoff().toMillis());
    long bound = Math.min(most, options.backoff().toMillis() * factor);
    return Duration.ofMillis(random.nextLong(bound + 1));
  }
}
