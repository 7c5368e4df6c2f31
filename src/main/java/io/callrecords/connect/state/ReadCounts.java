package io.callrecords.connect.state;

import io.callrecords.connect.split.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How much the API has returned for what a task has settled, range by range. What was empty keeps
 * its exact bounds, since it can be read again: nothing of it was emitted. The rest is kept by the
 * hour, and more coarsely where that would be too much.
 */
public final class ReadCounts {
  private static final int MAX_RANGES = 5_000;
  private static final long GRAIN_SECONDS = 3600;
  private static final long LONGEST_GRAIN = 24;

  /** What a few requests read, should a total have changed. */
  private static final long GRAIN_ROWS = 1_000;

  private final TreeMap<Instant, ReadCount> byStart = new TreeMap<>();
  private final VanishedIds vanished = new VanishedIds();
  private final SettledIds settledIds = new SettledIds();
  private final UnconfirmedRanges unconfirmed = new UnconfirmedRanges();
  private final int maxRanges;
  private long grain = 1;

  /** Creates counts of nothing. */
  public ReadCounts() {
    this(MAX_RANGES);
  }

  ReadCounts(int maxRanges) {
    this.maxRanges = maxRanges;
  }

  /** The ids that were emitted of windows for which the API no longer returned them. */
  VanishedIds vanished() {
    return vanished;
  }

  /** The ids that were emitted of what is settled. */
  SettledIds settledIds() {
    return settledIds;
  }

  /** What counts as empty on one moment's word. */
  UnconfirmedRanges unconfirmed() {
    return unconfirmed;
  }

  /** Counts a window once it is settled. */
  void settled(WindowSnapshot window, WindowDelta delta) {
    boolean isNew = delta.history().ids().size() == 0;
    long rowsEver = isNew ? window.records().size() : delta.idsAfterAll().size();
    if (rowsEver > window.records().size()) {
      vanished.addAll(delta.history().ids().ids(), window.ids());
    }
    settledIds.addAll(delta.history().ids().ids());
    settledIds.addAll(window.ids());
    boolean wasRead = window.range().minus(delta.history().readRanges()).isEmpty();
    if (rowsEver == 0 && !wasRead) {
      unconfirmed.add(window.range(), window.requestedAt());
    } else {
      unconfirmed.remove(window.range());
    }
    add(ReadCount.of(window, rowsEver));
  }

  /** Counts a window that was settled early. */
  void settledEarly(TimeRange range, RangeHistory history) {
    settledIds.addAll(history.ids().ids());
    add(ReadCount.ofIds(range, history.ids().size()));
  }

  /** Puts a count in the place of what was known of its range. */
  public void add(ReadCount count) {
    for (ReadCount other : overlapping(count.range())) {
      byStart.remove(other.range().from());
      if (other.isDivisible()) {
        other.range().minus(List.of(count.range())).forEach(part -> put(other.within(part)));
      }
    }
    put(count);
    Map.Entry<Instant, ReadCount> before = byStart.lowerEntry(count.range().from());
    boolean isMerged = before != null && mergeWithNext(before.getKey());
    mergeWithNext(before != null && isMerged ? before.getKey() : count.range().from());
    shrink();
  }

  private void put(ReadCount count) {
    byStart.put(count.range().from(), count);
  }

  private List<ReadCount> overlapping(TimeRange range) {
    return RangesByStart.overlapping(byStart, range, ReadCount::range);
  }

  private boolean mergeWithNext(Instant start) {
    ReadCount count = byStart.get(start);
    Map.Entry<Instant, ReadCount> next = byStart.higherEntry(start);
    if (count == null
        || next == null
        || !count.mayMergeWith(next.getValue(), grain * GRAIN_SECONDS, grain * GRAIN_ROWS)) {
      return false;
    }
    byStart.remove(next.getKey());
    put(count.mergedWith(next.getValue()));
    return true;
  }

  /** Keeps the number of ranges within its limit: coarser first, then without the oldest. */
  private void shrink() {
    while (byStart.size() > maxRanges && grain < LONGEST_GRAIN) {
      grain *= 2;
      for (Instant start : List.copyOf(byStart.keySet())) {
        boolean isMerged = true;
        while (isMerged) {
          isMerged = mergeWithNext(start);
        }
      }
    }
    while (byStart.size() > maxRanges) {
      byStart.pollFirstEntry();
    }
  }

  /**
   * The latest range within another for which the API has returned rows; null when none is known.
   */
  public @Nullable ReadCount latestWithRows(TimeRange range) {
    return byStart.descendingMap().values().stream()
        .filter(count -> count.rows() > 0 && range.contains(count.range()))
        .findFirst()
        .orElse(null);
  }

  /** Forgets what begins before a moment; what is empty may be cut there. */
  public void forgetBefore(Instant moment) {
    unconfirmed.removeBefore(moment);
    while (!byStart.isEmpty() && byStart.firstKey().isBefore(moment)) {
      ReadCount first = byStart.pollFirstEntry().getValue();
      if (first.isDivisible() && first.range().to().isAfter(moment)) {
        put(first.within(new TimeRange(moment, first.range().to())));
      }
    }
  }

  /** The ranges of which something is known, in order. */
  List<TimeRange> ranges() {
    return byStart.values().stream().map(ReadCount::range).toList();
  }

  /**
   * What is known of a range: stretches without a gap, in order. What is empty comes in pieces of a
   * day at most.
   */
  public List<List<ReadCount>> stretches(TimeRange range) {
    List<List<ReadCount>> stretches = new ArrayList<>();
    List<ReadCount> stretch = List.of();
    for (ReadCount count : overlapping(range)) {
      if (!count.isDivisible() && !range.contains(count.range())) {
        continue;
      }
      for (ReadCount part : count.isDivisible() ? count.within(range).byDay() : count.byDay()) {
        if (stretch.isEmpty() || !isContinued(stretch.get(stretch.size() - 1), part)) {
          stretch = new ArrayList<>();
          stretches.add(stretch);
        }
        stretch.add(part);
      }
    }
    return stretches;
  }

  private static boolean isContinued(ReadCount last, ReadCount next) {
    return last.range().to().equals(next.range().from()) && last.isMeasured() == next.isMeasured();
  }
}
