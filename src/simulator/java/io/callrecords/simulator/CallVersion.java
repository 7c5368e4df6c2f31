package io.callrecords.simulator;

import java.time.Instant;

/**
 * What a call's record says from a moment on.
 *
 * @param from when queries begin to show it
 * @param call the record
 */
public record CallVersion(Instant from, Call call) {}
