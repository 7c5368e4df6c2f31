package io.callrecords.connect.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The tasks of one worker that share a rate: what they have learned together of the rate that the
 * API bears, and the slots in which they take turns.
 *
 * <p>Where all tasks that share the rate are members, their slots are as far apart as the learned
 * rate wants it. Where some run in other workers, which learn for themselves, the slots stay where
 * all know them to be by their clocks. Any thread may use it.
 */
final class RateGroup {
  private final int tasks;
  private final SlotRound slots;

  /** The nanoseconds of a round, in which each task has its slots, at the full rate. */
  private final long fullRound;

  private final List<Member> members = new ArrayList<>();
  private final AdaptiveRate adaptive = new AdaptiveRate();
  private final ThrottleDetector throttles = new ThrottleDetector();
  private boolean isComplete;

  /** The uptime at which a round begins at the full rate, by the worker's clock. */
  private long fullOrigin;

  /** The uptime at which a round begins. */
  private long origin;

  /** The nanoseconds of a round. */
  private long round;

  /** No slot before this uptime is used: the last one before the slots were moved is too close. */
  private long notBefore;

  /** A task, known by its limiter. */
  private record Member(int index, Object limiter) {}

  /**
   * Creates a group without members.
   *
   * @param perSecond requests per second of all tasks together
   * @param tasks how many tasks share them, here and elsewhere
   */
  RateGroup(double perSecond, int tasks) {
    this(perSecond, Collections.nCopies(tasks, 1));
  }

  /**
   * Creates a group without members.
   *
   * @param perSecond requests per second of all tasks together
   * @param weights what each of the tasks that share them has of them, in proportion
   */
  RateGroup(double perSecond, List<Integer> weights) {
    this.tasks = weights.size();
    this.slots = new SlotRound(weights);
    this.fullRound = Math.round(1e9 / perSecond * slots.slots());
    this.round = fullRound;
  }

  /**
   * Adds a task, which is a member until it {@linkplain #leave leaves}.
   *
   * @param index number of the task
   * @param limiter what it leaves by
   * @param uptime the uptime
   * @param wallClock the worker's clock at that uptime
   */
  synchronized void join(int index, Object limiter, Duration uptime, Instant wallClock) {
    members.add(new Member(index, limiter));
    countMembers();
    // From one moment for all: a round that began anew each day would cut the one before short.
    long clock = wallClock.getEpochSecond() * 1_000_000_000 + wallClock.getNano();
    fullOrigin = uptime.toNanos() - clock % fullRound;
    origin = fullOrigin;
    round = fullRound;
    notBefore = Long.MIN_VALUE;
    respace(uptime);
  }

  /** Removes the task of a limiter; does nothing where it is no member. */
  synchronized void leave(Object limiter) {
    members.removeIf(member -> member.limiter() == limiter);
    countMembers();
  }

  private void countMembers() {
    long present = members.stream().mapToInt(Member::index).distinct().count();
    isComplete = members.size() == tasks && present == tasks;
  }

  /** Whether it has no members. */
  synchronized boolean isEmpty() {
    return members.isEmpty();
  }

  /** Whether all tasks that share the rate are members, each once. */
  synchronized boolean isComplete() {
    return isComplete;
  }

  /** Tells what is throttling by what all members are answered. */
  ThrottleDetector throttles() {
    return throttles;
  }

  /** How long a round is at the full rate. */
  Duration fullRound() {
    return Duration.ofNanos(fullRound);
  }

  /** The time between two slots of one task at the full rate, on average. */
  Duration fullSpacing(int index) {
    return Duration.ofNanos(fullRound / slots.slots(index));
  }

  /** The time from one slot to the next one at the full rate, whosever they are. */
  Duration fullSpacing() {
    return Duration.ofNanos(fullRound / slots.slots());
  }

  /** Whether each task has one slot in a round. */
  boolean isEven() {
    return slots.isEven();
  }

  /** The time from one slot to the next one, whosever they are. */
  synchronized Duration spacing() {
    return Duration.ofNanos(round / slots.slots());
  }

  /** The first slot of a task that is not before the given uptime. */
  synchronized Duration slotFrom(int index, Duration uptime) {
    long since = Math.max(uptime.toNanos(), notBefore) - origin;
    return Duration.ofNanos(origin + slots.firstFrom(index, since, round));
  }

  /**
   * The first slot of a task at the full rate that is not before the given uptime.
   *
   * @param begun an uptime at which a round begins
   */
  Duration fullSlotFrom(int index, Duration uptime, Duration begun) {
    long since = uptime.toNanos() - begun.toNanos();
    return begun.plusNanos(slots.firstFrom(index, since, fullRound));
  }

  /** The part of the full rate to use now. */
  synchronized double factor() {
    return adaptive.factor();
  }

  /** Whether it is known at which rate the API refuses requests. */
  synchronized boolean isLearned() {
    return adaptive.isLearned();
  }

  /**
   * Records that a task's request was refused as one too many.
   *
   * @param uptime the uptime
   * @param sent when it was sent
   * @return whether the rate was lowered
   */
  synchronized boolean refuse(Duration uptime, Duration sent) {
    boolean isLower = adaptive.refuse(uptime, sent);
    respace(uptime);
    return isLower;
  }

  /**
   * Records that a task has received a page, which lets a lowered rate recover.
   *
   * @param uptime the uptime
   * @return whether the rate was raised
   */
  synchronized boolean accept(Duration uptime) {
    double before = adaptive.factor();
    adaptive.accept(uptime);
    respace(uptime);
    return adaptive.factor() > before;
  }

  /**
   * Records that a request has left later than its slot was: at a learned rate, the slots to come
   * move by that.
   *
   * @param uptime when it left
   */
  synchronized void delay(Duration uptime) {
    if (round != fullRound) {
      origin = uptime.toNanos() - slots.at(lastSlot(uptime), round);
      notBefore = uptime.toNanos() + round / slots.slots();
    }
  }

  /** Moves the slots to come, so that they are as far apart as the present rate wants it. */
  private void respace(Duration uptime) {
    long wanted = Math.round(fullRound / adaptive.factor());
    if (wanted == round) {
      return;
    }
    int slot = lastSlot(uptime);
    long begun = Math.floorDiv(uptime.toNanos() - origin, round) * round;
    long last = origin + begun + slots.at(slot, round);
    round = wanted;
    notBefore = last + round / slots.slots();
    // At the full rate they are where tasks of other workers would look for them.
    origin = round == fullRound ? fullOrigin : last - slots.at(slot, round);
  }

  /** Number of the last slot until the given uptime. */
  private int lastSlot(Duration uptime) {
    return slots.lastUntil(Math.floorMod(uptime.toNanos() - origin, round), round);
  }
}
