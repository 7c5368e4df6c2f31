package io.callrecords.connect.schedule;

import io.callrecords.connect.state.TaskSplits;
import io.callrecords.connect.state.WindowSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the metrics how far a task has come, and now and then the log. Runs on the loop. */
public final class ProgressReporter {
  private static final Logger LOG = LoggerFactory.getLogger(ProgressReporter.class);

  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final int UPDATES_PER_LINE = 3;

  private final TaskContext task;
  private final TickPlanner planner;
  private final Backlog backlog;
  private final Progress progress;
  private final BooleanSupplier isPolled;
  private final Duration startedAt;
  private boolean loggedBacklogRead;

  /**
   * Creates a reporter; {@link #start} sets it going.
   *
   * @param isPolled whether somebody takes records: a paused connector logs nothing
   */
  ProgressReporter(
      TaskContext task,
      TickPlanner planner,
      Backlog backlog,
      Progress progress,
      BooleanSupplier isPolled) {
    this.task = task;
    this.planner = planner;
    this.backlog = backlog;
    this.progress = progress;
    this.isPolled = isPolled;
    this.startedAt = task.loop().uptime();
  }

  /** Reports at once, and every ten seconds from then on. */
  void start() {
    report(0);
  }

  private void report(long times) {
    task.loop().schedule(INTERVAL, () -> report(times + 1));
    update();
    boolean worthALine = times > 0 && times % UPDATES_PER_LINE == 0;
    if (worthALine && progress.backlogDays() > 0 && isPolled.getAsBoolean()) {
      LOG.info(progress.line(task.counts().records()));
    }
  }

  /** Takes note of where the task stands once the running step is over. */
  void updateSoon() {
    task.loop().execute(this::update);
  }

  private void update() {
    TaskSplits splits = task.splits();
    Instant now = task.now();
    Instant present = planner.presentEnd(now);
    progress.update(
        task.assignment().openFrom() == null ? null : liveLag(now),
        splits.age(now),
        backlog.unreadSeconds(planner.backlogEnd(present)),
        splits.wantedSeconds(present),
        task.counts().records());
  }

  /** How far the present is ahead of what was read of it; null once the range has ended. */
  private @Nullable Duration liveLag(Instant now) {
    Instant readTo = task.splits().readTo();
    Instant end = task.options().end();
    if (end != null && !readTo.isBefore(end)) {
      return null;
    }
    return readTo.isAfter(now) ? Duration.ZERO : Duration.between(readTo, now);
  }

  /** Takes note that a window of the backlog was read. */
  void readOfBacklog(WindowSnapshot window) {
    progress.read(window.records().size(), window.range().seconds());
  }

  /** Logs, once, that the backlog has been read, if it has. */
  void logBacklogRead() {
    if (loggedBacklogRead || !backlog.isRead()) {
      return;
    }
    loggedBacklogRead = true;
    long lostDays = task.counts().expiredDays();
    LOG.info(
        "The whole backlog has been read{}. The task has emitted {} records in {}.",
        lostDays == 0
            ? ""
            : ", except for " + lostDays + " days that the API no longer returns in full",
        task.counts().records(),
        Progress.span(task.loop().uptime().minus(startedAt).toMillis() / 1e3));
  }
}
