package io.callrecords.connect.client;

import io.callrecords.connect.feed.Row;
import java.time.Instant;
import java.util.List;

/**
 * One page of an answer.
 *
 * @param total how many records the whole query has, counted for this answer
 * @param rows the page's rows
 * @param bare whether the answer had no data at all, which may be the API's way to say that there
 *     is nothing, or a fault of its own
 * @param requestedAt the server's time when the request was sent: what was visible then is counted
 */
public record Page(long total, List<Row> rows, boolean bare, Instant requestedAt) {}
