package io.callrecords.connect.client;

import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;

/**
 * When the next request may begin: evenly spaced, without bursts.
 *
 * <p>Tasks that share a rate take sharesSlots: each has its own slots on the workers' clocks, so
 * that together they keep to the rate at any moment, also when all of them start at once. A task
 * that does not share waits out one spacing when it starts, since the one that it replaces may just
 * have asked.
 *
 * <p>An API that is queried too often halves the rate; each answer since brings back a hundredth of
 * it.
 */
final class RateLimiter {
  private static final double LEAST_SHARE = 1.0 / 64;
  private static final double RECOVERED = 0.01;
  private static final Duration USUALLY_LATE = Duration.ofMillis(10);

  private final EventLoop loop;
  private final Duration spacing;
  private final boolean sharesSlots;
  private final Duration firstSlot;
  private Duration nextSlot;
  private Duration backedOffAt = Duration.ZERO;
  private double shareOfRate = 1;
  private Duration pausedUntil = Duration.ZERO;
  private Duration paused = Duration.ZERO;

  /**
   * Creates a pace.
   *
   * @param perSecond requests of all tasks that may begin a second
   * @param share this task's share of them
   */
  RateLimiter(EventLoop loop, double perSecond, TaskShare share) {
    this.loop = loop;
    this.spacing = Duration.ofNanos(Math.round(1e9 / perSecond * share.count()));
    this.sharesSlots = share.count() > 1;
    this.firstSlot = firstSlot(loop, spacing, share);
    this.nextSlot = sharesSlots ? slotFrom(loop.uptime()) : loop.uptime().plus(spacing);
  }

  /** The uptime, or one before it, at which the worker's clock shows the time of a slot. */
  private static Duration firstSlot(EventLoop loop, Duration spacing, TaskShare share) {
    Instant now = loop.wallClock();
    // From one moment for all: a round that began anew each day would cut the one before short.
    long nanosOfRound = (now.getEpochSecond() * 1_000_000_000 + now.getNano()) % spacing.toNanos();
    Duration ownTurn = spacing.multipliedBy(share.index()).dividedBy(share.count());
    return loop.uptime().minusNanos(nanosOfRound).minus(spacing).plus(ownTurn);
  }

  /** The first of the task's slots that is not before a moment. */
  private Duration slotFrom(Duration moment) {
    if (!sharesSlots) {
      return moment;
    }
    long step = spacing.toNanos();
    long since = moment.minus(firstSlot).toNanos();
    return firstSlot.plusNanos(Math.floorDiv(since + step - 1, step) * step);
  }

  /**
   * How long the next request has to wait; not longer than zero when it may begin.
   *
   * @param waited whether the caller has waited for its slot, and may be a little late for it
   */
  Duration untilNext(boolean waited) {
    Duration now = loop.uptime();
    if (now.minus(nextSlot).compareTo(waited ? spacing.dividedBy(2) : Duration.ZERO) > 0) {
      // The slot has passed unused.
      nextSlot = slotFrom(now);
    }
    return nextSlot.minus(now);
  }

  /**
   * Takes note that a request begins. The next slot counts from this one's own as far as a timer is
   * usually late: else that would cost a part of the rate each time. What is later than that counts
   * from now, so that two requests never come much closer together than the rate allows.
   */
  void begin() {
    Duration step = Duration.ofNanos(Math.round(spacing.toNanos() / shareOfRate));
    Duration half = spacing.dividedBy(2);
    Duration forgiven = half.compareTo(USUALLY_LATE) < 0 ? half : USUALLY_LATE;
    Duration least = loop.uptime().minus(forgiven);
    Duration next = (nextSlot.compareTo(least) > 0 ? nextSlot : least).plus(step);
    nextSlot = sharesSlots ? slotFrom(next.minus(half)) : next;
  }

  /** Lets nothing begin for a while. */
  void pause(Duration duration) {
    Duration now = loop.uptime();
    Duration until = now.plus(duration);
    if (pausedUntil.compareTo(until) < 0) {
      paused = paused.plus(until.minus(pausedUntil.compareTo(now) > 0 ? pausedUntil : now));
      pausedUntil = until;
    }
    if (nextSlot.compareTo(until) < 0) {
      nextSlot = until;
    }
  }

  /** How long nothing was to begin so far, pauses that go on included. */
  Duration paused() {
    return paused;
  }

  /** Requests a second that may begin at the rate of now. */
  double perSecond() {
    return shareOfRate * 1e9 / spacing.toNanos();
  }

  /**
   * Lowers the rate, since the API calls it too high.
   *
   * @param sent when the request began that was refused: one from before the last lowering says
   *     nothing of the rate since
   * @return whether it was lowered
   */
  boolean backOff(Duration sent) {
    if (shareOfRate < 1 && sent.compareTo(backedOffAt) <= 0) {
      return false;
    }
    shareOfRate = Math.max(LEAST_SHARE, shareOfRate / 2);
    backedOffAt = loop.uptime();
    return true;
  }

  /** Takes note of an answer, which lets a lowered rate recover. */
  void recover() {
    shareOfRate = Math.min(1, shareOfRate + RECOVERED);
  }
}
