package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.TaskSplits;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds the backlog's queue with what is unread, the oldest first, and never with much more than is
 * read next: a range of ten years costs no more at a time than one of a month.
 */
final class Backlog {
  private static final Logger LOG = LoggerFactory.getLogger(Backlog.class);

  /** So many ranges wait behind those that are being read, so that no request has to. */
  private static final int MAX_WAITING = 32;

  private static final int MIN_WAITING = MAX_WAITING / 2;

  private final TaskSplits splits;
  private final RangeQueue live;
  private final RangeQueue queue;
  private Instant end = Instant.MIN;

  /** Whether all of it had been read when more of it was last requested. */
  private boolean wasRead;

  Backlog(TaskSplits splits, ReadQueues queues) {
    this.splits = splits;
    this.live = queues.live();
    this.queue = queues.backlog();
  }

  /** Requests what is unread before a moment; what lies behind is left to the live edge. */
  void requestUntil(Instant newEnd) {
    wasRead = !end.equals(Instant.MIN) && queue.isIdle();
    end = newEnd;
    fill();
  }

  /** Requests more once little waits to be read. */
  void refill() {
    if (queue.waiting() < MIN_WAITING) {
      fill();
    }
  }

  private void fill() {
    RangeSet reading = RangeSet.of(live.ranges(), queue.ranges());
    splits
        .unread()
        .visit(
            end,
            gap -> {
              reading.complementIn(gap).forEach(this::request);
              return queue.waiting() < MAX_WAITING;
            });
  }

  private void request(TimeRange range) {
    LOG.debug("Queueing {} of the backlog", range);
    splits.openFor(range);
    queue.read(range);
  }

  /** How many seconds before a moment are unread, those left out that are read as new. */
  long unreadSeconds(Instant until) {
    RangeSet reading = RangeSet.of(live.ranges());
    return splits
        .unread()
        .seconds(
            until, gap -> reading.complementIn(gap).stream().mapToLong(TimeRange::seconds).sum());
  }

  /**
   * Whether all of it has been read and handed over, but for what the last tick has added: where
   * the open end has yet to begin by the server's clock, each tick adds what is new.
   */
  boolean isRead() {
    return wasRead || queue.isIdle();
  }
}
