package io.callrecords.connect.config;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is read, and how it is followed and rechecked.
 *
 * @param start start of the range
 * @param end exclusive end of the range, or null to follow new calls forever
 * @param retention how far back the API returns records
 * @param pollInterval how often the live edge is requested
 * @param lateArrival how long after its time a record may still appear
 * @param updates whether a record is emitted again when its content has changed
 * @param audits whether each settled window gets an audit record
 * @param malformed what to do with a record that cannot be converted
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
