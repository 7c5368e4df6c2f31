package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Starts requests one by one: never more of them in flight than allowed, never closer together than
 * the {@link RateLimiter} allows, and those of the live edge first.
 *
 * <p>A request holds a place from its first attempt until it is released, also while it is parked
 * until its next attempt, so that an API that fails gets fewer requests. Only the live edge does
 * not wait for parked requests: otherwise one failing day of the backlog would hold up all new
 * calls.
 *
 * <p>Runs on the loop.
 */
final class RequestLimiter {
  private final EventLoop loop;
  private final int maxInFlight;
  private final RateLimiter rate;
  private final Queue<Waiting> waiting = new PriorityQueue<>(Waiting.ORDER);
  private final Queue<Waiting> waitingToRetry = new PriorityQueue<>(Waiting.ORDER);
  private int places;
  private int parked;
  private long submitted;
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

  /** A request that waits for its first attempt, or for another one. */
  private record Waiting(Priority priority, Instant time, long sequence, Runnable attempt) {
    static final Comparator<Waiting> ORDER =
        Comparator.comparing(Waiting::priority)
            .thenComparing(Waiting::time)
            .thenComparingLong(Waiting::sequence);
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
    waiting.add(new Waiting(priority, time, submitted++, attempt));
    dispatch();
  }

  /** Records that a request in flight has failed and keeps its place until {@link #retry}. */
  void park() {
    loop.checkOnLoop();
    if (loop.invariants().check(inFlight() > 0, "a request is parked that is not in flight")) {
      parked++;
    }
    dispatch();
  }

  /**
   * Starts another attempt of a parked request as soon as the rate allows: before requests of the
   * same priority that have had no attempt yet, after those of a higher one.
   */
  void retry(Priority priority, Runnable attempt) {
    loop.checkOnLoop();
    if (loop.invariants().check(parked > 0, "a request is retried that was not parked")) {
      parked--;
    }
    // All have the same time: an old range that always fails must not keep others from their turn.
    waitingToRetry.add(new Waiting(priority, Instant.EPOCH, submitted++, attempt));
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
    return places == 0 && waiting.isEmpty();
  }

  private void dispatch() {
    dispatch(false);
  }

  private void dispatch(boolean isWokenUp) {
    while (mayRetry() || mayStart()) {
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

  private boolean mayStart() {
    Waiting next = waiting.peek();
    if (next == null) {
      return false;
    }
    return next.priority() == Priority.LIVE
        ? inFlight() < maxInFlight && places < 2 * maxInFlight
        : places < maxInFlight;
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
    if (mayRetry() && !(mayStart() && isUrgent())) {
      return waitingToRetry.remove().attempt();
    }
    places++;
    return waiting.remove().attempt();
  }

  /** Whether the first request without an attempt goes before the first that is retried. */
  private boolean isUrgent() {
    return waiting.element().priority().compareTo(waitingToRetry.element().priority()) < 0;
  }
}
