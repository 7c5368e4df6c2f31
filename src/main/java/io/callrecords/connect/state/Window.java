package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A window of a split as the reader knows it.
 *
 * @param offset what its offset says
 * @param recheckedAt when the API was last seen to hold no more than was sent, by the server's
 *     clock
 * @param readAt when it was last read whole, by the server's clock
 */
public record Window(WindowOffset offset, Instant recheckedAt, Instant readAt) {
  /** A window that is not looked at again; its ids need not be known any more. */
  static Window settled(TimeRange range) {
    return new Window(
        new WindowOffset(range, State.SETTLED, WindowOffset.UNKNOWN, LateCounts.NONE, IdSet.EMPTY),
        range.to(),
        range.to());
  }

  /** A stored window: when it was looked at is not known, so it is as if it never was. */
  static Window stored(WindowOffset offset) {
    return new Window(offset, offset.range().to(), offset.range().to());
  }

  public TimeRange range() {
    return offset.range();
  }

  boolean is(State state) {
    return offset.state() == state;
  }

  /** The same window as if only those of its records had been sent that were. */
  Window reopened() {
    return with(State.PARTIAL, range(), offset.tally(), offset.ids());
  }

  /** The same window after a look that found nothing new. */
  Window recheckedAt(Instant now) {
    return new Window(offset, now, readAt);
  }

  /** The same window with another range, and what that holds. */
  Window with(TimeRange range, LateCounts tally, IdSet ids) {
    return with(offset.state(), range, tally, ids);
  }

  /** The same window without some of its ids. */
  Window without(Set<String> ids) {
    Map<String, Integer> rest = new HashMap<>();
    offset.ids().forEach(rest::put);
    rest.keySet().removeAll(ids);
    return with(range(), offset.tally(), IdSet.of(rest));
  }

  private Window with(State state, TimeRange range, LateCounts tally, IdSet ids) {
    return new Window(
        new WindowOffset(range, state, WindowOffset.UNKNOWN, tally, ids), recheckedAt, readAt);
  }

  /** This window and the one behind it as one. */
  Window and(Window next, IdSet bothIds) {
    Window joined =
        with(
            new TimeRange(range().from(), next.range().to()),
            offset.tally().plus(next.offset.tally()),
            bothIds);
    return new Window(
        joined.offset, earlier(recheckedAt, next.recheckedAt), earlier(readAt, next.readAt));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
