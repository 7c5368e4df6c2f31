package io.callrecords.connect.state;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What of a task's days is settled: how much the API has returned for it, and what becomes of it
 * where that turns out to have been too little.
 */
public final class SettledRanges {
  private final ReadOptions options;
  private final OpenDays openDays;
  private final PendingDays pending;
  private final AssignedDays assigned;
  private final ReadCounts readCounts;
  private final TaskCounts counts;

  SettledRanges(
      ReadOptions options,
      OpenDays openDays,
      PendingDays pending,
      AssignedDays assigned,
      ReadCounts readCounts,
      TaskCounts counts) {
    this.options = options;
    this.openDays = openDays;
    this.pending = pending;
    this.assigned = assigned;
    this.readCounts = readCounts;
    this.counts = counts;
  }

  /** How much the API has returned for what this run of the task has settled. */
  public ReadCounts counts() {
    return readCounts;
  }

  /**
   * What of a range is settled, but not by this run of the task, in order.
   *
   * @param range may lie before the task's first day: such days were confirmed as settled
   */
  public List<TimeRange> uncounted(TimeRange range) {
    List<TimeRange> others = new ArrayList<>(readCounts.ranges());
    new UnreadRanges(openDays.states(), pending)
        .visit(
            range.to(),
            gap -> {
              others.add(gap);
              return true;
            });
    openDays.states().values().stream()
        .flatMap(state -> state.unsettled().stream())
        .forEach(window -> others.add(window.range()));
    return range.minus(others.stream().filter(range::overlaps).toList());
  }

  /** Whether all of a range, which lies in a day, is one of the task's and settled. */
  public boolean isSettled(TimeRange range) {
    Split day = Split.of(range.from());
    SplitState state = openDays.get(day);
    return state == null
        ? assigned.isOpened(day) && !pending.contains(day)
        : state.isSettled(range);
  }

  /**
   * What counts as empty on one moment's word, in pieces of a day at most, in order.
   *
   * @param readBy what was read later is left out, in server time
   */
  public List<ReadCount> unconfirmed(TimeRange range, Instant readBy) {
    return readCounts.unconfirmed().within(range, readBy).stream()
        .map(ReadCount::ofNothing)
        .flatMap(count -> count.byDay().stream())
        .toList();
  }

  /** Takes note that a total or another reading has confirmed what is known of a range. */
  public void confirm(TimeRange range) {
    readCounts.unconfirmed().remove(range);
  }

  /** How many rows were emitted of windows for which the API no longer returned them. */
  public long vanishedAmong(WindowSnapshot read) {
    return readCounts.vanished().among(read.ids()).size();
  }

  /** How many rows were emitted of other windows, as far as that is known of what is settled. */
  public long emittedBefore(WindowSnapshot read) {
    return readCounts.settledIds().among(read.ids()).size();
  }

  /** Takes note that of what seemed empty, all that is there was emitted of other windows. */
  public void moved(WindowSnapshot read) {
    readCounts.add(ReadCount.of(read, read.records().size()));
    confirm(read.range());
  }

  /** Makes a range unread again of which nothing was emitted, since the API has rows for it. */
  void reopen(WindowSnapshot read, Instant openedAt) {
    SplitState state = openDays.reopen(Split.of(read.range().from()), openedAt);
    if (state != null && state.isSettled(read.range())) {
      state.reopen(read.range(), readCounts.settledIds().among(read.ids()));
    }
  }

  /** Counts a window that has drifted, and audits it. */
  public void drifted(WindowDrift drift, Instant now) {
    counts.addDrifted();
    if (!options.audits()) {
      return;
    }
    SplitState state = openDays.reopen(Split.of(drift.window().from()), now);
    if (state == null && !openDays.states().isEmpty()) {
      // A day that an earlier run has settled: its offset is not this task's to write.
      state = openDays.states().lastEntry().getValue();
    }
    if (state != null) {
      state.drifted(drift, now);
      openDays.afterChange(state);
    }
  }
}
