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
import org.junit.jupiter.params.provider.ValueSource;

/** How close together requests begin, how the API slows them down, and how they recover. */
class RateLimiterTest {
  private static final Duration SPACING = Duration.ofMillis(200);

  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-01T00:00:00.037Z"));

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void aRestartKeepsToTheRate(int tasks) {
    List<Duration> begun = new ArrayList<>();
    for (int start = 0; start < 50; start++) {
      RateLimiter rate = new RateLimiter(loop, 5, new TaskShare(tasks - 1, tasks));
      loop.runFor(Duration.ofMillis(start * 31 % 900));
      for (int request = 0; request < start % 4; request++) {
        begun.add(next(rate));
      }
    }

    for (int i = 1; i < begun.size(); i++) {
      assertThat(begun.get(i).minus(begun.get(i - 1)))
          .isGreaterThanOrEqualTo(SPACING.multipliedBy(tasks));
    }
  }

  /** Rounds that do not fit into a day go on over midnight. */
  @ParameterizedTest
  @ValueSource(ints = {2, 7, 11, 13})
  void tasksKeepTheirSlotsHoweverManyDaysApartTheyStart(int tasks) {
    List<RateLimiter> rates = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      rates.add(new RateLimiter(loop, 5, new TaskShare(task, tasks)));
      loop.runFor(Duration.ofHours(30));
    }
    List<Duration> slots = new ArrayList<>();
    rates.forEach(rate -> slots.add(rate.untilNext(false)));

    slots.sort(null);
    for (int i = 1; i < tasks; i++) {
      assertThat(slots.get(i).minus(slots.get(i - 1)))
          .isGreaterThanOrEqualTo(SPACING.minusNanos(1));
    }
  }

  /** An API that counts each millisecond would refuse one of two requests 190 ms apart. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 10, 95})
  void aTimerThatIsLateBringsNoTwoRequestsTogether(int lateMillis) {
    RateLimiter rate = new RateLimiter(loop, 5, TaskShare.ALONE);
    next(rate);
    loop.runFor(SPACING.plusMillis(lateMillis));
    assertThat(rate.untilNext(true)).isLessThanOrEqualTo(Duration.ZERO);
    rate.begin();
    Duration late = loop.uptime();

    assertThat(next(rate).minus(late)).isEqualTo(SPACING);
  }

  @Test
  void aTimerThatIsLateCostsNothingWhereRequestsAreCloseTogether() {
    RateLimiter rate = new RateLimiter(loop, 200, TaskShare.ALONE);
    Duration first = next(rate);
    loop.runFor(Duration.ofMillis(7));
    assertThat(rate.untilNext(true)).isLessThanOrEqualTo(Duration.ZERO);
    rate.begin();

    assertThat(next(rate)).isEqualTo(first.plusMillis(10));
  }

  @Test
  void spacesFromTheMomentAtWhichARequestIsWritten() {
    RateLimiter rate = new RateLimiter(loop, 5, TaskShare.ALONE);
    next(rate);
    loop.runFor(Duration.ofMillis(150));
    Duration written = loop.uptime();
    rate.sent(written);

    assertThat(next(rate)).isEqualTo(written.plus(SPACING));
  }

  @ParameterizedTest
  @CsvSource({"1", "4"})
  void aRefusalHalvesTheRate(int tasks) {
    RateLimiter rate = new RateLimiter(loop, 5, new TaskShare(0, tasks));
    Duration first = next(rate);
    rate.backOff(first);
    next(rate);

    assertThat(next(rate).minus(next(rate)).abs()).isEqualTo(SPACING.multipliedBy(2L * tasks));
  }

  @Test
  void refusalsOfRequestsThatWereUnderWayCountOnce() {
    RateLimiter rate = new RateLimiter(loop, 5, TaskShare.ALONE);
    Duration sent = next(rate);
    Duration alsoSent = next(rate);

    assertThat(rate.backOff(sent)).isTrue();
    loop.runFor(Duration.ofMillis(10));
    assertThat(rate.backOff(alsoSent)).isFalse();
    assertThat(rate.backOff(next(rate).plusMillis(1))).isTrue();
  }

  @Test
  void manyRefusalsDoNotStopItAltogether() {
    RateLimiter rate = new RateLimiter(loop, 5, TaskShare.ALONE);
    for (int i = 0; i < 100; i++) {
      rate.backOff(next(rate));
    }
    next(rate);

    Duration before = next(rate);
    assertThat(next(rate).minus(before)).isEqualTo(SPACING.multipliedBy(64));
  }

  @Test
  void answersBringTheRateBack() {
    RateLimiter rate = new RateLimiter(loop, 5, TaskShare.ALONE);
    rate.backOff(next(rate));
    Duration slow = next(rate);
    Duration slowGap = next(rate).minus(slow);
    for (int i = 0; i < 50; i++) {
      next(rate);
      rate.recover();
    }
    Duration fast = next(rate);

    assertThat(slowGap).isEqualTo(SPACING.multipliedBy(2));
    assertThat(next(rate).minus(fast)).isEqualTo(SPACING);
  }

  /** With slots of its own, too, a task sends at the rate that it claims. */
  @RepeatedTest(200)
  void sendsAtTheRateThatItClaims(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int tasks = random.nextInt(1, 20);
    double perSecond = random.nextDouble(.5, 200);
    TaskShare share =
        tasks == 1 || random.nextBoolean()
            ? new TaskShare(random.nextInt(tasks), tasks)
            : new TaskShare(random.nextInt(tasks), weights(tasks, random));
    RateLimiter rate = new RateLimiter(loop, perSecond, share);
    lower(rate, random);
    Duration begin = next(rate);
    int requests = 500;
    for (int request = 0; request < requests; request++) {
      next(rate);
    }

    double sent = requests * 1e9 / loop.uptime().minus(begin).toNanos();
    assertThat(sent)
        .as("seed %d: %d tasks, %f of %f/s", seed, tasks, rate.perSecond(), perSecond)
        .isCloseTo(rate.perSecond(), withinPercentage(1));
  }

  private static List<Integer> weights(int tasks, RandomGenerator random) {
    return random.ints(tasks, 20, 300).boxed().toList();
  }

  private void lower(RateLimiter rate, RandomGenerator random) {
    for (int refusal = random.nextInt(8); refusal > 0; refusal--) {
      rate.backOff(next(rate));
    }
    for (int answer = random.nextInt(100); answer > 0; answer--) {
      rate.recover();
    }
  }

  /** Tasks of any rates of their own, with demand that comes and goes, and with pauses. */
  @RepeatedTest(50)
  void tasksTogetherKeepTheirSpacingAtAnyRate(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int tasks = random.nextInt(2, 20);
    double perSecond = random.nextDouble(.5, 200);
    List<Integer> weights =
        random.nextBoolean() ? Collections.nCopies(tasks, 1) : weights(tasks, random);
    List<RateLimiter> rates = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      loop.runFor(Duration.ofMillis(random.nextInt(500)));
      rates.add(new RateLimiter(loop, perSecond, new TaskShare(task, weights)));
    }
    List<Duration> begun = new ArrayList<>();
    for (RateLimiter rate : rates) {
      loop.execute(() -> sendSometimes(rate, false, random, begun));
    }
    loop.runUntil(() -> begun.size() > 100 * tasks, Duration.ofDays(1));

    assertThat(begun).hasSizeGreaterThan(100 * tasks);
    for (int i = 1; i < begun.size(); i++) {
      assertThat(begun.get(i).minus(begun.get(i - 1)))
          .as("seed %d: request %d", seed, i)
          .isGreaterThanOrEqualTo(Duration.ofNanos((long) (1e9 / perSecond) - 1_000));
    }
  }

  private void sendSometimes(
      RateLimiter rate, boolean waited, RandomGenerator random, List<Duration> begun) {
    Duration wait = rate.untilNext(waited);
    if (wait.compareTo(Duration.ZERO) > 0) {
      loop.schedule(wait, () -> sendSometimes(rate, true, random, begun));
      return;
    }
    rate.begin();
    begun.add(loop.uptime());
    Duration demand = Duration.ZERO;
    switch (random.nextInt(20)) {
      case 0 -> rate.backOff(loop.uptime());
      case 1 -> rate.pause(Duration.ofMillis(random.nextInt(10_000)));
      case 2 -> demand = Duration.ofMillis(random.nextInt(10_000));
      default -> rate.recover();
    }
    loop.schedule(demand, () -> sendSometimes(rate, false, random, begun));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40})
  void recoversAsManyAnswersAfterARefusalHoweverManyTasksThereAre(int tasks) {
    RateLimiter rate = new RateLimiter(loop, 5, new TaskShare(0, tasks));
    rate.backOff(next(rate));
    double alone = 0;
    Duration begin = next(rate);
    int answers = 0;
    while (rate.perSecond() < 5.0 / tasks * .999) {
      alone += 1 / (rate.perSecond() * tasks / 5);
      next(rate);
      rate.recover();
      answers++;
    }

    Duration spacing = SPACING.multipliedBy(tasks);
    double spacings = (double) loop.uptime().minus(begin).toNanos() / spacing.toNanos();
    assertThat(answers).isEqualTo(50);
    assertThat(spacings).isCloseTo(alone, within(2.0));
  }

  @Test
  void aTaskReturnsToItsOwnSlotsAfterAPause() {
    RateLimiter first = new RateLimiter(loop, 5, new TaskShare(0, 2));
    RateLimiter second = new RateLimiter(loop, 5, new TaskShare(1, 2));
    first.pause(Duration.ofSeconds(10));
    second.pause(Duration.ofSeconds(10));

    assertThat(first.untilNext(true).minus(second.untilNext(true)).abs()).isEqualTo(SPACING);
  }

  /** Waits for the next request's slot and begins it. */
  private Duration next(RateLimiter rate) {
    Duration wait = rate.untilNext(false);
    if (wait.compareTo(Duration.ZERO) > 0) {
      loop.runFor(wait);
    }
    assertThat(rate.untilNext(true)).isLessThanOrEqualTo(Duration.ZERO);
    rate.begin();
    return loop.uptime();
  }
}
