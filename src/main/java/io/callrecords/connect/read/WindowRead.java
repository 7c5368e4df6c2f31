package io.callrecords.connect.read;

import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.List;

/**
 * What reading a window came to.
 *
 * @param range the window
 * @param records its records, each id once, in the order in which they are sent
 * @param total what the API reported for exactly this window
 * @param askedAt the server's time when the reading began: what was visible then is among the
 *     records
 * @param verified whether the API's answers add up; if not, the records are all that it ever showed
 */
record WindowRead(
    TimeRange range, List<FeedRecord> records, long total, Instant askedAt, boolean verified) {}
