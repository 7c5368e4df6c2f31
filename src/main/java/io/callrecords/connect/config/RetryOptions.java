package io.callrecords.connect.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How patiently transient faults are retried.
 *
 * @param backoff the upper bound of the first wait
 * @param maxBackoff the upper bound of any wait
 * @param timeout how long a request is tried again after its first fault, or null for ever
 */
public record RetryOptions(Duration backoff, Duration maxBackoff, @Nullable Duration timeout) {}
