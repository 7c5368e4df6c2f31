package io.callrecords.connect.schedule;

import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a comparison has seen that may have been a moment's fault, so that it is repeated. */
final class ComparisonDoubts {
  /** A total that nobody can look into has to stay the same for so long. */
  private static final Duration CONFIRMED_AFTER = Duration.ofHours(1);

  private final List<TimeRange> ranges = new ArrayList<>();

  /** Where nothing was expected, and the API reports nothing: an outage may look like that. */
  private final List<TimeRange> nothing = new ArrayList<>();

  /** Totals that nobody can look into: they count once a later comparison has confirmed them. */
  private Map<TimeRange, Suspicion> suspected = Map.of();

  private Map<TimeRange, Suspicion> suspectedBefore = Map.of();
  private boolean sawRows = true;

  /**
   * A total that has changed.
   *
   * @param since the task's uptime when it was first seen
   */
  private record Suspicion(long total, Duration since) {}

  /**
   * Begins anew, but for totals that wait to be confirmed.
   *
   * @param sawRowsBefore whether it is known that the API reports something at all
   */
  void begin(boolean sawRowsBefore) {
    ranges.clear();
    nothing.clear();
    sawRows = sawRowsBefore;
    suspectedBefore = suspected;
    suspected = new HashMap<>();
  }

  /** Whether there are any. Nothing at all is in doubt even where nothing is expected. */
  boolean isAny() {
    return !ranges.isEmpty() || !sawRows;
  }

  /** Those of some runs that are in doubt: all where the API reports nothing at all. */
  List<ComparedRun> among(List<ComparedRun> runs) {
    return sawRows
        ? runs.stream()
            .filter(run -> ranges.stream().anyMatch(range -> range.overlaps(run.range())))
            .toList()
        : runs;
  }

  /** Whether the API has reported something at all. */
  boolean sawRows() {
    return sawRows;
  }

  /** Takes note of a total. */
  void saw(long total) {
    sawRows |= total > 0;
  }

  /** Adds a range. */
  void add(TimeRange range) {
    ranges.add(range);
  }

  /** Adds a range that is as empty as it is expected to be: in doubt unless rows are seen. */
  void addNothing(TimeRange range) {
    nothing.add(range);
  }

  /** Drops the ranges that are as empty as expected: the API shows nothing where there are rows. */
  void refuteNothing() {
    nothing.clear();
  }

  /** Takes the ranges that are as empty as expected, now that all has been seen. */
  List<TimeRange> takeNothing() {
    List<TimeRange> taken = sawRows ? List.copyOf(nothing) : List.of();
    nothing.clear();
    return taken;
  }

  /** Whether a total that nobody can look into has been the same for long; else it is in doubt. */
  boolean isConfirmed(TimeRange range, long total, Duration uptime) {
    Suspicion before = suspectedBefore.get(range);
    if (before == null || before.total() != total) {
      before = new Suspicion(total, uptime);
    }
    if (uptime.minus(before.since()).compareTo(CONFIRMED_AFTER) < 0) {
      suspected.put(range, before);
      ranges.add(range);
      return false;
    }
    return true;
  }
}
