package io.callrecords.connect.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How transient faults are retried.
 *
 * @param backoff upper bound of the first wait
 * @param maxBackoff upper bound of any wait
 * @param timeout how long a request is retried after its first fault, or null for no limit
 */
public record RetryOptions(Duration backoff, Duration maxBackoff, @Nullable Duration timeout) {}
