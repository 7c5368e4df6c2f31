package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.FetchResult;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.WindowSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of what was read, one window at a time: the live edge's first, then rechecks, then
 * the backlog. State changes here, in the order of handing over. Runs on the loop.
 */
final class BatchSource {
  private final TaskContext task;
  private final ReadQueues queues;
  private final Rechecks rechecks;
  private final TotalsComparison comparison;
  private final ProgressReporter progress;
  private final AnomalyLog anomalies;

  BatchSource(
      TaskContext task,
      ReadQueues queues,
      Rechecks rechecks,
      TotalsComparison comparison,
      ProgressReporter progress,
      AnomalyLog anomalies) {
    this.task = task;
    this.queues = queues;
    this.rechecks = rechecks;
    this.comparison = comparison;
    this.progress = progress;
    this.anomalies = anomalies;
  }

  /** The next batch; null when nothing is ready. */
  @Nullable Batch next() {
    while (true) {
      Batch batch = task.splits().pendingAudits();
      if (batch != null) {
        return batch;
      }
      FetchResult result = take();
      if (result == null) {
        return null;
      }
      batch = comparison.isOwn(result) ? comparison.apply(result) : apply(result);
      if (batch != null) {
        return batch;
      }
    }
  }

  private @Nullable FetchResult take() {
    FetchResult result = queues.live().take();
    if (result != null) {
      progress.updateSoon();
      return result;
    }
    result = queues.recheck().take();
    if (result != null) {
      if (!comparison.isOwn(result)) {
        task.counts().addRecheck();
      }
      return result;
    }
    result = queues.backlog().take();
    if (result != null) {
      result.snapshot().ifPresent(progress::readOfBacklog);
    }
    return result;
  }

  /** Applies a result; the one place that tells the kinds of results apart. */
  private @Nullable Batch apply(FetchResult result) {
    if (!result.expired().isEmpty()) {
      expire(result.expired());
    }
    return result.match(
        fetched -> apply(fetched.window()),
        unchanged -> {
          rechecks.foundUnchanged(unchanged.range(), unchanged.requestedAt());
          return null;
        },
        changed -> {
          rechecks.halve(changed.range());
          return null;
        },
        expired -> null);
  }

  private @Nullable Batch apply(WindowSnapshot window) {
    anomalies.malformed(window);
    anomalies.conflicting(window);
    return task.splits().apply(window);
  }

  private void expire(TimeRange range) {
    switch (task.splits().expire(range, task.now())) {
      case READ -> {}
      case UNCONFIRMED -> anomalies.unconfirmed(range);
      case LOST -> anomalies.expired(range);
    }
  }
}
