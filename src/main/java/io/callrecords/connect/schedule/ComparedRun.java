package io.callrecords.connect.schedule;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.ReadCount;
import java.util.ArrayList;
import java.util.List;

/**
 * Neighbouring ranges whose counts are compared with one total of the API.
 *
 * @param stretch ranges without a gap, in order
 * @param from the first of them that belongs to the run
 * @param to the one after its last
 */
record ComparedRun(List<ReadCount> stretch, int from, int to) {
  /** Cuts a stretch into runs, none of them longer than so many seconds. */
  static List<ComparedRun> of(List<ReadCount> stretch, long seconds) {
    List<ComparedRun> runs = new ArrayList<>();
    int from = 0;
    for (int to = 1; to <= stretch.size(); to++) {
      boolean isLast = to == stretch.size();
      if (isLast || new ComparedRun(stretch, from, to + 1).range().seconds() > seconds) {
        runs.add(new ComparedRun(stretch, from, to));
        from = to;
      }
    }
    return runs;
  }

  /** A run of one range. */
  static ComparedRun single(ReadCount count) {
    return new ComparedRun(List.of(count), 0, 1);
  }

  ReadCount first() {
    return stretch.get(from);
  }

  private ReadCount last() {
    return stretch.get(to - 1);
  }

  TimeRange range() {
    return new TimeRange(first().range().from(), last().range().to());
  }

  /** Whether it is a single range. */
  boolean isSingle() {
    return to - from == 1;
  }

  /** The total that is expected of it, without the seconds beside it. */
  long expected() {
    return stretch.subList(from, to).stream().mapToLong(ReadCount::total).sum();
  }

  /**
   * Whether a total shows nothing new: a query covers a second more on both sides, and nobody knows
   * whether the API counts these.
   */
  boolean accepts(long total) {
    long before = from > 0 ? stretch.get(from - 1).last() : first().outside();
    long after = to < stretch.size() ? stretch.get(to).first() : last().outside();
    long excess = total - expected();
    return excess >= 0 && excess <= before + after;
  }

  /** Where in a list of runs the one is that is about the same as another; 0 where none is. */
  static int indexOf(List<ComparedRun> runs, ComparedRun other) {
    boolean isMeasured = other.first().isMeasured();
    for (int i = 0; i < runs.size(); i++) {
      ComparedRun run = runs.get(i);
      if (run.first().isMeasured() == isMeasured && run.range().overlaps(other.range())) {
        return i;
      }
    }
    return 0;
  }

  /** Its two halves; it must not be single. */
  List<ComparedRun> halves() {
    int middle = (from + to) / 2;
    return List.of(new ComparedRun(stretch, from, middle), new ComparedRun(stretch, middle, to));
  }
}
