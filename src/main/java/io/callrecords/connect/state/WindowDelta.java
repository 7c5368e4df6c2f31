package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.feed.MalformedRecord;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.IdSet;
import io.callrecords.connect.offset.LateCounts;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.offset.WindowOffset.State;
import io.callrecords.connect.split.TimeRange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The difference between what the API returns for a window and what was emitted of it: the rows
 * that have yet to be emitted, and the window's offset after each of them.
 *
 * @param window the window
 * @param history what was known of it before
 * @param rows all rows that the API returns
 * @param fingerprints the fingerprints of their versions by id; empty unless updates are emitted
 * @param pending the rows that have yet to be emitted, in order
 * @param decisions how many rows each decision was made for
 */
record WindowDelta(
    TimeRange window,
    RangeHistory history,
    List<Row> rows,
    Map<String, Integer> fingerprints,
    List<Pending> pending,
    Map<Decision, Integer> decisions) {
  private static final Logger LOG = LoggerFactory.getLogger(WindowDelta.class);

  /** A row that has yet to be emitted, and why. */
  record Pending(Row row, Decision decision, int fingerprint) {}

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
   * @throws DataException when a malformed row has to fail the task
   */
  static WindowDelta of(
      WindowSnapshot snapshot,
      RangeHistory history,
      EmittedIdIndex emittedIds,
      ReadOptions options,
      Invariants invariants) {
    return new Comparison(snapshot, history, emittedIds, options, invariants).result();
  }

  /** Decides row by row. */
  private static final class Comparison {
    private final WindowSnapshot snapshot;
    private final RangeHistory history;
    private final EmittedIdIndex emittedIds;
    private final ReadOptions options;
    private final Invariants invariants;
    private final Map<String, Integer> fingerprints = new HashMap<>();
    private final List<Pending> pending;
    private final Map<Decision, Integer> rowsByDecision = new EnumMap<>(Decision.class);

    Comparison(
        WindowSnapshot snapshot,
        RangeHistory history,
        EmittedIdIndex emittedIds,
        ReadOptions options,
        Invariants invariants) {
      this.snapshot = snapshot;
      this.history = history;
      this.emittedIds = emittedIds;
      this.options = options;
      this.invariants = invariants;
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
          snapshot.range(), history, snapshot.records(), fingerprints, pending, rowsByDecision);
    }

    private Decision decide(Row row) {
      int fingerprint = IdSet.UNKNOWN;
      if (options.updates()) {
        fingerprint = row.fingerprint();
        fingerprints.put(row.id(), fingerprint);
      }
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
      if (decision.isEmitted) {
        pending.add(new Pending(row, decision, fingerprint));
      }
      rowsByDecision.merge(decision, 1, Integer::sum);
      return decision;
    }

    private Decision decisionOnRecord(Row row, int fingerprint) {
      String id = row.id();
      IdSet emitted = history.ids();
      if (!emitted.contains(id)) {
        Window owner = emittedIds.owner(id);
        if (owner == null) {
          return history.wasRead(row.time()) ? Decision.LATE : Decision.NEW;
        }
        emitted = owner.ids();
      }
      int lastFingerprint = emitted.fingerprint(id);
      boolean isComparable = lastFingerprint != IdSet.UNKNOWN && fingerprint != IdSet.UNKNOWN;
      return isComparable && lastFingerprint != fingerprint ? Decision.CHANGED : Decision.KNOWN;
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

  /** How many records were emitted late or again once the first {@code n} pending rows are. */
  LateCounts countsAfter(int n) {
    LateCounts counts = history.lateCounts();
    for (Pending row : pending.subList(0, n)) {
      counts = counts.plus(row.decision().lateCounts);
    }
    return counts;
  }

  /** How many records were emitted late or again once all pending rows are emitted. */
  LateCounts countsAfterAll() {
    return countsAfter(pending.size());
  }

  /** The ids that were emitted of the window once the first {@code n} pending rows are. */
  IdSet idsAfter(int n) {
    Map<String, Integer> ids = new HashMap<>();
    pending.subList(0, n).forEach(next -> ids.put(next.row().id(), next.fingerprint()));
    return history.ids().plus(IdSet.of(ids));
  }

  /**
   * The ids of the window once all pending rows are emitted: those of all rows, with their present
   * fingerprints.
   */
  IdSet idsAfterAll() {
    return history
        .ids()
        .plus(
            fingerprints.isEmpty()
                ? IdSet.of(rows.stream().map(Row::id).toList())
                : IdSet.of(fingerprints));
  }

  /**
   * The split's offset once the first {@code n} pending rows are emitted.
   *
   * @param base the split's offset without this window
   */
  SplitOffset offsetAfter(SplitOffset base, int n) {
    WindowOffset started =
        new WindowOffset(window, State.PARTIAL, WindowOffset.UNKNOWN, countsAfter(n), idsAfter(n));
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
