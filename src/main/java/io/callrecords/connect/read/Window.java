package io.callrecords.connect.read;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;

/**
 * A window of a split as the reader knows it.
 *
 * @param offset what its offset says
 * @param lookedAt when the API was last seen to hold no more than was sent, by the server's clock
 */
record Window(WindowOffset offset, Instant lookedAt) {
  /** A window that is not looked at again; its ids need not be known any more. */
  static Window settled(TimeRange range, Instant lookedAt) {
    return new Window(
        new WindowOffset(range, State.SETTLED, WindowOffset.UNKNOWN, IdSet.EMPTY), lookedAt);
  }

  /** The same window as if only those of its records had been sent that were. */
  Window reopened() {
    return new Window(
        new WindowOffset(range(), State.PARTIAL, WindowOffset.UNKNOWN, offset.ids()), lookedAt);
  }

  TimeRange range() {
    return offset.range();
  }

  boolean is(State state) {
    return offset.state() == state;
  }

  /** The same window with another range, and what that holds. */
  Window with(TimeRange range, long total, IdSet ids) {
    return new Window(new WindowOffset(range, offset.state(), total, ids), lookedAt);
  }
}
