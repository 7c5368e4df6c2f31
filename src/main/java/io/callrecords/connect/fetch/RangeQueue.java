package io.callrecords.connect.fetch;

import io.callrecords.connect.client.Priority;
import io.callrecords.connect.loop.EventLoop;
import io.callrecords.connect.split.TimeRange;
import io.callrecords.connect.split.ZoneTransitions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches one range after another, cut into windows of bounded size, and yields them in order.
 *
 * <p>It prefetches beyond what has been taken, so that requests are always in flight, but never
 * holds more than a few windows' records. Runs on the loop.
 */
public final class RangeQueue {
  private static final Logger LOG = LoggerFactory.getLogger(RangeQueue.class);

  private final EventLoop loop;
  private final Priority priority;
  private final PrefetchLimits limits;
  private final ZoneTransitions transitions;
  private final FetchEnvironment environment;
  private final FailureIsolation isolation;
  private final Deque<RangeFetch> fetches = new ArrayDeque<>();
  private boolean isFull;
  private boolean isAdvancing;
  private boolean hasChanged;

  /** Whether the first records are there, or about to arrive. */
  private boolean hasBegun;

  /**
   * Creates an empty queue.
   *
   * @param loop the loop that all calls are made on
   * @param reader reads windows
   * @param priority which requests of other queues these go before
   * @param limits how far it prefetches
   * @param retention how far back the API returns records
   * @param transitions when the clocks of the API's zone are set: no query spans such a moment
   * @param onReady called when the next result may be there
   * @param onFailure called when fetching has failed for good
   */
  public RangeQueue(
      EventLoop loop,
      WindowReader reader,
      Priority priority,
      PrefetchLimits limits,
      RetentionLimit retention,
      ZoneTransitions transitions,
      Runnable onReady,
      Consumer<Throwable> onFailure) {
    this.loop = loop;
    this.priority = priority;
    this.limits = limits;
    this.transitions = transitions;
    this.isolation = new FailureIsolation(loop, priority);
    this.environment =
        new FetchEnvironment(
            loop,
            reader,
            priority,
            retention,
            new WindowCutter(reader.facts(), priority),
            new QueueListener(onReady, onFailure));
  }

  /** Whether everything has been fetched and taken. */
  public boolean isIdle() {
    loop.checkOnLoop();
    return fetches.isEmpty();
  }

  /** How many ranges wait to be requested. */
  public int waiting() {
    loop.checkOnLoop();
    return (int) fetches.stream().filter(fetch -> fetch.phase() == FetchPhase.WAITING).count();
  }

  /** The ranges that are not yet fetched and taken, in order. */
  public List<TimeRange> ranges() {
    loop.checkOnLoop();
    return fetches.stream().map(RangeFetch::range).toList();
  }

  /**
   * Reads a range once those before it are in flight. One in which the clocks of the API's zone are
   * set is read in pieces, each of which has a result of its own.
   */
  public void read(TimeRange range) {
    transitions
        .cut(range)
        .forEach(piece -> add(new RangeFetch(FetchOrder.reading(piece), environment)));
  }

  /** Reads a range unless its total is the expected one. */
  public void readUnless(TimeRange range, long expectedTotal) {
    if (transitions.cut(range).size() > 1) {
      // A window of an earlier version: it is replaced by smaller ones.
      read(range);
    } else {
      add(new RangeFetch(FetchOrder.readingUnless(range, expectedTotal), environment));
    }
  }

  /** Compares a range's total with the expected one, and reads nothing. */
  public void compare(TimeRange range, long expectedTotal) {
    add(
        transitions.hasOneTotal(range)
            ? new RangeFetch(FetchOrder.comparing(range, expectedTotal), environment)
            : new RangeFetch(FetchOrder.incomparable(range), environment));
  }

  private void add(RangeFetch fetch) {
    loop.checkOnLoop();
    fetches.add(fetch);
    advance();
  }

  /**
   * Takes the next result; returns null while it is not there yet. Results come in order, unless a
   * range holds up too many others, or for too long, as one does for which the API goes on failing:
   * then it is overtaken.
   */
  public @Nullable FetchResult take() {
    loop.checkOnLoop();
    RangeFetch next = first();
    if (next != null && next.phase() != FetchPhase.DONE) {
      next = overtaking(next);
    }
    if (next == null) {
      return null;
    }
    fetches.remove(next);
    FetchResult result = next.takeResult();
    advance();
    return result;
  }

  /** The first range that others wait for; a young range that the API refuses holds up none. */
  private @Nullable RangeFetch first() {
    return first(fetch -> true);
  }

  private @Nullable RangeFetch first(Predicate<RangeFetch> which) {
    return fetches.stream()
        .filter(fetch -> fetch.phase().holdsUpOthers())
        .filter(which)
        .findFirst()
        .orElse(null);
  }

  /** The range that may be taken before the first; null for none. */
  private @Nullable RangeFetch overtaking(RangeFetch first) {
    List<RangeFetch> done =
        fetches.stream().filter(fetch -> fetch.phase() == FetchPhase.DONE).toList();
    boolean mayOvertake = done.size() >= limits.maxOpenRanges() || isFull || first.isLate();
    if (!mayOvertake || done.isEmpty()) {
      return null;
    }
    LOG.trace("{} overtakes {} ({}).", done.get(0).range(), first.range(), first.phase());
    return done.get(0);
  }

  /**
   * Opens and reads as far as the limits allow. Since that may change the queue, it starts over
   * until nothing changes.
   */
  private void advance() {
    hasChanged = true;
    if (isAdvancing) {
      return;
    }
    isAdvancing = true;
    try {
      while (hasChanged) {
        hasChanged = false;
        advanceOnce();
      }
    } finally {
      isAdvancing = false;
    }
  }

  /**
   * Opens the next few ranges, and reads those whose records may be held: the first in any case,
   * the others while there is room.
   */
  private void advanceOnce() {
    long buffered = 0;
    long weight = 0;
    int open = 0;
    int stuck = 0;
    RangeFetch first = first(fetch -> !fetch.isStuck());
    isFull = false;
    for (RangeFetch fetch : List.copyOf(fetches)) {
      if (fetch.phase() == FetchPhase.WAITING) {
        if (fetch != first && weight + fetch.bufferedWeight() > limits.maxWeight()) {
          isFull = true;
          return;
        }
        fetch.open();
      }
      if (!hasChanged && fetch.phase() == FetchPhase.OPENED) {
        if (fetch == first
            || limits.allow(buffered + fetch.bufferedRecords(), weight + fetch.bufferedWeight())) {
          fetch.fetchRemaining();
        } else {
          isFull = true;
        }
      }
      if (hasChanged) {
        return;
      }
      // For what the API goes on failing, another one is opened, and not for ever another one.
      if (fetch.isStuck() && stuck < limits.maxStuckRanges()) {
        stuck++;
      } else if (fetch.phase().isOpen() && ++open >= limits.maxOpenRanges()) {
        return;
      }
      if (!fetch.isStuck()) {
        buffered += fetch.bufferedRecords();
        weight += fetch.bufferedWeight();
      }
    }
  }

  private void replace(RangeFetch fetch, List<FetchOrder> pieces) {
    List<RangeFetch> all = new ArrayList<>(fetches);
    boolean isQueued =
        loop.invariants().check(all.contains(fetch), "a range is cut that is not in the queue");
    if (!isQueued) {
      return;
    }
    fetches.clear();
    for (RangeFetch other : all) {
      if (other == fetch) {
        pieces.forEach(piece -> fetches.add(new RangeFetch(piece, environment)));
      } else {
        fetches.add(other);
      }
    }
  }

  /** Receives the callbacks of the ranges. */
  private final class QueueListener implements FetchEnvironment.Listener {
    private final Runnable onReady;
    private final Consumer<Throwable> onFailure;

    QueueListener(Runnable onReady, Consumer<Throwable> onFailure) {
      this.onReady = onReady;
      this.onFailure = onFailure;
    }

    @Override
    public boolean isStart(RangeFetch fetch) {
      return !hasBegun && priority == Priority.BACKLOG && fetch == first();
    }

    @Override
    public void recordsExpected() {
      hasBegun = true;
    }

    @Override
    public boolean isolates(RangeFetch fetch) {
      return isolation.isolates(fetch, fetches);
    }

    @Override
    public void replace(RangeFetch fetch, List<FetchOrder> pieces) {
      RangeQueue.this.replace(fetch, pieces);
    }

    @Override
    public void progressed() {
      advance();
    }

    @Override
    public void ready() {
      onReady.run();
    }

    @Override
    public void failed(Throwable cause) {
      onFailure.accept(cause);
    }
  }
}
