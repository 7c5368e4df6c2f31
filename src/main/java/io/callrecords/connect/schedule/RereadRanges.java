package io.callrecords.connect.schedule;

import io.callrecords.connect.fetch.RangeQueue;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.state.Batch;
import io.callrecords.connect.state.ReadCount;
import io.callrecords.connect.state.SettledRanges;
import io.callrecords.connect.state.WindowSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settled ranges that are being read again. What comes for one that had been empty is emitted.
 * Runs on the loop.
 */
final class RereadRanges {
  private static final Logger LOG = LoggerFactory.getLogger(RereadRanges.class);

  private final TaskContext task;
  private final SettledRanges settled;
  private final RangeQueue queue;
  private final Consumer<RereadRange> onComplete;
  private final List<RereadRange> underWay = new ArrayList<>();

  /**
   * Creates an empty collection.
   *
   * @param queue reads the ranges
   * @param onComplete takes each range that has been read to its end
   */
  RereadRanges(TaskContext task, RangeQueue queue, Consumer<RereadRange> onComplete) {
    this.task = task;
    this.settled = task.splits().settled();
    this.queue = queue;
    this.onComplete = onComplete;
  }

  /** Whether none is under way. */
  boolean isEmpty() {
    return underWay.isEmpty();
  }

  /** How many are under way. */
  int size() {
    return underWay.size();
  }

  /**
   * Begins to read a range again.
   *
   * @param known what it had come to
   * @param reported the total that the API reports for it, the seconds beside it included
   */
  void read(ReadCount known, long reported) {
    LOG.debug("Reading {} again", known.range());
    underWay.add(new RereadRange(known, reported));
    queue.read(known.range());
  }

  /** Whether a range is yet to be read again. */
  boolean contains(TimeRange range) {
    return find(range) != null;
  }

  private @Nullable RereadRange find(TimeRange range) {
    return underWay.stream().filter(any -> any.isOpen(range)).findFirst().orElse(null);
  }

  /** Leaves out what the API no longer returns. */
  void forget(TimeRange expired) {
    RereadRange range = find(expired);
    if (range != null) {
      range.skip(expired);
      completeIfRead(range);
    }
  }

  private void completeIfRead(RereadRange range) {
    if (range.isComplete()) {
      underWay.remove(range);
      onComplete.accept(range);
    }
  }

  /**
   * Takes a window of one of them.
   *
   * @param expired what of it the API no longer returns
   * @return what is to be emitted of it
   */
  @Nullable Batch apply(WindowSnapshot window, TimeRange expired) {
    RereadRange range = find(window.range());
    if (range == null) {
      return null;
    }
    range.add(window, settled.vanishedAmong(window));
    range.skip(expired);
    Batch batch = range.known().isEmpty() ? applyToEmpty(window) : null;
    completeIfRead(range);
    return batch;
  }

  private @Nullable Batch applyToEmpty(WindowSnapshot window) {
    if (!settled.isSettled(window.range())) {
      return task.splits().apply(window);
    }
    if (window.records().size() > settled.emittedBefore(window)) {
      LOG.debug("Emitting {}, for which the API had returned nothing", window.range());
      return task.splits().applyToEmpty(window);
    }
    if (!window.records().isEmpty()) {
      LOG.debug("All of {} was emitted before its times were corrected", window.range());
      settled.moved(window);
    }
    return null;
  }
}
