package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * What of a reading has yet to be sent, and what was sent of its window when only some of it has
 * been.
 *
 * @param window the window
 * @param known what had been sent of it before
 * @param before what was special about that
 * @param shown the rows that the API shows
 * @param prints the fingerprints of their versions, by id, where versions count
 * @param unsent what has yet to be sent, in order
 * @param skipped how many rows were met for the first time that are left out
 */
public record WindowDelta(
    TimeRange window,
    IdSet known,
    LateCounts before,
    List<Row> shown,
    Map<String, Integer> prints,
    List<Unsent> unsent,
    int skipped) {
  /**
   * Compares a reading with what was sent.
   *
   * @param taken what had been sent of its window
   * @param elsewhere what was sent of other windows
   * @param options whether records that have changed are sent again, and what a malformed one does
   * @throws DataException when a malformed one is to stop the task
   */
  static WindowDelta of(
      WindowSnapshot read,
      SplitWindows.Taken taken,
      EmittedIdIndex elsewhere,
      ReadOptions options) {
    Map<String, Integer> prints = new HashMap<>();
    List<Unsent> unsent = new ArrayList<>(read.records().size());
    int skipped = 0;
    for (Row row : read.records()) {
      int print = IdSet.UNKNOWN;
      if (options.updates()) {
        print = row.fingerprint();
        prints.put(row.id(), print);
      }
      Reason reason = reason(row, print, taken, elsewhere);
      if (reason != null && row instanceof MalformedRecord malformed) {
        switch (options.malformed()) {
          case FAIL -> throw refusal(malformed, read.range());
          case SKIP -> skipped++;
          case TOPIC -> unsent.add(new Unsent(row, Reason.MALFORMED, print));
        }
      } else if (reason != null) {
        unsent.add(new Unsent(row, reason, print));
      }
    }
    return new WindowDelta(
        read.range(), taken.ids(), taken.tally(), read.records(), prints, unsent, skipped);
  }

  private static DataException refusal(MalformedRecord malformed, TimeRange window) {
    return new DataException(
        malformed.reason()
            + ". The API shows it for "
            + window
            + ". Have the platform put it right, or set malformed.records to topic, which puts such"
            + " records aside, or to skip");
  }

  /** Why a record has to be sent, or null when it need not. */
  private static @Nullable Reason reason(
      Row row, int print, SplitWindows.Taken taken, EmittedIdIndex elsewhere) {
    String id = row.id();
    Window other = elsewhere.windowOf(id);
    IdSet holder = taken.ids();
    if (!holder.contains(id)) {
      if (other == null) {
        return taken.wasRead(row.time()) ? Reason.LATE : Reason.NEW;
      }
      holder = other.offset().ids();
    }
    int sent = holder.print(id);
    boolean comparable = sent != IdSet.UNKNOWN && print != IdSet.UNKNOWN;
    return comparable && sent != print ? Reason.CHANGED : null;
  }

  /** A row that has yet to be sent, and why. */
  record Unsent(Row row, Reason reason, int print) {}

  /** Why a record is sent. */
  enum Reason {
    /** Its window is read for the first time. */
    NEW(LateCounts.NONE),
    /** A later look has found it. */
    LATE(new LateCounts(1, 0)),
    /** It was sent, but has changed since. */
    CHANGED(new LateCounts(0, 1)),
    /** It cannot be converted, and was not met before. */
    MALFORMED(LateCounts.NONE);

    private final LateCounts counts;

    Reason(LateCounts counts) {
      this.counts = counts;
    }

    private boolean isUsual() {
      return this == NEW || this == MALFORMED;
    }
  }

  /** What was special about what was sent of the window once the first so many have been sent. */
  LateCounts tally(int sent) {
    LateCounts tally = before;
    for (Unsent one : unsent.subList(0, sent)) {
      tally = one.reason().isUsual() ? tally : tally.plus(one.reason().counts);
    }
    return tally;
  }

  /** What was sent of the window once all has been sent. */
  IdSet allIds() {
    return known.plus(
        prints.isEmpty() ? IdSet.of(shown.stream().map(Row::id).toList()) : IdSet.of(prints));
  }

  /** What was sent of the window once the first so many have been sent. */
  IdSet ids(int sent) {
    Map<String, Integer> ids = new HashMap<>();
    unsent.subList(0, sent).forEach(one -> ids.put(one.row().id(), one.print()));
    return known.plus(IdSet.of(ids));
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
    return new SplitOffset(
        base.start(), base.settled(), windows, base.settledDays(), base.openedAt());
  }
}
