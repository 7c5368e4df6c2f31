package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks of one worker: what they learn together, and how they take turns. */
class RateGroupTest {
  private static final Duration SPACING = Duration.ofMillis(200);

  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-01T00:00:00.037Z"));

  private RateLimiter limiter(RateGroup group, int index, int tasks) {
    return new RateLimiter(loop, new TaskShare(index, tasks), group);
  }

  /** A task that always has something to request. */
  private void demand(RateLimiter rate, List<Duration> begun) {
    Duration wait = rate.untilNext(true);
    if (wait.compareTo(Duration.ZERO) <= 0) {
      rate.begin();
      begun.add(loop.uptime());
      wait = rate.untilNext(false);
    }
    loop.schedule(wait, () -> demand(rate, begun));
  }

  @Test
  void whatOneIsRefusedSlowsAllDown() {
    RateGroup group = new RateGroup(5, 2);
    RateLimiter first = limiter(group, 0, 2);
    RateLimiter second = limiter(group, 1, 2);
    loop.runFor(SPACING);
    first.backOff(loop.uptime());

    assertThat(first.perSecond()).isEqualTo(1.25);
    assertThat(second.perSecond()).isEqualTo(1.25);
    assertThat(second.backOff(loop.uptime())).as("was under way").isFalse();
  }

  /** Whatever the rate, all together send at the rate that they claim, evenly. */
  @RepeatedTest(50)
  void takeTurnsAtTheRateThatTheyClaim(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int tasks = random.nextInt(2, 12);
    double perSecond = random.nextDouble(.5, 100);
    RateGroup group = new RateGroup(perSecond, tasks);
    List<RateLimiter> rates = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      loop.runFor(Duration.ofMillis(random.nextInt(500)));
      rates.add(limiter(group, task, tasks));
    }
    for (int refusal = random.nextInt(5); refusal > 0; refusal--) {
      loop.runFor(Duration.ofMillis(random.nextInt(1, 500)));
      rates.get(random.nextInt(tasks)).backOff(loop.uptime());
    }
    for (int page = random.nextInt(40); page > 0; page--) {
      loop.runFor(Duration.ofMillis(random.nextInt(500)));
      rates.get(random.nextInt(tasks)).recover();
    }
    List<Duration> begun = new ArrayList<>();
    rates.forEach(rate -> loop.execute(() -> demand(rate, begun)));
    loop.runUntil(() -> begun.size() > 50 * tasks, Duration.ofDays(1));

    double claimed = rates.get(0).perSecond() * tasks;
    for (int i = 2; i < begun.size(); i++) {
      assertThat((double) begun.get(i).minus(begun.get(i - 1)).toNanos())
          .as("seed %d: %d tasks, %f of %f/s, request %d", seed, tasks, claimed, perSecond, i)
          .isCloseTo(1e9 / claimed, withinPercentage(.1));
    }
  }

  /**
   * Slots that are moved keep no task from its turn, and bring no two requests together, but for
   * the quarter of a spacing by which one may be late that has waited for a slot.
   */
  @RepeatedTest(50)
  void keepTheirSpacingWhileTheRateChanges(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int tasks = random.nextInt(2, 12);
    RateGroup group = new RateGroup(5, tasks);
    List<RateLimiter> rates = new ArrayList<>();
    List<Duration> begun = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      RateLimiter rate = limiter(group, task, tasks);
      rates.add(rate);
      loop.execute(() -> demand(rate, begun));
    }
    double slots = 0;
    for (int i = 0; i < 2_000; i++) {
      Duration step = Duration.ofMillis(random.nextInt(400));
      loop.runFor(step);
      RateLimiter rate = rates.get(random.nextInt(tasks));
      slots += rate.perSecond() * tasks * step.toNanos() / 1e9;
      if (random.nextInt(40) == 0) {
        rate.backOff(loop.uptime());
      } else {
        rate.recover();
      }
    }

    for (int i = 1; i < begun.size(); i++) {
      assertThat(begun.get(i).minus(begun.get(i - 1)))
          .as("seed %d: %d tasks, request %d", seed, tasks, i)
          .isGreaterThanOrEqualTo(SPACING.multipliedBy(3).dividedBy(4));
    }
    assertThat((double) begun.size())
        .as("seed %d: %d tasks, requests", seed, tasks)
        .isBetween(.9 * slots - tasks, 1.02 * slots + tasks);
  }

  /** Tasks of different weight take turns without a gap, whatever rate is learned. */
  @RepeatedTest(50)
  void shareTheRateByWeight(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int tasks = random.nextInt(2, 8);
    List<Integer> weights = random.ints(tasks, 50, 400).boxed().toList();
    double perSecond = random.nextDouble(5, 100);
    RateGroup group = new RateGroup(perSecond, weights);
    List<List<Duration>> begun = new ArrayList<>();
    List<Duration> all = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      RateLimiter rate = new RateLimiter(loop, new TaskShare(task, weights), group);
      List<Duration> own = new ArrayList<>();
      begun.add(own);
      loop.execute(() -> demand(rate, own));
    }
    if (random.nextBoolean()) {
      loop.runFor(Duration.ofSeconds(1));
      group.refuse(loop.uptime(), loop.uptime());
      begun.forEach(List::clear);
    }
    double claimed = perSecond * group.factor();
    loop.runFor(Duration.ofNanos((long) (4_000 * 1e9 / claimed)));

    int sum = weights.stream().mapToInt(Integer::intValue).sum();
    for (int task = 0; task < tasks; task++) {
      all.addAll(begun.get(task));
      assertThat((double) begun.get(task).size())
          .as("seed %d: task %d of %s", seed, task, weights)
          .isCloseTo(4_000.0 * weights.get(task) / sum, within(4.0));
    }
    all.sort(null);
    for (int i = 1; i < all.size(); i++) {
      assertThat((double) all.get(i).minus(all.get(i - 1)).toNanos())
          .as("seed %d: %s, request %d", seed, weights, i)
          .isCloseTo(1e9 / claimed, withinPercentage(.1));
    }
  }

  /** A busy machine's timers are late by far more than slots at a high rate are apart. */
  @ParameterizedTest
  @CsvSource({
    "100, true, true", "1000, true, true", "10000, true, true", "10000, false, true",
    "100, true, false", "1000, false, false", "10000, true, false", "10000, false, false"
  })
  void starveNobodyWhoseTimersAreLate(double perSecond, boolean isEven, boolean isComplete) {
    List<Integer> weights = isEven ? List.of(1, 1, 1) : List.of(500, 300, 200);
    RateGroup group = new RateGroup(perSecond, weights);
    List<Duration> begun = new ArrayList<>();
    for (int task = 0; task < (isComplete ? 3 : 2); task++) {
      RateLimiter rate = new RateLimiter(loop, new TaskShare(task, weights), group);
      loop.execute(() -> demandLate(rate, begun));
    }

    loop.runFor(Duration.ofSeconds(10));

    double share = isComplete ? 1 : isEven ? 2 / 3.0 : .8;
    assertThat((double) begun.size())
        .isBetween(9.5 * perSecond * share, 10 * perSecond * share + 2);
  }

  /** On a machine that is so busy, a task would else send nothing for as long as that lasts. */
  @ParameterizedTest
  @CsvSource({"25, 15", "25, 39", "10, 60", "2, 300"})
  void goOnAtAPartOfTheirRateWhereTimersAreLaterThanSlotsAllow(double perSecond, int lateMillis) {
    List<Integer> weights = List.of(1, 1);
    RateGroup group = new RateGroup(perSecond, weights);
    List<Duration> begun = new ArrayList<>();
    for (int task = 0; task < 2; task++) {
      RateLimiter rate = new RateLimiter(loop, new TaskShare(task, weights), group);
      loop.execute(() -> demandLate(rate, begun, lateMillis));
    }

    loop.runFor(Duration.ofSeconds(100));

    assertThat((double) begun.size()).isBetween(100 * perSecond / 5, 100 * perSecond);
  }

  private void demandLate(RateLimiter rate, List<Duration> begun) {
    demandLate(rate, begun, 3);
  }

  private void demandLate(RateLimiter rate, List<Duration> begun, int lateMillis) {
    while (rate.untilNext(true).compareTo(Duration.ZERO) <= 0) {
      rate.begin();
      begun.add(loop.uptime());
    }
    loop.schedule(
        rate.untilNext(true).plusMillis(lateMillis), () -> demandLate(rate, begun, lateMillis));
  }

  /** Tasks elsewhere look for them by their clocks. */
  @Test
  void areBackInTheirOldSlotsAtTheFullRate() {
    RateGroup group = new RateGroup(5, 2);
    RateLimiter first = limiter(group, 0, 2);
    RateLimiter second = limiter(group, 1, 2);
    loop.runFor(Duration.ofSeconds(3));
    first.backOff(loop.uptime());
    for (int page = 0; page < 60; page++) {
      loop.runFor(Duration.ofMillis(333));
      second.recover();
    }
    loop.runFor(Duration.ofSeconds(1));
    RateLimiter elsewhere = new RateLimiter(loop, 5, new TaskShare(1, 2));

    assertThat(second.perSecond()).isEqualTo(2.5);
    assertThat(second.untilNext(false)).isEqualTo(elsewhere.untilNext(false));
  }

  @Test
  void movesNoSlotsWhereATaskIsElsewhere() {
    RateGroup group = new RateGroup(5, 3);
    RateLimiter first = limiter(group, 0, 3);
    RateLimiter second = limiter(group, 1, 3);
    RateLimiter third = limiter(group, 2, 3);
    assertThat(group.isComplete()).isTrue();
    third.close();
    assertThat(group.isComplete()).isFalse();
    loop.runFor(SPACING);
    first.backOff(loop.uptime());
    loop.runFor(Duration.ofSeconds(7));

    assertThat(second.untilNext(false).minus(first.untilNext(false)).toNanos() % 200_000_000)
        .isZero();
    RateLimiter again = limiter(group, 2, 3);
    assertThat(group.isComplete()).isTrue();
    RateLimiter twice = limiter(group, 2, 3);
    assertThat(group.isComplete()).isFalse();
    again.close();
    assertThat(group.isComplete()).isTrue();
    twice.close();
    first.close();
    second.close();
    assertThat(group.isEmpty()).isTrue();
  }

  @Test
  void areKnownByTheirRateAndNumber() {
    SharedAccount account = new SharedAccount();
    RateGroup group = account.rateGroup(5, Collections.nCopies(2, 1));
    RateLimiter member = limiter(group, 0, 2);

    assertThat(account.rateGroup(5, Collections.nCopies(2, 1))).isSameAs(group);
    assertThat(account.rateGroup(4, Collections.nCopies(2, 1))).isNotSameAs(group);
    assertThat(account.rateGroup(5, Collections.nCopies(3, 1))).isNotSameAs(group);
    assertThat(account.rateGroup(5, Collections.nCopies(1, 1)))
        .isNotSameAs(account.rateGroup(5, Collections.nCopies(1, 1)));
    assertThat(account.rateGroup(5, Collections.nCopies(2, 1))).as("has a member").isSameAs(group);
    member.close();
    account.rateGroup(3, Collections.nCopies(3, 1));
    assertThat(account.rateGroup(5, Collections.nCopies(2, 1)))
        .as("left by all, and others came")
        .isNotSameAs(group);
  }
}
