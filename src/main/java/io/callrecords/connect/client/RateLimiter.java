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
 * <p>When the API reports too many requests, the {@link AdaptiveRate} falls. Where all tasks that
 * share the rate are in this worker, their slots then are further apart. Elsewhere a task leaves
 * some of its slots unused, so that on average it sends at the lowered rate.
 */
final class RateLimiter {
  private static final Logger LOG = LoggerFactory.getLogger(RateLimiter.class);

  /**
   * Where the spacing is less, what timers are late by is made good: it would take a noticeable
   * part of the rate. Elsewhere an API that counts each millisecond would refuse what comes early.
   */
  private static final Duration SHORT_SPACING = Duration.ofMillis(20);

  /** A task on a busy machine that has missed so many slots in a row begins outside of them. */
  private static final int MAX_MISSED_SLOTS = 2;

  private final EventLoop loop;
  private final RateGroup group;
  private final int index;

  /** The time between two requests of this task at the full rate, on average. */
  private final Duration spacing;

  private final boolean hasSlots;

  /** When a round begins at the full rate, by the worker's clock. */
  private final Duration roundBegin;

  /** When the rate allows the next request. */
  private Duration due;

  /** With slots, the next request waits for the first one since then. */
  private Duration slotsFrom;

  private Duration nextStart;

  /** The slot that the caller was last told to wait for. */
  private Duration awaited = Duration.ZERO;

  private int missedSlots;
  private Duration pausedUntil = Duration.ZERO;
  private Duration totalPause = Duration.ZERO;

  /**
   * Creates a limiter of a task that learns for itself.
   *
   * @param perSecond requests per second of all tasks together
   * @param share this task's share of them
   */
  RateLimiter(EventLoop loop, double perSecond, TaskShare share) {
    this(loop, share, new RateGroup(perSecond, share.weights()));
  }

  /**
   * Creates a limiter of a task that learns together with others, until it is closed.
   *
   * @param share this task's share of the rate
   * @param group the tasks of this worker that share it
   */
  RateLimiter(EventLoop loop, TaskShare share, RateGroup group) {
    this.loop = loop;
    this.group = group;
    this.index = share.index();
    this.spacing = group.fullSpacing(index);
    this.hasSlots = share.count() > 1;
    this.roundBegin = roundBegin(loop, group.fullRound());
    group.join(index, this, loop.uptime(), loop.wallClock());
    this.due = hasSlots ? loop.uptime() : loop.uptime().plus(spacing);
    this.slotsFrom = due;
    this.nextStart = startFrom(due);
  }

  private static Duration roundBegin(EventLoop loop, Duration round) {
    Instant now = loop.wallClock();
    // From one moment for all: a round that began anew each day would cut the one before short.
    long clock = now.getEpochSecond() * 1_000_000_000 + now.getNano();
    return loop.uptime().minusNanos(clock % round.toNanos());
  }

  /** The first moment at which a request may start that is due at the given one. */
  private Duration startFrom(Duration moment) {
    if (!hasSlots) {
      return moment;
    }
    return group.isComplete()
        ? group.slotFrom(index, moment)
        : group.fullSlotFrom(index, moment, roundBegin);
  }

  private void dueAt(Duration moment) {
    dueAt(moment, moment);
  }

  private void dueAt(Duration moment, Duration newSlotsFrom) {
    due = moment;
    slotsFrom = newSlotsFrom;
    nextStart = startFrom(slotsFrom);
  }

  /**
   * How long the next request has to wait; zero or less when it may start.
   *
   * @param waited whether the caller has waited for this moment, and may be a little late
   */
  Duration untilNext(boolean waited) {
    Duration now = loop.uptime();
    // The slots may have been moved since.
    nextStart = startFrom(slotsFrom);
    if (now.minus(nextStart).compareTo(waited ? tolerance() : Duration.ZERO) > 0) {
      // A slot that has been moved is not missed.
      boolean isTimerLate = waited && nextStart.equals(awaited);
      if (isTimerLate && ++missedSlots > MAX_MISSED_SLOTS) {
        // Timers are too late for its slots, and would be for the next ones.
        return Duration.ZERO;
      }
      // The slot has passed unused; it is not saved up.
      dueAt(now);
    }
    awaited = nextStart;
    return nextStart.minus(now);
  }

  /** How late a request may be that has waited for its moment: no other one is to come near it. */
  private Duration tolerance() {
    if (!hasSlots) {
      return spacing.dividedBy(2);
    }
    Duration slot = group.isComplete() ? group.spacing() : group.fullSpacing();
    if (slot.compareTo(SHORT_SPACING) <= 0) {
      // A timer is mostly later than that: each slot would pass unused, and the task would starve.
      return SHORT_SPACING.dividedBy(2);
    }
    return group.isComplete() ? slot.dividedBy(4) : (group.isEven() ? spacing : slot).dividedBy(2);
  }

  /**
   * Records that a request starts. The next one is due a spacing later. With slots, it is due a
   * spacing after this one was: waiting for a slot would else lower the rate.
   */
  void begin() {
    missedSlots = 0;
    if (hasSlots && group.isComplete()) {
      // Its next slot, which may come sooner or later than it would now.
      dueAt(nextStart.plus((group.isEven() ? step() : group.spacing()).dividedBy(3)));
      delaySlots(loop.uptime());
      return;
    }
    if (hasSlots && !group.isEven()) {
      dueInUnevenSlots(due.plus(step()));
      return;
    }
    dueAt((hasSlots ? due : forgiving(due)).plus(step()));
  }

  /** Slots of a task that has several in a round are now closer together, now further apart. */
  private void dueInUnevenSlots(Duration moment) {
    Duration unevenness = spacing.plus(group.fullSpacing().multipliedBy(2));
    Duration earliest = moment.minus(unevenness);
    Duration behindThis = nextStart.plusNanos(1);
    dueAt(moment, earliest.compareTo(behindThis) > 0 ? earliest : behindThis);
  }

  private Duration step() {
    return Duration.ofNanos(Math.round(spacing.toNanos() / group.factor()));
  }

  /** The given moment, or the present where the request is too late to be forgiven. */
  private Duration forgiving(Duration moment) {
    Duration forgiven =
        spacing.compareTo(SHORT_SPACING) <= 0 ? spacing.dividedBy(2) : Duration.ZERO;
    Duration earliest = loop.uptime().minus(forgiven);
    return moment.compareTo(earliest) > 0 ? moment : earliest;
  }

  /**
   * Records that the request that started last was written to its connection, which may have had to
   * be opened first: the next one is due a spacing after that.
   *
   * @param at the uptime at which it was
   */
  void sent(Duration at) {
    if (hasSlots) {
      delaySlots(at);
      return;
    }
    Duration next = at.plus(step());
    if (spacing.compareTo(SHORT_SPACING) > 0 && due.compareTo(next) < 0) {
      dueAt(next);
    }
  }

  private void delaySlots(Duration at) {
    if (group.isComplete() && group.spacing().compareTo(SHORT_SPACING) > 0) {
      group.delay(at);
    }
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
    } else if (slotsFrom.compareTo(until) < 0) {
      dueAt(due, until);
    }
    LOG.trace("No request starts for {} ms", duration.toMillis());
  }

  /** The sum of all pauses so far, including the rest of one that is not over. */
  Duration totalPause() {
    return totalPause;
  }

  /** Requests per second that this task sends at most, at the present rate. */
  double perSecond() {
    return group.factor() * 1e9 / spacing.toNanos();
  }

  /** Whether it is known at which rate the API refuses requests. */
  boolean isLearned() {
    return group.isLearned();
  }

  /**
   * Lowers the rate, because the API has reported too many requests.
   *
   * @param sent when the refused request was sent: if before the rate was last lowered, it says
   *     nothing about the present rate
   * @return whether the rate was lowered
   */
  boolean backOff(Duration sent) {
    boolean isLower = group.refuse(loop.uptime(), sent);
    if (isLower) {
      LOG.trace("Rate lowered to {} requests per second", perSecond());
    }
    return isLower;
  }

  /** Records that a page was received, which lets a lowered rate recover. */
  void recover() {
    if (group.accept(loop.uptime())) {
      LOG.trace("Rate raised to {} requests per second", perSecond());
    }
  }

  /** Leaves the tasks that share the rate. Any thread may close it. */
  void close() {
    group.leave(this);
  }
}
