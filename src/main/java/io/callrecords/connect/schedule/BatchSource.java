package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.RangeQueue;
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
  private final ProgressReporter progress;
  private final AnomalyLog anomalies;

  BatchSource(
      TaskContext task,
      ReadQueues queues,
      Rechecks rechecks,
      ProgressReporter progress,
      AnomalyLog anomalies) {
    this.task = task;
    this.queues = queues;
    this.rechecks = rechecks;
    this.progress = progress;
    this.anomalies = anomalies;
  }

  /** The next batch; null when nothing is ready. */
  @Nullable Batch next() {
    while (true) {
      Batch batch = task.splits().endings();
      if (batch != null) {
        return batch;
      }
      RangeQueue.Result result = take();
      if (result == null) {
        return null;
      }
      batch = apply(result);
      if (batch != null) {
        return batch;
      }
    }
  }

  private RangeQueue.@Nullable Result take() {
    RangeQueue.Result result = queues.live().take();
    if (result != null) {
      progress.updateSoon();
      return result;
    }
    result = queues.recheck().take();
    if (result != null) {
      task.counts().addRecheck();
      return result;
    }
    result = queues.backlog().take();
    if (result instanceof RangeQueue.Result.Read read) {
      progress.readOfBacklog(read.window());
    }
    return result;
  }

  /** Applies a result; the one place that tells the kinds of results apart. */
  private @Nullable Batch apply(RangeQueue.Result result) {
    if (!result.expired().isEmpty()) {
      expire(result.expired());
    }
    if (result instanceof RangeQueue.Result.Read read) {
      return apply(read.window());
    } else if (result instanceof RangeQueue.Result.Unchanged unchanged) {
      rechecks.foundUnchanged(unchanged.range(), unchanged.requestedAt());
      return null;
    } else if (result instanceof RangeQueue.Result.Changed changed) {
      rechecks.halve(changed.range());
      return null;
    } else if (result instanceof RangeQueue.Result.Expired) {
      return null;
    }
    throw new IllegalStateException("A kind of result that nobody handles: " + result.getClass());
  }

  private @Nullable Batch apply(WindowSnapshot window) {
    if (!window.verified()) {
      task.counts().addUnverified();
      anomalies.unverified(window);
    }
    anomalies.malformed(window);
    return task.splits().apply(window);
  }

  private void expire(TimeRange range) {
    if (task.splits().expire(range, task.now())) {
      anomalies.expired(range);
    }
  }
}
