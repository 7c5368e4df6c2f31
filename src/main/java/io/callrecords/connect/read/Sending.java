package io.callrecords.connect.read;

import io.callrecords.connect.feed.FeedRecord;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.Tally;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a reading has yet to be sent, and what was sent of its window when only some of it has
 * been.
 *
 * @param window the window
 * @param known what had been sent of it before
 * @param before what was special about that
 * @param unsent what has yet to be sent, in order
 */
record Sending(TimeRange window, IdSet known, Tally before, List<Unsent> unsent) {
  /** A record that has yet to be sent, and why. */
  record Unsent(FeedRecord record, Reason reason, int print) {}

  /** Why a record is sent. */
  enum Reason {
    /** Its window is read for the first time. */
    NEW(Tally.NONE),
    /** A later look has found it. */
    LATE(new Tally(1, 0)),
    /** It was sent, but has changed since. */
    CHANGED(new Tally(0, 1));

    private final Tally counts;

    Reason(Tally counts) {
      this.counts = counts;
    }
  }

  /** What was special about what was sent of the window once the first so many have been sent. */
  Tally tally(int sent) {
    return unsent.subList(0, sent).stream()
        .map(one -> one.reason().counts)
        .reduce(before, Tally::plus);
  }

  /** What was sent of the window once the first so many have been sent. */
  IdSet ids(int sent) {
    Map<String, Integer> ids = new HashMap<>();
    known.forEach(ids::put);
    unsent.subList(0, sent).forEach(one -> ids.put(one.record().id(), one.print()));
    return IdSet.of(ids);
  }

  /**
   * The split's offset once the first so many have been sent.
   *
   * @param base its offset without this window
   */
  SplitOffset partial(SplitOffset base, int sent) {
    WindowOffset started =
        new WindowOffset(window, State.PARTIAL, WindowOffset.UNKNOWN, tally(sent), ids(sent));
    List<WindowOffset> windows = new ArrayList<>(base.windows());
    int at = 0;
    while (at < windows.size() && windows.get(at).range().from().isBefore(window.from())) {
      at++;
    }
    windows.add(at, started);
    return new SplitOffset(base.start(), base.settled(), windows);
  }
}
