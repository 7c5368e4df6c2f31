package io.callrecords.connect.read;

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
  TimeRange range() {
    return offset.range();
  }

  boolean is(State state) {
    return offset.state() == state;
  }
}
