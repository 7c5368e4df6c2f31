package io.callrecords.cli.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The moments that tell what a part of the range is of which no offset says anything.
 *
 * @param start where the range begins
 * @param end where it ends; null when it does not
 * @param now the present
 * @param keptSince the oldest moment that the API still answers for
 * @param frontier the last moment that any offset says was read; null when none does. What follows
 *     it is quiet, if the connector runs
 * @param readUpTo up to here all is read, as the metrics say; null when that is not known
 */
record CalendarTimes(
    Instant start,
    @Nullable Instant end,
    Instant now,
    Instant keptSince,
    @Nullable Instant frontier,
    @Nullable Instant readUpTo) {}
