package io.callrecords.connect.client;

import io.callrecords.connect.feed.FeedRecord;
import java.time.Instant;
import java.util.List;

/**
 * One page of an answer.
 *
 * @param total how many records the whole query has, counted for this answer
 * @param records the page's records
 * @param askedAt the server's time when the request was sent: what was visible then is counted
 */
public record Page(long total, List<FeedRecord> records, Instant askedAt) {}
