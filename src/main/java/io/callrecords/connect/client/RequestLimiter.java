package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Starts requests one by one: never more of them in flight than allowed, never closer together than
 * the {@link RateLimiter} allows, and those of the live edge first.
 *
 * <p>A request holds a place from its first attempt until it is released, also while it is parked
 * until its next attempt, so that an API that fails gets fewer requests. The live edge does not
 * wait for parked requests of the backlog, nor the backlog for those of the live edge: otherwise
 * one failing day would hold up all new calls, or one failing minute all old ones. While nothing is
 * answered, each place goes round among those that wait: some ranges may fail, and others not. What
 * fails alone, while others are answered, has a part of the places and every other turn at most: it
 * may take long to fail.
 *
 * <p>Runs on the loop.
 */
final class RequestLimiter {
  private final EventLoop loop;
  private final int maxInFlight;
  private final RateLimiter rate;
  private final Queue<Waiting> waitingLive = new PriorityQueue<>(Waiting.ORDER);
  private final Queue<Waiting> waitingOthers = new PriorityQueue<>(Waiting.ORDER);
  private final Queue<Waiting> waitingAlone = new ArrayDeque<>();
  private final Queue<Waiting> waitingToRetry = new PriorityQueue<>(Waiting.ORDER);
  private int places;
  private int parked;
  private int parkedLive;
  private int alone;
  private boolean wasAlone;
  private long submitted;
  private long turns;
  private boolean isAnswered = true;
  private boolean isWakeUpSet;

  /**
   * Creates a limiter.
   *
   * @param maxInFlight requests that may be in flight at once
   * @param rate how close together they may start
   */
  RequestLimiter(EventLoop loop, int maxInFlight, RateLimiter rate) {
    this.loop = loop;
    this.maxInFlight = maxInFlight;
    this.rate = rate;
  }

  /**
   * A request that waits for its first attempt, or for another one.
   *
   * @param turn 0, or the higher, the later it has given its place to another one
   */
  private record Waiting(
      Priority priority, long turn, Instant time, long sequence, Runnable attempt) {
    static final Comparator<Waiting> ORDER =
        Comparator.comparingLong(Waiting::turn)
            .thenComparing(Waiting::priority)
            .thenComparing(Waiting::time)
            .thenComparingLong(Waiting::sequence);

    Waiting inOrderOfTime() {
      return new Waiting(priority, 0, time, sequence, attempt);
    }
  }

  /**
   * Starts a request as soon as place and rate allow; it then holds a place until {@link
   * #release()}.
   *
   * @param time the start of the range that it requests: at equal priority, the oldest goes first,
   *     so that prefetched ranges do not delay the one that is emitted first
   */
  void submit(Priority priority, Instant time, Runnable attempt) {
    loop.checkOnLoop();
    waiting(priority).add(new Waiting(priority, 0, time, submitted++, attempt));
    dispatch();
  }

  /**
   * Starts a request that goes on failing while others are answered, as {@link #submit} does, but
   * so that it takes little from them; until {@link #endAlone()} it counts as such.
   */
  void submitAlone(Priority priority, Instant time, Runnable attempt) {
    loop.checkOnLoop();
    waitingAlone.add(new Waiting(priority, 0, time, submitted++, attempt));
    dispatch();
  }

  /** Records that an attempt of such a request has ended; it keeps its place. */
  void endAlone() {
    loop.checkOnLoop();
    if (loop.invariants().check(alone > 0, "an attempt ends alone that was not under way")) {
      alone--;
    }
  }

  private Queue<Waiting> waiting(Priority priority) {
    return priority == Priority.LIVE ? waitingLive : waitingOthers;
  }

  /** Records that the API has returned a page. */
  void recordPage() {
    loop.checkOnLoop();
    isAnswered = true;
    if (turns > 0) {
      turns = 0;
      sortByTime(waitingLive);
      sortByTime(waitingOthers);
    }
  }

  private static void sortByTime(Queue<Waiting> waiting) {
    List<Waiting> all = waiting.stream().map(Waiting::inOrderOfTime).toList();
    waiting.clear();
    waiting.addAll(all);
  }

  /** Records that a request in flight has failed and keeps its place until {@link #retry}. */
  void park(Priority priority) {
    loop.checkOnLoop();
    if (loop.invariants().check(inFlight() > 0, "a request is parked that is not in flight")) {
      parked++;
      parkedLive += priority == Priority.LIVE ? 1 : 0;
    }
    isAnswered = false;
    dispatch();
  }

  /**
   * Starts another attempt of a parked request as soon as the rate allows: before requests of the
   * same priority that wait for a place, after those of a higher one. If no page has come since a
   * request was parked, its place goes to one of these, and it waits for its turn behind them.
   *
   * @param time the start of the range that it requests
   */
  void retry(Priority priority, Instant time, Runnable attempt) {
    loop.checkOnLoop();
    if (loop.invariants().check(parked > 0, "a request is retried that was not parked")) {
      parked--;
      parkedLive -= priority == Priority.LIVE ? 1 : 0;
    }
    Queue<Waiting> others = waiting(priority);
    boolean areAloneWaiting = priority != Priority.LIVE && !waitingAlone.isEmpty();
    if (!isAnswered && (areAloneWaiting || !others.isEmpty())) {
      places--;
      others.add(new Waiting(priority, ++turns, time, submitted++, attempt));
    } else {
      // All have the same time: an old range that always fails must not keep others from their
      // turn.
      waitingToRetry.add(new Waiting(priority, 0, Instant.EPOCH, submitted++, attempt));
    }
    dispatch();
  }

  /** Gives back the place of a request in flight. */
  void release() {
    loop.checkOnLoop();
    if (loop.invariants().check(inFlight() > 0, "a place is released that no request holds")) {
      places--;
    }
    dispatch();
  }

  /** Whether no request waits or holds a place: each that was submitted has been released. */
  boolean isIdle() {
    return places == 0
        && waitingLive.isEmpty()
        && waitingOthers.isEmpty()
        && waitingAlone.isEmpty();
  }

  private void dispatch() {
    dispatch(false);
  }

  private void dispatch(boolean isWokenUp) {
    while (mayRetry() || startable() != null) {
      // A request that waits for a slot must not lose it because a timer is a little late.
      Duration wait = rate.untilNext(isWokenUp || isWakeUpSet);
      if (wait.compareTo(Duration.ZERO) > 0) {
        wakeUpAfter(wait);
        return;
      }
      rate.begin();
      next().run();
    }
  }

  private boolean mayRetry() {
    return !waitingToRetry.isEmpty() && inFlight() < maxInFlight;
  }

  /** Requests that the API has not answered yet: all that hold a place, except for failed ones. */
  private int inFlight() {
    return places - parked - waitingToRetry.size();
  }

  /** The queue whose first request may take a place; null for none. */
  private @Nullable Queue<Waiting> startable() {
    if (inFlight() >= maxInFlight) {
      return null;
    }
    if (!waitingLive.isEmpty() && places < 2 * maxInFlight) {
      return waitingLive;
    }
    if (places - parkedLive >= maxInFlight) {
      return null;
    }
    boolean isTurnOfAlone = waitingOthers.isEmpty() || !wasAlone;
    if (!waitingAlone.isEmpty() && isTurnOfAlone && alone < Math.max(1, maxInFlight / 4)) {
      return waitingAlone;
    }
    return waitingOthers.isEmpty() ? null : waitingOthers;
  }

  private void wakeUpAfter(Duration wait) {
    if (!isWakeUpSet) {
      isWakeUpSet = true;
      loop.schedule(
          wait,
          () -> {
            isWakeUpSet = false;
            dispatch(true);
          });
    }
  }

  private Runnable next() {
    Queue<Waiting> startable = startable();
    if (startable == null || (mayRetry() && !isUrgent(startable.element()))) {
      return waitingToRetry.remove().attempt();
    }
    places++;
    if (startable == waitingAlone) {
      alone++;
      wasAlone = true;
    } else if (startable == waitingOthers) {
      wasAlone = false;
    }
    return startable.remove().attempt();
  }

  /** Whether a request without a place goes before the first that is retried. */
  private boolean isUrgent(Waiting first) {
    return first.priority().compareTo(waitingToRetry.element().priority()) < 0;
  }
}
