package io.callrecords.connect.client;

import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
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
 * <p>Requests are spaced evenly, without bursts. Tasks that share a rate take turns: each has its
 * own slots on the workers' clocks, so that together they keep to the rate at any moment, also when
 * all of them start at once. Runs on the loop.
 */
final class RequestGate {
  private final EventLoop loop;
  private final int maxInFlight;
  private final Duration spacing;
  private final Queue<Waiting> waiting = new PriorityQueue<>(Waiting.ORDER);
  private final Deque<Runnable> waitingAgain = new ArrayDeque<>();
  private final boolean turns;
  private final Duration firstSlot;
  private Duration nextSlot;
  private int inFlight;
  private int resting;
  private long entered;
  private boolean wakeUpSet;

  /**
   * Creates a gate.
   *
   * @param maxInFlight requests that may be under way at once
   * @param perSecond requests of all tasks that may begin a second
   * @param share this task's share of them
   */
  RequestGate(EventLoop loop, int maxInFlight, double perSecond, TaskShare share) {
    this.loop = loop;
    this.maxInFlight = maxInFlight;
    this.spacing = Duration.ofNanos(Math.round(1e9 / perSecond * share.count()));
    this.turns = share.count() > 1;
    this.firstSlot = firstSlot(loop, spacing, share);
    this.nextSlot = slotFrom(loop.uptime());
  }

  /** The uptime, or one before it, at which the worker's clock shows the time of a slot. */
  private static Duration firstSlot(EventLoop loop, Duration spacing, TaskShare share) {
    Instant now = loop.wallClock();
    long nanosOfRound =
        (now.getEpochSecond() % 86_400 * 1_000_000_000 + now.getNano()) % spacing.toNanos();
    Duration ownTurn = spacing.multipliedBy(share.index()).dividedBy(share.count());
    return loop.uptime().minusNanos(nanosOfRound).minus(spacing).plus(ownTurn);
  }

  /** The first of the task's slots that is not before a moment. */
  private Duration slotFrom(Duration moment) {
    if (!turns) {
      return moment;
    }
    long step = spacing.toNanos();
    long since = moment.minus(firstSlot).toNanos();
    return firstSlot.plusNanos(Math.floorDiv(since + step - 1, step) * step);
  }

  /** A request that has not begun. */
  private record Waiting(Priority priority, Instant time, long sequence, Runnable request) {
    static final Comparator<Waiting> ORDER =
        Comparator.comparing(Waiting::priority)
            .thenComparing(Waiting::time)
            .thenComparingLong(Waiting::sequence);
  }

  /**
   * Starts a request when its turn comes; it then holds a place until {@link #leave()}.
   *
   * @param time what it asks for: of equal priority, the oldest goes first, so that what is handed
   *     over first is not kept waiting by what was read ahead
   */
  void enter(Priority priority, Instant time, Runnable request) {
    waiting.add(new Waiting(priority, time, entered++, request));
    pass();
  }

  /** Takes note that a request rests until it is tried {@link #again}. */
  void rest() {
    resting++;
    pass();
  }

  /** Starts a further attempt of a request that still holds its place, when the rate allows. */
  void again(Runnable attempt) {
    resting = Math.max(0, resting - 1);
    waitingAgain.add(attempt);
    pass();
  }

  /** Gives a request's place back. */
  void leave() {
    inFlight--;
    pass();
  }

  /** Lets nothing begin for a while. */
  void pause(Duration duration) {
    Duration until = loop.uptime().plus(duration);
    if (nextSlot.compareTo(until) < 0) {
      nextSlot = until;
    }
  }

  private void pass() {
    pass(false);
  }

  private void pass(boolean woken) {
    while (mayTryAgain() || mayBegin()) {
      Duration now = loop.uptime();
      if (now.minus(nextSlot).compareTo(woken ? spacing.dividedBy(2) : Duration.ZERO) > 0) {
        // The slot has passed unused; a timer that is a little late may still use it.
        nextSlot = slotFrom(now);
      }
      Duration wait = nextSlot.minus(now);
      if (wait.compareTo(Duration.ZERO) > 0) {
        wakeUpAfter(wait);
        return;
      }
      nextSlot = turns ? slotFrom(now.plus(spacing.dividedBy(2))) : now.plus(spacing);
      next().run();
    }
  }

  private boolean mayTryAgain() {
    return !waitingAgain.isEmpty() && inFlight - resting - waitingAgain.size() < maxInFlight;
  }

  private boolean mayBegin() {
    Waiting next = waiting.peek();
    if (next == null) {
      return false;
    }
    return next.priority() == Priority.LIVE
        ? inFlight - resting < maxInFlight && inFlight < 2 * maxInFlight
        : inFlight < maxInFlight;
  }

  private void wakeUpAfter(Duration wait) {
    if (!wakeUpSet) {
      wakeUpSet = true;
      loop.schedule(
          wait,
          () -> {
            wakeUpSet = false;
            pass(true);
          });
    }
  }

  private Runnable next() {
    if (mayTryAgain()) {
      return waitingAgain.remove();
    }
    inFlight++;
    return waiting.remove().request();
  }
}
