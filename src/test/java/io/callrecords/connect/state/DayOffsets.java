package io.callrecords.connect.state;

import io.callrecords.connect.offset.SplitOffset;

/** The offsets of days that the items of batches carry. */
public final class DayOffsets {
  private DayOffsets() {}

  /** The offset of the item with an index, which has to be that of a day. */
  public static SplitOffset at(Batch batch, int index) {
    return batch
        .offsets()
        .apply(index)
        .match(
            day -> day.offset().get(),
            segment -> {
              throw new AssertionError("The item carries the offset of a segment.");
            });
  }
}
