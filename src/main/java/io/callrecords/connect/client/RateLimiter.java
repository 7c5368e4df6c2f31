package io.callrecords.connect.client;

import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the next request may start: evenly spaced, without bursts.
 *
 * <p>Tasks that share a rate have slots: each task starts requests in its own slots of the workers'
 * clocks only, so that all tasks together never exceed the rate, even if all of them start at once.
 * A task that does not share the rate may start a request at any time; its first one waits for one
 * spacing, because the task that it replaces may have sent a request just before.
 *
 * <p>When the API reports too many requests, the rate is halved; each page received since then
 * brings back a hundredth of the full rate. A task with slots then leaves some of them unused, so
 * that on average it sends at the lowered rate.
 */
final class RateLimiter {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);

  private static final double MIN_FACTOR = 1.0 / 64;
  private static final double RECOVERY_PER_PAGE = 0.01;
  private static final Duration USUAL_TIMER_DELAY = Duration.ofMillis(10);

  private final EventLoop loop;
  private final Duration spacing;
  private final boolean hasSlots;
  private final Duration firstSlot;

  /** When the rate allows the next request; with slots, it waits for the first one since then. */
  private Duration due;

  private Duration nextStart;
  private Duration backedOffAt = Duration.ZERO;

  /** The part of the full rate that is used now. */
  private double factor = 1;

  private Duration pausedUntil = Duration.ZERO;
  private Duration totalPause = Duration.ZERO;

  /**
   * Creates a limiter.
   *
   * @param perSecond requests per second of all tasks together
   * @param share this task's share of them
   */
  RateLimiter(EventLoop loop, double perSecond, TaskShare share) {
    this.loop = loop;
    this.spacing = Duration.ofNanos(Math.round(1e9 / perSecond * share.count()));
    this.hasSlots = share.count() > 1;
    this.firstSlot = firstSlot(loop, spacing, share);
    this.due = hasSlots ? loop.uptime() : loop.uptime().plus(spacing);
    this.nextStart = startFrom(due);
  }

  /** The uptime, or one before it, at which the worker's clock shows the time of a slot. */
  private static Duration firstSlot(EventLoop loop, Duration spacing, TaskShare share) {
    Instant now = loop.wallClock();
    // From one moment for all: a round that began anew each day would cut the one before short.
    long nanosOfRound = (now.getEpochSecond() * 1_000_000_000 + now.getNano()) % spacing.toNanos();
    Duration ownSlot = spacing.multipliedBy(share.index()).dividedBy(share.count());
    return loop.uptime().minusNanos(nanosOfRound).minus(spacing).plus(ownSlot);
  }

  /** The first moment at which a request may start that is due at the given one. */
  private Duration startFrom(Duration moment) {
    if (!hasSlots) {
      return moment;
    }
    long step = spacing.toNanos();
    long since = moment.minus(firstSlot).toNanos();
    return firstSlot.plusNanos(Math.floorDiv(since + step - 1, step) * step);
  }

  private void dueAt(Duration moment) {
    due = moment;
    nextStart = startFrom(moment);
  }

  /**
   * How long the next request has to wait; zero or less when it may start.
   *
   * @param waited whether the caller has waited for this moment, and may be a little late
   */
  Duration untilNext(boolean waited) {
    Duration now = loop.uptime();
    if (now.minus(nextStart).compareTo(waited ? spacing.dividedBy(2) : Duration.ZERO) > 0) {
      // The slot has passed unused; it is not saved up.
      dueAt(now);
    }
    return nextStart.minus(now);
  }

  /**
   * Records that a request starts. The next one is due a spacing after this one was, not after it
   * has started: late timers, and waiting for a slot, would else lower the rate.
   */
  void begin() {
    Duration step = Duration.ofNanos(Math.round(spacing.toNanos() / factor));
    dueAt((hasSlots ? due : forgiving(due)).plus(step));
  }

  /**
   * The given moment where the request is not later than a timer usually is. Without slots that
   * bound it, more would bring two requests close together.
   */
  private Duration forgiving(Duration moment) {
    Duration half = spacing.dividedBy(2);
    Duration forgiven = half.compareTo(USUAL_TIMER_DELAY) < 0 ? half : USUAL_TIMER_DELAY;
    Duration earliest = loop.uptime().minus(forgiven);
    return moment.compareTo(earliest) > 0 ? moment : earliest;
  }

  /** Lets no request start for a while. */
  void pause(Duration duration) {
    Duration now = loop.uptime();
    Duration until = now.plus(duration);
    if (pausedUntil.compareTo(until) < 0) {
      totalPause = totalPause.plus(until.minus(pausedUntil.compareTo(now) > 0 ? pausedUntil : now));
      pausedUntil = until;
    }
    if (due.compareTo(until) < 0) {
      dueAt(until);
    }
    LOG.trace("No request starts for {} ms", duration.toMillis());
  }

  /** The sum of all pauses so far, including the rest of one that is not over. */
  Duration totalPause() {
    return totalPause;
  }

  /** Requests per second that this task sends at most, at the present rate. */
  double perSecond() {
    return factor * 1e9 / spacing.toNanos();
  }

  /**
   * Halves the rate, because the API has reported too many requests.
   *
   * @param sent when the refused request was sent: if before the rate was last halved, it says
   *     nothing about the present rate
   * @return whether the rate was halved
   */
  boolean backOff(Duration sent) {
    if (factor < 1 && sent.compareTo(backedOffAt) <= 0) {
      return false;
    }
    factor = Math.max(MIN_FACTOR, factor / 2);
    backedOffAt = loop.uptime();
    LOG.trace("Rate lowered to {} requests per second", perSecond());
    return true;
  }

  /** Records that a page was received, which lets a lowered rate recover. */
  void recover() {
    if (factor < 1) {
      factor = Math.min(1, factor + RECOVERY_PER_PAGE);
      LOG.trace("Rate raised to {} requests per second", perSecond());
    }
  }
}
