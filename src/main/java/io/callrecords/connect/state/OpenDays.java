package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The days of a task that have a state: each from the moment when something of it is to be read
 * until all of it is settled, and again where a settled part has to be read once more.
 */
final class OpenDays {
  private static final Logger LOG = LoggerFactory.getLogger(OpenDays.class);

  private final ReadOptions options;
  private final AssignedDays assigned;
  private final RecheckPolicy policy;
  private final FinishedDays finished;
  private final ReadCounts readCounts;
  private final OffsetJournal journal;
  private final VersionClock versions = new VersionClock();
  private final Invariants invariants;
  private final EmittedIdIndex emittedIds = new EmittedIdIndex();
  private final TreeMap<Split, SplitState> states = new TreeMap<>();
  private final TreeSet<Split> withPendingAudits = new TreeSet<>();

  /**
   * Creates an empty collection.
   *
   * @param finished gets the days of which all is settled
   * @param readCounts gets what settled windows have come to
   * @param journal where the ids of busy days go
   */
  OpenDays(
      ReadOptions options,
      AssignedDays assigned,
      RecheckPolicy policy,
      FinishedDays finished,
      ReadCounts readCounts,
      OffsetJournal journal,
      Invariants invariants) {
    this.options = options;
    this.assigned = assigned;
    this.policy = policy;
    this.finished = finished;
    this.readCounts = readCounts;
    this.journal = journal;
    this.invariants = invariants;
  }

  /** Their states by day. */
  NavigableMap<Split, SplitState> states() {
    return states;
  }

  /** A day's state; null when it has none. */
  @Nullable SplitState get(Split day) {
    return states.get(day);
  }

  /**
   * Opens a day.
   *
   * @param offset its stored offset; null when it has none
   * @param openedAt when the task opened it
   */
  void open(Split day, @Nullable SplitOffset offset, Instant openedAt) {
    states.put(
        day,
        new SplitState(
            new SplitScope(day, assigned.wanted(day), options, openedAt),
            offset,
            policy,
            emittedIds,
            readCounts,
            finished::reported,
            journal,
            versions,
            invariants));
  }

  /**
   * Opens a day once more of which all is settled, unless it is open.
   *
   * @return its state; null when the day is not one of the task's, or was never opened
   */
  @Nullable SplitState reopen(Split day, Instant openedAt) {
    TimeRange wanted = assigned.wanted(day);
    SplitOffset offset = states.containsKey(day) ? null : finished.remove(day, wanted);
    if (offset != null) {
      LOG.debug("Opening {} again, all of which is settled", day);
      open(day, offset, openedAt);
    }
    return states.get(day);
  }

  /** Takes note of windows that have ended, and retires a day once all of it is settled. */
  void afterChange(SplitState state) {
    if (state.hasPendingAudits()) {
      withPendingAudits.add(state.split());
    } else if (state.isDone() && states.remove(state.split()) != null) {
      LOG.debug("All of {} is settled", state.split());
      finished.add(state);
    }
  }

  /** The windows of one split that have ended without being read; null when there are none. */
  @Nullable Batch pendingAudits() {
    while (!withPendingAudits.isEmpty()) {
      SplitState state = states.get(withPendingAudits.pollFirst());
      if (state != null) {
        Batch batch = state.auditBatch();
        afterChange(state);
        if (batch != null) {
          return batch;
        }
      }
    }
    return null;
  }
}
