package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdMark;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The difference between what the API returns for a window and what was emitted of it: the rows
 * that have yet to be emitted, and the window's offset after each of them.
 *
 * @param window the window
 * @param history what was known of it before
 * @param rows all rows that the API returns
 * @param marks what is known of each of their ids once all of them are emitted
 * @param pending the rows that have yet to be emitted, in order
 * @param decisions how many rows each decision was made for
 */
record WindowDelta(
    TimeRange window,
    RangeHistory history,
    List<Row> rows,
    Map<String, Long> marks,
    List<Pending> pending,
    Map<Decision, Integer> decisions) {
  private static final Logger LOG = LoggerFactory.getLogger(WindowDelta.class);

  /**
   * A row that has yet to be emitted, and why.
   *
   * @param mark what is known of its id once it is
   */
  record Pending(Row row, Decision decision, long mark) {
    /** Which version of its call it is; what lies before the moment a person has loaded again. */
    RowVersion version(@Nullable Instant replayedTo) {
      return switch (decision) {
        case LATE -> RowVersion.LATE;
        case CHANGED -> RowVersion.UPDATED;
        case KNOWN, NEW, ROUTED, SKIPPED ->
            replayedTo != null && row.time() < replayedTo.getEpochSecond()
                ? RowVersion.REPLAYED
                : RowVersion.FIRST;
      };
    }
  }

  /** What becomes of a row, and why. */
  enum Decision {
    /** It was emitted before, and is left out. */
    KNOWN(false, LateCounts.NONE),
    /** It is emitted: its window is read for the first time. */
    NEW(true, LateCounts.NONE),
    /** It is emitted: a recheck found it after its window had been read whole. */
    LATE(true, new LateCounts(1, 0)),
    /** It is emitted again: it has changed since. */
    CHANGED(true, new LateCounts(0, 1)),
    /** It cannot be converted, and goes to the topic for such rows. */
    ROUTED(true, LateCounts.NONE),
    /** It cannot be converted, and is left out. */
    SKIPPED(false, LateCounts.NONE);

    private final boolean isEmitted;
    private final LateCounts lateCounts;

    Decision(boolean isEmitted, LateCounts lateCounts) {
      this.isEmitted = isEmitted;
      this.lateCounts = lateCounts;
    }
  }

  /**
   * Compares what the API returns for a window with what was emitted.
   *
   * @param history what was emitted of the window itself
   * @param emittedIds what was emitted of other windows
   * @param options whether changed records are emitted again, and what happens to malformed ones
   * @param mayUpdate whether a record that differs has changed; if not, it may have been cut, and
   *     the window is read again
   * @throws DataException when a malformed row has to fail the task
   */
  static WindowDelta of(
      WindowSnapshot snapshot,
      RangeHistory history,
      EmittedIdIndex emittedIds,
      ReadOptions options,
      boolean mayUpdate,
      Invariants invariants) {
    return new Comparison(snapshot, history, emittedIds, options, mayUpdate, invariants).result();
  }

  /** Decides row by row. */
  private static final class Comparison {
    private final WindowSnapshot snapshot;
    private final RangeHistory history;
    private final EmittedIdIndex emittedIds;
    private final ReadOptions options;
    private final boolean mayUpdate;
    private final Invariants invariants;
    private final Map<String, Long> marks;
    private final List<Pending> pending;
    private final Map<Decision, Integer> rowsByDecision = new EnumMap<>(Decision.class);

    Comparison(
        WindowSnapshot snapshot,
        RangeHistory history,
        EmittedIdIndex emittedIds,
        ReadOptions options,
        boolean mayUpdate,
        Invariants invariants) {
      this.snapshot = snapshot;
      this.history = history;
      this.emittedIds = emittedIds;
      this.options = options;
      this.mayUpdate = mayUpdate;
      this.invariants = invariants;
      this.marks = new HashMap<>(snapshot.records().size() * 4 / 3 + 1);
      this.pending = new ArrayList<>(snapshot.records().size());
    }

    WindowDelta result() {
      boolean isTraced = LOG.isTraceEnabled();
      int position = 0;
      for (Row row : snapshot.records()) {
        Decision decision = decide(row);
        position++;
        if (isTraced) {
          LOG.trace(
              "Row {} of {} in {} is {}.",
              position,
              snapshot.records().size(),
              snapshot.range(),
              decision);
        }
      }
      return new WindowDelta(
          snapshot.range(), history, snapshot.records(), marks, pending, rowsByDecision);
    }

    private Decision decide(Row row) {
      int fingerprint = options.updates() ? row.fingerprint() : IdSet.UNKNOWN;
      Decision asRecord = decisionOnRecord(row, fingerprint);
      Decision decision =
          asRecord.isEmitted
              ? row.match(
                  record -> asRecord,
                  this::decisionOnMalformed,
                  outOfRange -> {
                    // Emitted all the same: nothing is lost, even if it is emitted twice.
                    invariants.check(false, "a window holds a record of another time");
                    return asRecord;
                  })
              : asRecord;
      long mark = mark(row, decision, fingerprint);
      marks.put(row.id(), mark);
      if (decision.isEmitted) {
        pending.add(new Pending(row, decision, mark));
      }
      rowsByDecision.merge(decision, 1, Integer::sum);
      return decision;
    }

    private long mark(Row row, Decision decision, int fingerprint) {
      long last = history.ids().mark(row.id());
      boolean keepsVersion =
          decision == Decision.KNOWN && !mayUpdate && lastFingerprint(row.id()) != IdSet.UNKNOWN;
      int version = keepsVersion ? lastFingerprint(row.id()) : fingerprint;
      long mark = IdMark.withFingerprint(IdMark.withSecond(last, row.time()), version);
      return IdMark.plus(mark, decision.lateCounts);
    }

    private int lastFingerprint(String id) {
      if (history.ids().contains(id)) {
        return history.ids().fingerprint(id);
      }
      Window owner = emittedIds.owner(id);
      return owner == null ? IdSet.UNKNOWN : owner.ids().fingerprint(id);
    }

    private Decision decisionOnRecord(Row row, int fingerprint) {
      String id = row.id();
      if (!history.ids().contains(id) && emittedIds.owner(id) == null) {
        return history.wasRead(row.time()) ? Decision.LATE : Decision.NEW;
      }
      int lastFingerprint = lastFingerprint(id);
      boolean isComparable = lastFingerprint != IdSet.UNKNOWN && fingerprint != IdSet.UNKNOWN;
      boolean isSame = !isComparable || lastFingerprint == fingerprint;
      return isSame || !mayUpdate ? Decision.KNOWN : Decision.CHANGED;
    }

    private Decision decisionOnMalformed(MalformedRecord malformed) {
      return switch (options.malformed()) {
        case FAIL ->
            throw new DataException(
                malformed.reason()
                    + ". The API returns it for "
                    + snapshot.range()
                    + ". Have the provider of the API correct it, or set malformed.records to"
                    + " topic, which routes such records to malformed.topic, or to skip");
        case SKIP -> Decision.SKIPPED;
        case TOPIC -> Decision.ROUTED;
      };
    }
  }

  /** Whether no row has to be emitted. */
  boolean isEmpty() {
    return pending.isEmpty();
  }

  /** Whether a further version of a record has to be emitted. */
  boolean hasUpdates() {
    return decisions.containsKey(Decision.CHANGED);
  }

  /** How many records were emitted late or again once the first {@code n} pending rows are. */
  LateCounts countsAfter(int n) {
    return history.unattributed().plus(idsAfter(n).lateCounts());
  }

  /** How many records were emitted late or again once all pending rows are emitted. */
  LateCounts countsAfterAll() {
    return countsAfter(pending.size());
  }

  /** The ids that were emitted of the window once the first {@code n} pending rows are. */
  IdSet idsAfter(int n) {
    return history.ids().plus(pendingIds(0, n));
  }

  /** The ids of some of the pending rows once these are emitted. */
  IdSet pendingIds(int from, int to) {
    Map<String, Long> ids = new HashMap<>();
    pending.subList(from, to).forEach(next -> ids.put(next.row().id(), next.mark()));
    return IdSet.ofMarks(ids);
  }

  /**
   * What has become known of ids that are not emitted again: that they belong to this window, or to
   * another second of it.
   */
  Map<String, Long> relocated() {
    Map<String, Long> relocated = new HashMap<>();
    marks.forEach(
        (id, mark) -> {
          long last = history.ids().mark(id);
          int second = IdMark.secondOfDay(last);
          boolean hasMoved = second >= 0 && second != IdMark.secondOfDay(mark);
          if (hasMoved || !history.ids().contains(id)) {
            relocated.put(id, mark);
          }
        });
    pending.forEach(next -> relocated.remove(next.row().id()));
    return relocated;
  }

  /**
   * The ids of the window once all pending rows are emitted: those of all rows, with their present
   * marks.
   */
  IdSet idsAfterAll() {
    return history.ids().plus(IdSet.ofMarks(marks));
  }

  /**
   * The split's offset once the first {@code n} pending rows are emitted.
   *
   * @param base the split's offset without this window
   */
  SplitOffset offsetAfter(SplitOffset base, int n) {
    WindowOffset started =
        new WindowOffset(
            window, State.PARTIAL, WindowOffset.UNKNOWN, history.unattributed(), idsAfter(n));
    List<WindowOffset> windows = new ArrayList<>(base.windows());
    int at = 0;
    while (at < windows.size() && windows.get(at).range().from().isBefore(window.from())) {
      at++;
    }
    windows.add(at, started);
    return base.withWindows(windows);
  }
}
