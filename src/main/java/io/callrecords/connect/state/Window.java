package io.callrecords.connect.state;

import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowLimits;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A window of a split, with the times that decide when it is rechecked.
 *
 * @param offset what the split's offset says of it
 * @param recheckedAt when the API was last seen to hold no more than was emitted, in server time
 * @param readAt when it was last read whole, in server time
 */
public record Window(WindowOffset offset, Instant recheckedAt, Instant readAt) {
  /** A window that is not rechecked; its ids need not be known any more. */
  static Window settled(TimeRange range) {
    return stored(
        new WindowOffset(range, State.SETTLED, WindowOffset.UNKNOWN, LateCounts.NONE, IdSet.EMPTY));
  }

  /** A window of which some ids were emitted, and that has to be read. */
  static Window partial(TimeRange range, IdSet ids) {
    return stored(
        new WindowOffset(range, State.PARTIAL, WindowOffset.UNKNOWN, LateCounts.NONE, ids));
  }

  /** A stored window: nobody knows when it was rechecked, so it counts as never rechecked. */
  static Window stored(WindowOffset offset) {
    return new Window(offset, offset.range().to(), offset.range().to());
  }

  /** A window that was read whole by a request at the given server time. */
  static Window read(WindowOffset offset, Instant requestedAt) {
    return new Window(offset, requestedAt, requestedAt);
  }

  /**
   * A window that has just been read, and may still gain records.
   *
   * @param delta what has become of its rows
   * @param isWhole whether the total that the API reported is that of just this window
   */
  static Window read(WindowSnapshot snapshot, WindowDelta delta, boolean isWhole) {
    long total = isWhole && snapshot.counted() ? snapshot.total() : WindowOffset.UNKNOWN;
    return read(
        new WindowOffset(
            snapshot.range(),
            State.READ,
            total,
            delta.history().unattributed(),
            delta.idsAfterAll()),
        snapshot.requestedAt());
  }

  /** The time that it covers. */
  public TimeRange range() {
    return offset.range();
  }

  /** The ids that were emitted of it. */
  IdSet ids() {
    return offset.ids();
  }

  /** Whether only some of its records were emitted, so that it has to be read again. */
  boolean isPartial() {
    return offset.state() == State.PARTIAL;
  }

  /** Whether it was read whole and may still gain records. */
  boolean isUnsettled() {
    return offset.state() == State.READ;
  }

  /** Whether it is not rechecked any more. */
  boolean isSettled() {
    return offset.state() == State.SETTLED;
  }

  /** This window as one that has to be read again; what was emitted of it stays known. */
  Window reopened() {
    return with(State.PARTIAL, range(), offset.unattributed(), ids());
  }

  /** This window after a recheck that found nothing new. */
  Window recheckedAt(Instant now) {
    return new Window(offset, now, readAt);
  }

  /** This window with another range, and the ids and unattributed counts of that. */
  Window with(TimeRange range, LateCounts unattributed, IdSet ids) {
    return with(offset.state(), range, unattributed, ids);
  }

  /** This window without some of its ids. */
  Window withoutIds(Set<String> removed) {
    Map<String, Long> remaining = new HashMap<>();
    ids().forEachMark(remaining::put);
    remaining.keySet().removeAll(removed);
    return with(range(), offset.unattributed(), IdSet.ofMarks(remaining));
  }

  private Window with(State state, TimeRange range, LateCounts lateCounts, IdSet ids) {
    return new Window(
        new WindowOffset(range, state, WindowOffset.UNKNOWN, lateCounts, ids), recheckedAt, readAt);
  }

  /**
   * Whether this window and the one right after it may become one: both may still gain records, and
   * together they are small for their age.
   */
  boolean mayMergeWith(Window next, Instant now, WindowLimits limits) {
    TimeRange both = new TimeRange(range().from(), next.range().to());
    int count = ids().size() + next.ids().size();
    long age = now.getEpochSecond() - both.to().getEpochSecond();
    return isUnsettled()
        && next.isUnsettled()
        && limits.mayGrowTo(both)
        && (limits.isSmall(count) || (count <= limits.maxRecords() && both.seconds() <= age));
  }

  /** This window and the one right after it as one. */
  Window mergedWith(Window next) {
    Window merged =
        with(
            new TimeRange(range().from(), next.range().to()),
            offset.unattributed().plus(next.offset.unattributed()),
            ids().plus(next.ids()));
    return new Window(
        merged.offset, earlier(recheckedAt, next.recheckedAt), earlier(readAt, next.readAt));
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }
}
