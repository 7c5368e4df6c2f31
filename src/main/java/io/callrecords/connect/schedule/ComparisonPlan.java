package io.callrecords.connect.schedule;

import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.RecheckPolicy;
import io.callrecords.connect.state.SettledRanges;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when totals are compared, and over which runs of days: once the backlog has been read,
 * and once a day. Runs on the loop.
 */
final class ComparisonPlan {
  private static final Logger LOG = LoggerFactory.getLogger(ComparisonPlan.class);

  private static final Duration INTERVAL = Duration.ofDays(1);

  /**
   * When a comparison is first repeated that may have seen a moment's fault; then half as often.
   */
  private static final Duration REPEATED_AFTER = Duration.ofMinutes(1);

  private static final int MAX_REPEATS = 10;

  /** So many ranges are read again at once: a few requests each. */
  private static final int MAX_READ_AGAIN = 200;

  /** The API answers for 31 days at most, and a query covers a second more on both sides. */
  private static final Duration LONGEST_RUN = Duration.ofDays(30);

  /** The oldest records that the API keeps may be gone before it answers. */
  private static final Duration MARGIN = Duration.ofHours(1);

  /** A total that is held against the next ones has to be comparable for a while. */
  private static final Duration MEASURED_FOR = Duration.ofDays(7);

  private final TaskContext task;
  private final boolean isAlone;
  private final BooleanSupplier totalsCountRows;
  private final TotalsComparison comparison;
  private final Duration startedAt;
  private @Nullable Duration lastAt;

  /** When all runs were last compared, not only those in doubt. */
  private Duration lastWholeAt;

  private int repeats;

  /** Whether nothing could change any more when totals were last compared. */
  private boolean wasOver;

  private boolean loggedSkipped;

  /** Since when nothing of the backlog is left; null while something is. */
  private @Nullable Duration backlogReadAt;

  /** When what was empty was last read again, since totals say nothing. */
  private @Nullable Duration readAgainAt;

  /** What was read again then, and how often in a row. */
  private List<ReadCount> readAgain = List.of();

  private int readAgainInVain;

  /**
   * Creates a plan.
   *
   * @param isAlone whether no other task has days, so that those which the task does not have are
   *     settled
   * @param totalsCountRows whether the API's totals are the numbers of its rows, as far as known
   */
  ComparisonPlan(
      TaskContext task,
      boolean isAlone,
      BooleanSupplier totalsCountRows,
      TotalsComparison comparison) {
    this.task = task;
    this.isAlone = isAlone;
    this.totalsCountRows = totalsCountRows;
    this.comparison = comparison;
    this.startedAt = task.loop().uptime();
    this.lastWholeAt = startedAt;
  }

  /**
   * Begins a comparison if one is due.
   *
   * @param isBacklogRead whether nothing of the backlog is left or under way
   */
  void beginIfDue(boolean isBacklogRead) {
    Duration uptime = task.loop().uptime();
    if (!isBacklogRead) {
      backlogReadAt = null;
    } else if (backlogReadAt == null) {
      backlogReadAt = uptime;
    }
    if (!comparison.isIdle()) {
      return;
    }
    boolean isDue = isDue(uptime, isBacklogRead);
    if (!totalsCountRows.getAsBoolean()) {
      if (isDue) {
        logSkipped();
      }
      readAgainIfDue(uptime);
      return;
    }
    if (!isDue) {
      return;
    }
    wasOver = isOver();
    boolean isWhole = !isRepeated() || isWholeDue(uptime);
    repeats = isRepeated() ? repeats + 1 : 0;
    lastAt = uptime;
    if (isWhole) {
      lastWholeAt = uptime;
      comparison.begin(runs(task.now()));
    } else {
      comparison.repeat(runs(task.now()));
    }
  }

  private void logSkipped() {
    if (!loggedSkipped) {
      loggedSkipped = true;
      LOG.info(
          "The API's totals are not the numbers of its records, so the connector does not compare them"
              + " with what it has read. It reads what was empty once more.");
    }
  }

  /**
   * Where totals say nothing, only a second reading tells whether what was empty is so: ten minutes
   * after the backlog, once a day while there is one, and ever more rarely where it tells nothing.
   */
  private void readAgainIfDue(Duration uptime) {
    Duration begun = backlogReadAt == null ? startedAt : backlogReadAt;
    Duration since = readAgainAt == null ? begun : readAgainAt;
    if (uptime.minus(since).compareTo(pauseBeforeReadAgain()) < 0) {
      return;
    }
    readAgainAt = uptime;
    Instant now = task.now();
    TimeRange returned = returned(now);
    SettledRanges settled = task.splits().settled();
    List<ReadCount> empty =
        settled.unconfirmed(returned, now.minus(RecheckPolicy.BETWEEN_DOUBTFUL_READS)).stream()
            .limit(MAX_READ_AGAIN)
            .toList();
    readAgainInVain = empty.equals(readAgain) ? readAgainInVain + 1 : 0;
    readAgain = empty;
    ReadCount withRows = settled.counts().latestWithRows(returned);
    if (!empty.isEmpty() && withRows != null) {
      comparison.readAgain(empty, withRows);
    }
  }

  private Duration pauseBeforeReadAgain() {
    Duration pause =
        RecheckPolicy.BETWEEN_DOUBTFUL_READS.multipliedBy(
            1L << Math.min(readAgainInVain, MAX_REPEATS));
    return backlogReadAt == null || pause.compareTo(INTERVAL) > 0 ? INTERVAL : pause;
  }

  private boolean isRepeated() {
    return lastAt != null && comparison.isInDoubt() && repeats < MAX_REPEATS;
  }

  private boolean isWholeDue(Duration uptime) {
    return uptime.minus(lastWholeAt).compareTo(INTERVAL) >= 0;
  }

  private boolean isDue(Duration uptime, boolean isBacklogRead) {
    Duration last = lastAt;
    if (last == null) {
      return isBacklogRead || uptime.minus(startedAt).compareTo(INTERVAL) >= 0;
    }
    if (!isRepeated()) {
      return isOver() ? !wasOver : uptime.minus(last).compareTo(INTERVAL) >= 0;
    }
    Duration pause = REPEATED_AFTER.multipliedBy(1L << repeats);
    return isWholeDue(uptime) || uptime.minus(last).compareTo(pause) >= 0;
  }

  /** Whether the range has ended and all of it is settled: it is compared a last time. */
  private boolean isOver() {
    return task.options().end() != null && task.splits().age(task.now()) == null;
  }

  private Instant oldestReturned(Instant now) {
    return now.minus(task.options().retention()).plus(MARGIN);
  }

  /** Where what is settled lies, as far as the API still returns it. */
  private TimeRange returned(Instant now) {
    Instant oldest = oldestReturned(now);
    Instant start = task.options().start();
    Instant from = oldest.isAfter(start) ? oldest : start;
    // A setting in milliseconds need not be whole seconds, as ranges are.
    Instant to = now.minus(task.options().lateArrival()).truncatedTo(ChronoUnit.SECONDS);
    Instant end = task.options().end();
    to = end != null && end.isBefore(to) ? end : to;
    return new TimeRange(from, from.isBefore(to) ? to : from);
  }

  /** All that is settled and that the API still returns. */
  private List<ComparedRun> runs(Instant now) {
    TimeRange returned = returned(now);
    if (returned.isEmpty()) {
      return List.of();
    }
    Instant oldest = oldestReturned(now);
    Instant from = returned.from();
    Instant to = returned.to();
    SettledRanges settled = task.splits().settled();
    settled.counts().forgetBefore(from);
    List<ComparedRun> runs = new ArrayList<>();
    for (List<ReadCount> stretch : settled.counts().stretches(returned)) {
      runs.addAll(ComparedRun.of(stretch, LONGEST_RUN.toSeconds()));
    }
    if (isAlone) {
      Instant measuredFrom = from.equals(oldest) ? from.plus(MEASURED_FOR) : from;
      if (measuredFrom.isBefore(to)) {
        runs.addAll(unmeasured(settled, new TimeRange(measuredFrom, to)));
      }
    }
    return runs;
  }

  /** What an earlier run has settled: what the API reports now is what it is held to. */
  private static List<ComparedRun> unmeasured(SettledRanges settled, TimeRange range) {
    List<ComparedRun> runs = new ArrayList<>();
    for (TimeRange part : settled.uncounted(range)) {
      long pieces = (part.seconds() - 1) / LONGEST_RUN.toSeconds() + 1;
      for (TimeRange piece : part.cut((int) pieces)) {
        runs.addAll(
            ComparedRun.of(
                List.of(ReadCount.measured(piece, ReadCount.UNKNOWN)), LONGEST_RUN.toSeconds()));
      }
    }
    return runs;
  }
}
