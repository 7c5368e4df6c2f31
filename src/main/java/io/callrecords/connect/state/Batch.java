package io.callrecords.connect.state;

import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What is to be sent of one window, in order.
 *
 * @param split the split that it belongs to
 * @param items what to send, never nothing
 * @param offsets the split's offset once the item with that index has been sent; any thread may ask
 *     for it
 */
public record Batch(Split split, List<Item> items, IntFunction<SplitOffset> offsets) {
  /** Something to send. */
  public sealed interface Item {}

  /** A record of the feed. */
  public record Call(FeedRecord record) implements Item {}

  /** A row that cannot be converted. */
  public record Malformed(MalformedRecord record) implements Item {}

  /** The end of a window. */
  public record Audit(WindowAudit audit) implements Item {}
}
