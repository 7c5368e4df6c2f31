package io.callrecords.cli.status;

import io.callrecords.connect.split.TimeRange;

/**
 * How many calls were emitted of a range.
 *
 * @param range the range
 * @param calls how many
 */
record WindowCalls(TimeRange range, long calls) {}
