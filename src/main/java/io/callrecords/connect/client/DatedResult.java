package io.callrecords.connect.client;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of one attempt and the time of day that came with it.
 *
 * @param date the {@code Date} header of the API itself; null where there is none, and for the
 *     response of a gateway, which may come from anywhere
 */
record DatedResult(ApiResult result, @Nullable Instant date) {}
