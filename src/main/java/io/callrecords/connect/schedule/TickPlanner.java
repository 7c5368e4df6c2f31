package io.callrecords.connect.schedule;

import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.TaskSplits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is requested at a tick: what is new, the windows that are due for a recheck, and
 * what is left of the backlog. Runs on the loop.
 */
final class TickPlanner {
  private static final Logger LOG = LoggerFactory.getLogger(TickPlanner.class);

  /** What the API fails to answer for must not keep the edge from moving on; nor pile up. */
  private static final int MAX_LIVE_READS = 4;

  /** How long before a day begins its offset is requested: Kafka may take its time. */
  private static final Duration OFFSETS_AHEAD = Duration.ofDays(1);

  private final TaskContext task;
  private final TaskSplits splits;
  private final ResumeOffsets offsets;
  private final ReadQueues queues;
  private final Rechecks rechecks;
  private final Backlog backlog;
  private final Runnable onNewDayKnown;
  private boolean awaitsOffsets;
  private @Nullable LiveEdge edge;

  /**
   * Creates a planner that has not begun.
   *
   * @param onNewDayKnown runs when the stored offsets arrive that a day which has begun waits for
   */
  TickPlanner(
      TaskContext task,
      ResumeOffsets offsets,
      ReadQueues queues,
      Rechecks rechecks,
      Backlog backlog,
      Runnable onNewDayKnown) {
    this.task = task;
    this.splits = task.splits();
    this.offsets = offsets;
    this.queues = queues;
    this.rechecks = rechecks;
    this.backlog = backlog;
    this.onNewDayKnown = onNewDayKnown;
  }

  /** Begins at the end of what has been read. */
  void begin() {
    Split openFrom = task.assignment().openFrom();
    if (openFrom != null) {
      edge = LiveEdge.of(task.options(), task.windowLimits(), splits, openFrom, this::readLive);
    }
  }

  private void readLive(TimeRange range) {
    splits.openFor(range);
    queues.live().read(range);
  }

  /**
   * Opens the days that have begun and whose stored offsets are known, and requests those of the
   * next one.
   */
  void openNewDays(Instant now) {
    List<Split> known = splits.newDays(now).stream().takeWhile(offsets::knows).toList();
    if (!known.isEmpty()) {
      splits.openNewDays(known, offsets.of(known), now);
      offsets.forget(known);
      LOG.debug("Opened the new days {}", known);
    }
    offsets.request(splits.newDays(now.plus(OFFSETS_AHEAD)));
    awaitOffsets(splits.newDays(now));
  }

  /** A day that has begun is to wait for its offset, and not for the tick after that as well. */
  private void awaitOffsets(List<Split> begun) {
    if (!awaitsOffsets && !begun.isEmpty()) {
      awaitsOffsets = true;
      offsets.request(
          begun.subList(0, 1),
          () -> {
            awaitsOffsets = false;
            onNewDayKnown.run();
          });
    }
  }

  /** The end of what can be requested by now. A day that is not open yet is waited for. */
  Instant presentEnd(Instant now) {
    Instant end = now.plusSeconds(1);
    Instant rangeEnd = task.options().end();
    if (rangeEnd != null && rangeEnd.isBefore(end)) {
      end = rangeEnd;
    }
    return splits.openedUpTo().isBefore(end) ? splits.openedUpTo() : end;
  }

  /** Before this moment, what is unread is backlog. */
  Instant backlogEnd(Instant present) {
    return edge == null ? present : edge.backlogEnd(present);
  }

  /**
   * Requests what is new, what is due, and what is left of the backlog.
   *
   * @param now the API's time
   * @param present the end of what is requested
   * @param uptime the time since some fixed moment
   */
  void plan(Instant now, Instant present, Duration uptime) {
    // There is something after the present only when the server's clock was set back.
    splits.reopenAfter(present);
    List<TimeRange> rechecking = queues.recheck().ranges();
    splits.mergeSmallWindows(now, rechecking);
    if (edge != null) {
      edge.catchUp(present, now, uptime);
      if (queues.live().ranges().size() < MAX_LIVE_READS) {
        edge.readUpTo(present, RangeSet.of(rechecking));
      } else {
        LOG.debug("Not requesting new records: {} ranges are under way", MAX_LIVE_READS);
      }
    }
    rechecks.requestDue(now, RangeSet.of(queues.live().ranges(), rechecking));
    backlog.requestUntil(backlogEnd(present));
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          "Planned up to {}: {} live ranges, {} rechecks and {} backlog ranges under way; {} days"
              + " open",
          present,
          queues.live().ranges().size(),
          queues.recheck().ranges().size(),
          queues.backlog().ranges().size(),
          splits.openDays());
    }
  }
}
