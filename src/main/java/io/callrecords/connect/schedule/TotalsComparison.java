package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.offset.WindowOffset;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.SettledRanges;
import io.callrecords.connect.state.WindowDrift;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what was read of all that is settled with what the API reports for it now, many days by
 * one total, and by halves where the two differ. What was empty and is not any more is read again.
 * What has grown, its ids forgotten, is reported. Runs on the loop.
 */
final class TotalsComparison {
  private static final Logger LOG = LoggerFactory.getLogger(TotalsComparison.class);

  private static final int MAX_UNDER_WAY = 4;

  /** So many requests a comparison makes at most; the next one goes on. */
  private static final int MAX_REQUESTS = 256;

  /** So many ranges of which something was emitted are read again by a comparison. */
  private static final int MAX_REREADS = 32;

  private final TaskContext task;
  private final SettledRanges settled;
  private final RangeQueue queue;
  private final DriftLog drifts;
  private final Deque<ComparedRun> waiting = new ArrayDeque<>();
  private final Map<TimeRange, ComparedRun> compared = new HashMap<>();
  private final RereadRanges reread;
  private final ComparisonDoubts doubts = new ComparisonDoubts();

  /** Whether it reads ranges again instead of comparing their totals, which say nothing. */
  private boolean readsAgain;

  private int requests;
  private int rereads;

  /** Where the last comparison has stopped; null when it has come to its end. */
  private @Nullable ComparedRun resumeAt;

  /**
   * Creates a comparison; {@link #begin} sets it going.
   *
   * @param queue requests totals and ranges
   * @param drifts reports what has grown
   */
  TotalsComparison(TaskContext task, RangeQueue queue, DriftLog drifts) {
    this.task = task;
    this.settled = task.splits().settled();
    this.queue = queue;
    this.drifts = drifts;
    this.reread = new RereadRanges(task, queue, this::judge);
  }

  /** Whether nothing of it is under way. */
  boolean isIdle() {
    return waiting.isEmpty() && compared.isEmpty() && reread.isEmpty();
  }

  /**
   * Whether what it has seen last may have been a moment's fault, so that it should be repeated.
   */
  boolean isInDoubt() {
    return doubts.isAny();
  }

  /** Begins with these runs where the last comparison has stopped, or with the first of them. */
  void begin(List<ComparedRun> runs) {
    List<ComparedRun> ordered = new ArrayList<>(runs);
    if (resumeAt != null) {
      Collections.rotate(ordered, -ComparedRun.indexOf(runs, resumeAt));
    }
    resumeAt = null;
    readsAgain = false;
    // Nothing at all may be a moment's fault, even where nothing is expected.
    begin(ordered, runs.isEmpty());
  }

  /**
   * Reads again what was empty, where totals say nothing: that it is empty at another moment, too,
   * confirms it, if the API shows rows before and after that.
   *
   * @param withRows a range that has rows
   */
  void readAgain(List<ReadCount> empty, ReadCount withRows) {
    readsAgain = true;
    List<ComparedRun> runs = new ArrayList<>();
    runs.add(ComparedRun.single(withRows));
    empty.forEach(count -> runs.add(ComparedRun.single(count)));
    runs.add(ComparedRun.single(withRows));
    begin(runs, false);
  }

  /** Begins with those of these runs that are in doubt; with all where the API showed nothing. */
  void repeat(List<ComparedRun> runs) {
    begin(doubts.among(runs), doubts.sawRows());
  }

  private void begin(List<ComparedRun> runs, boolean sawRowsBefore) {
    requests = 0;
    rereads = 0;
    doubts.begin(sawRowsBefore);
    waiting.addAll(runs);
    LOG.debug("Comparing totals with what was read, {} runs of days", runs.size());
    advance();
  }

  private void advance() {
    while (!waiting.isEmpty() && mayStart(waiting.peek())) {
      ComparedRun run = waiting.poll();
      if (requests >= MAX_REQUESTS) {
        LOG.debug("The comparison of totals has made {} requests; the next one goes on", requests);
        resumeAt = run;
        waiting.clear();
        break;
      }
      requests++;
      if (readsAgain && run.first().isEmpty()) {
        reread.read(run.first(), ReadCount.UNKNOWN);
        continue;
      }
      compared.put(run.range(), run);
      LOG.debug("Comparing the total of {} with {}", run.range(), run.expected());
      queue.compare(run.range(), run.expected());
    }
    if (isIdle()) {
      doubts.takeNothing().forEach(settled::confirm);
      drifts.report();
    }
  }

  /** While ranges are read again, what has rows is looked at alone: before and after them. */
  private boolean mayStart(ComparedRun run) {
    int underWay = compared.size() + reread.size();
    boolean isAlone = readsAgain && (!run.first().isEmpty() || !compared.isEmpty());
    return isAlone ? underWay == 0 : underWay < MAX_UNDER_WAY;
  }

  private void confirm(ComparedRun run) {
    if (run.expected() > 0) {
      doubts.saw(run.expected());
      settled.confirm(run.range());
    } else {
      doubts.addNothing(run.range());
    }
  }

  /** Whether a result belongs to it. */
  boolean isOwn(FetchResult result) {
    return result.<Boolean>match(
        fetched -> reread.contains(fetched.window().range()),
        unchanged -> compared.containsKey(unchanged.range()),
        changed -> compared.containsKey(changed.range()),
        expired -> compared.containsKey(expired.expired()) || reread.contains(expired.expired()));
  }

  /** Takes a result that belongs to it; returns what is to be emitted of it. */
  @Nullable Batch apply(FetchResult result) {
    Batch batch =
        result.match(
            fetched -> reread.apply(fetched.window(), fetched.expired()),
            unchanged -> {
              ComparedRun run = compared.remove(unchanged.range());
              if (run != null && readsAgain) {
                changed(run, run.expected());
              } else if (run != null) {
                confirm(run);
              }
              return null;
            },
            changed -> {
              changed(compared.remove(changed.range()), changed.total());
              return null;
            },
            expired -> {
              compared.remove(expired.expired());
              reread.forget(expired.expired());
              return null;
            });
    if (!result.expired().isEmpty()) {
      settled.counts().forgetBefore(result.expired().to());
    }
    advance();
    return batch;
  }

  private void changed(@Nullable ComparedRun run, long total) {
    doubts.saw(total);
    if (run == null) {
      return;
    }
    if (readsAgain) {
      if (total <= 0) {
        waiting.clear();
        doubts.refuteNothing();
      }
      return;
    }
    if (total != WindowOffset.UNKNOWN && run.accepts(total)) {
      confirm(run);
      return;
    }
    // An outage that says success may look like that: it is not final on one moment's word.
    if (total == 0 && run.expected() > 0) {
      doubts.add(run.range());
    }
    if (total == 0 && !run.isSingle()) {
      LOG.debug("The API reports nothing at all for {}; comparing it again later", run.range());
    } else if (!run.isSingle()) {
      List<ComparedRun> halves = run.halves();
      waiting.push(halves.get(1));
      waiting.push(halves.get(0));
    } else if (total != WindowOffset.UNKNOWN) {
      changedSingle(run.first(), total);
    }
  }

  private void changedSingle(ReadCount known, long total) {
    if (known.isMeasured() && known.total() == ReadCount.UNKNOWN) {
      // Nothing at all may be a moment's fault, and would make of all that is there a drift.
      if (total > 0) {
        settled.counts().add(ReadCount.measured(known.range(), total));
      }
      return;
    }
    LOG.debug("The API reports {} rows for {} instead of {}", total, known.range(), known.total());
    if (known.isMeasured() || isTooLarge(known, total)) {
      changedUnseen(known, total);
    } else if (known.isEmpty() || ++rereads <= MAX_REREADS) {
      reread.read(known, total);
    }
  }

  private boolean isTooLarge(ReadCount known, long total) {
    long limit = 2 * task.windowLimits().maxRecords();
    return !known.isEmpty() && (known.total() > limit || total > limit);
  }

  /** Judges by the total alone, once it has been confirmed by another comparison. */
  private void changedUnseen(ReadCount known, long total) {
    if (!doubts.isConfirmed(known.range(), total, task.loop().uptime())) {
      return;
    }
    long rows = known.isMeasured() ? known.total() : known.rows();
    long growth = total - known.total();
    if (growth > 0) {
      drifted(new WindowDrift(known.range(), rows, rows + growth));
    }
    settled.counts().add(known.withTotal(total));
  }

  private void judge(RereadRange range) {
    ReadCount known = range.known();
    if (readsAgain && range.isEmpty()) {
      if (!range.isContradictory()) {
        doubts.addNothing(known.range());
      }
      return;
    }
    if (known.isEmpty()) {
      if (range.isEmpty() && range.isFinal()) {
        settled.counts().add(range.updated());
      } else if (range.isEmpty()) {
        doubts.add(known.range());
      } else {
        // What of it has no rows was read twice, and the API had some for it the second time.
        if (!range.isContradictory()) {
          settled.confirm(known.range());
        }
      }
      return;
    }
    if (range.rows() > known.rows()) {
      drifted(new WindowDrift(known.range(), known.rows(), range.rows()));
    } else {
      LOG.debug("{} holds no more rows than were read", known.range());
    }
    settled.counts().add(range.updated());
  }

  private void drifted(WindowDrift drift) {
    settled.drifted(drift, task.now());
    drifts.add(drift);
  }
}
