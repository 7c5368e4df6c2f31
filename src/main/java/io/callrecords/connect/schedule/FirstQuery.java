package io.callrecords.connect.schedule;

import io.callrecords.connect.config.ReadOptions;
import io.callrecords.connect.loop.Invariants;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.WindowSize;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.RecordCounts;
import io.callrecords.connect.state.TaskSplits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Guesses what a task that starts will read first, so that the request from which it learns the
 * API's time brings records, too. Nothing depends on the guess: the machine's clock, by which it is
 * made, may be wrong.
 */
public final class FirstQuery {
  private final ReadOptions options;
  private final Assignment assignment;
  private final Function<Collection<Split>, Map<Split, SplitOffset>> stored;
  private final RecheckPolicy lateness;
  private final WindowSize size;
  private final Invariants invariants;
  private final Map<Split, @Nullable SplitOffset> known = new HashMap<>();

  FirstQuery(
      ReadOptions options,
      Assignment assignment,
      Function<Collection<Split>, Map<Split, SplitOffset>> stored,
      RecheckPolicy lateness,
      WindowSize size,
      Invariants invariants) {
    this.invariants = invariants;
    this.options = options;
    this.assignment = assignment;
    this.stored = stored;
    this.lateness = lateness;
    this.size = size;
  }

  /**
   * What may be read first.
   *
   * @param range what to ask for
   * @param isLive whether it ends with the present
   */
  record Guess(TimeRange range, boolean isLive) {}

  /**
   * What is read first: the beginning of the backlog, or else what is new.
   *
   * @param now the time of day as far as known
   * @return null when nothing can be told
   */
  @Nullable Guess guess(Instant now) {
    TaskSplits splits =
        new TaskSplits(
            options, assignment, this::offsets, lateness, size, new RecordCounts(), invariants);
    splits.takeUp(now);
    Instant end = options.end();
    Instant present = end != null && end.isBefore(now) ? end : now;
    List<TimeRange> live = new ArrayList<>();
    Instant backlogEnd = present;
    Split openFrom = assignment.openFrom();
    if (openFrom != null && !splits.readTo().isAfter(present)) {
      LiveEdge edge = LiveEdge.of(options, size, splits, openFrom, live::add);
      edge.catchUp(present, now, Duration.ZERO);
      backlogEnd = edge.backlogEnd(present);
      edge.readUpTo(present, List.of());
    }
    for (TimeRange gap : splits.gaps(backlogEnd)) {
      // What ends with the present will end a little later when it is asked for.
      if (gap.to().isBefore(backlogEnd)) {
        return new Guess(gap, false);
      }
    }
    return live.isEmpty() ? null : new Guess(live.get(0), true);
  }

  /** The stored offsets of splits, each of which is looked up once while a task starts. */
  Map<Split, SplitOffset> offsets(Collection<Split> splits) {
    List<Split> unknown = splits.stream().filter(split -> !known.containsKey(split)).toList();
    if (!unknown.isEmpty()) {
      Map<Split, SplitOffset> found = stored.apply(unknown);
      unknown.forEach(split -> known.put(split, found.get(split)));
    }
    Map<Split, SplitOffset> result = new HashMap<>();
    for (Split split : splits) {
      SplitOffset offset = known.get(split);
      if (offset != null) {
        result.put(split, offset);
      }
    }
    return result;
  }

  /** Forgets them: from now on, the task itself knows more. */
  void forget() {
    known.clear();
  }
}
