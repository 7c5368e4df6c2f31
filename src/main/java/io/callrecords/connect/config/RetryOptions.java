package io.callrecords.connect.config;

import java.time.Duration;

/**
 * How patiently transient faults are retried.
 *
 * @param backoff the upper bound of the first wait
 * @param maxBackoff the upper bound of any wait
 */
public record RetryOptions(Duration backoff, Duration maxBackoff) {}
