package io.callrecords.cli.status;

import io.callrecords.connect.split.TimeRange;

/**
 * A part of a day that is all in one state.
 *
 * @param range its seconds
 * @param state how far it is
 */
public record CalendarPart(TimeRange range, CalendarState state) {}
