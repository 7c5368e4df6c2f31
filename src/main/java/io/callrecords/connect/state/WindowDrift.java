package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;

/**
 * A settled window for which the API returns more than it did when the window was settled: its ids
 * are forgotten, so that nobody can tell the new rows from those that were emitted.
 *
 * @param window its range
 * @param before how many rows the API had returned for it
 * @param now how many it returns now
 */
public record WindowDrift(TimeRange window, long before, long now) {}
