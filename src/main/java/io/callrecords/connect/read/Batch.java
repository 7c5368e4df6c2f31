package io.callrecords.connect.read;

import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Records of one window that are ready to be sent, in order.
 *
 * @param split the split that they belong to
 * @param records the records, never none
 * @param offsets the split's offset once the record with that index has been sent; any thread may
 *     ask for it
 */
public record Batch(Split split, List<FeedRecord> records, IntFunction<SplitOffset> offsets) {}
