package io.callrecords.connect.config;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is read and when it is looked at again.
 *
 * @param start where the range begins
 * @param end where the range ends, exclusively; null follows for ever
 * @param retention how far back the API answers
 * @param pollInterval how often the live edge is asked
 * @param lateArrival how long after its time a record may still appear
 * @param updates whether a record whose content changed is sent again
 * @param audits whether the settling of a window is recorded
 * @param malformed what a record that cannot be converted does
 */
public record ReadOptions(
    Instant start,
    @Nullable Instant end,
    Duration retention,
    Duration pollInterval,
    Duration lateArrival,
    boolean updates,
    boolean audits,
    MalformedPolicy malformed) {}
