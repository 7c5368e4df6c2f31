package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  void tasksKeepTheirTurnsHoweverManyDaysApartTheyStart(int tasks) {
    List<RateLimiter> paces = new ArrayList<>();
    for (int task = 0; task < tasks; task++) {
      paces.add(new RateLimiter(loop, 5, new TaskShare(task, tasks)));
      loop.runFor(Duration.ofHours(30));
    }
    List<Duration> slots = new ArrayList<>();
    paces.forEach(rate -> slots.add(rate.untilNext(false)));

    slots.sort(null);
    for (int i = 1; i < tasks; i++) {
      assertThat(slots.get(i).minus(slots.get(i - 1)))
          .isGreaterThanOrEqualTo(SPACING.minusNanos(1));
    }
  }

  @Test
  void aTimerThatIsLateCostsNothingAndBringsNoTwoRequestsTogether() {
    RateLimiter rate = new RateLimiter(loop, 5, TaskShare.ALONE);
    Duration first = next(rate);
    loop.runFor(SPACING.plusMillis(4));
    assertThat(rate.untilNext(true)).isLessThanOrEqualTo(Duration.ZERO);
    rate.begin();
    assertThat(next(rate)).isEqualTo(first.plus(SPACING.multipliedBy(2)));

    loop.runFor(SPACING.plusMillis(95));
    assertThat(rate.untilNext(true)).isLessThanOrEqualTo(Duration.ZERO);
    rate.begin();
    Duration late = loop.uptime();
    assertThat(next(rate).minus(late)).isEqualTo(SPACING.minusMillis(10));
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

  /** Waits for the next request's turn and begins it. */
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
