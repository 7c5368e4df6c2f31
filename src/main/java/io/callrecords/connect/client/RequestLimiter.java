package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * Lets requests go one by one: never more in flight than allowed, never closer together than the
 * rate allows, and the live edge's first.
 *
 * <p>A request that rests until it is tried again keeps its place, so that an API that fails is not
 * asked for more and more. Only the live edge does not wait for it: one failing day of the backlog
 * would else hold up all that is new.
 *
 * <p>Runs on the loop.
 */
final class RequestLimiter {
  private final EventLoop loop;
  private final int maxInFlight;
  private final RateLimiter rate;
  private final Queue<Waiting> waiting = new PriorityQueue<>(Waiting.ORDER);
  private final Queue<Waiting> waitingToRetry = new PriorityQueue<>(Waiting.ORDER);
  private int inFlight;
  private int parked;
  private long submitted;
  private boolean wakeUpSet;

  /**
   * Creates a gate.
   *
   * @param maxInFlight requests that may be under way at once
   * @param rate how close together they may begin
   */
  RequestLimiter(EventLoop loop, int maxInFlight, RateLimiter rate) {
    this.loop = loop;
    this.maxInFlight = maxInFlight;
    this.rate = rate;
  }

  /** A request that has not begun, or not again. */
  private record Waiting(Priority priority, Instant time, long sequence, Runnable request) {
    static final Comparator<Waiting> ORDER =
        Comparator.comparing(Waiting::priority)
            .thenComparing(Waiting::time)
            .thenComparingLong(Waiting::sequence);
  }

  /**
   * Starts a request when its turn comes; it then holds a place until {@link #release()}.
   *
   * @param time what it asks for: of equal priority, the oldest goes first, so that what is handed
   *     over first is not kept waiting by what was read ahead
   */
  void submit(Priority priority, Instant time, Runnable request) {
    waiting.add(new Waiting(priority, time, submitted++, request));
    dispatch();
  }

  /** Takes note that a request rests until it is tried {@link #retry}. */
  void park() {
    parked++;
    dispatch();
  }

  /**
   * Starts a further attempt of a request that still holds its place, when the rate allows: before
   * those that come after it, but for those of a higher priority.
   */
  void retry(Priority priority, Runnable attempt) {
    parked = Math.max(0, parked - 1);
    // Of one time, all of them: an old one that always fails keeps no other from its turn.
    waitingToRetry.add(new Waiting(priority, Instant.EPOCH, submitted++, attempt));
    dispatch();
  }

  /** Gives a request's place back. */
  void release() {
    inFlight--;
    dispatch();
  }

  private void dispatch() {
    dispatch(false);
  }

  private void dispatch(boolean woken) {
    while (mayRetry() || mayStart()) {
      // Who waits for a slot is not to lose it to a timer that is a little late.
      Duration wait = rate.untilNext(woken || wakeUpSet);
      if (wait.compareTo(Duration.ZERO) > 0) {
        wakeUpAfter(wait);
        return;
      }
      rate.begin();
      next().run();
    }
  }

  private boolean mayRetry() {
    return !waitingToRetry.isEmpty() && underWay() < maxInFlight;
  }

  /** Requests that the API has yet to answer: all that hold a place but those that wait. */
  private int underWay() {
    return inFlight - parked - waitingToRetry.size();
  }

  private boolean mayStart() {
    Waiting next = waiting.peek();
    if (next == null) {
      return false;
    }
    return next.priority() == Priority.LIVE
        ? underWay() < maxInFlight && inFlight < 2 * maxInFlight
        : inFlight < maxInFlight;
  }

  private void wakeUpAfter(Duration wait) {
    if (!wakeUpSet) {
      wakeUpSet = true;
      loop.schedule(
          wait,
          () -> {
            wakeUpSet = false;
            dispatch(true);
          });
    }
  }

  private Runnable next() {
    if (mayRetry() && !(mayStart() && isUrgent())) {
      return waitingToRetry.remove().request();
    }
    inFlight++;
    return waiting.remove().request();
  }

  /** Whether what waits to begin goes before what waits to be tried again. */
  private boolean isUrgent() {
    return waiting.element().priority().compareTo(waitingToRetry.element().priority()) < 0;
  }
}
