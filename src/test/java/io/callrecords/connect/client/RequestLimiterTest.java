package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.Seeds;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Proves that requests keep to the rate, to their number in flight, and to their order. */
class RequestLimiterTest {
  private static final Duration SPACING = Duration.ofMillis(200);
  private static final double FIVE_A_SECOND = 5;
  private static final Instant TIME = Instant.EPOCH;

  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-01T00:00:00Z"));
  private final List<String> begun = new ArrayList<>();
  private final List<Duration> begunAt = new ArrayList<>();
  private Duration readyAt = Duration.ZERO;
  private RateLimiter rate = new RateLimiter(loop, FIVE_A_SECOND, TaskShare.ALONE);

  /** A limiter whose first request may go at once. */
  private RequestLimiter limiter(int maxInFlight, double perSecond, TaskShare share) {
    rate = new RateLimiter(loop, perSecond, share);
    if (share.equals(TaskShare.ALONE)) {
      loop.runFor(Duration.ofNanos(Math.round(1e9 / perSecond)));
      readyAt = loop.uptime();
    }
    return new RequestLimiter(loop, maxInFlight, rate);
  }

  @Test
  void letsTheFirstRequestGoAtOnce() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);

    submit(limiter, Priority.BACKLOG, "first");

    assertThat(begun).containsExactly("first");
  }

  @Test
  void spacesRequestsEvenlyInsteadOfLettingThemGoInABurst() {
    RequestLimiter limiter = limiter(10, FIVE_A_SECOND, TaskShare.ALONE);
    for (int i = 0; i < 4; i++) {
      submit(limiter, Priority.BACKLOG, "r" + i);
    }

    loop.runFor(Duration.ofSeconds(10));

    assertThat(begunAt)
        .containsExactly(Duration.ZERO, SPACING, SPACING.multipliedBy(2), SPACING.multipliedBy(3));
  }

  /** Tasks in several workers, which start at any moment, share one rate. */
  @RepeatedTest(20)
  void tasksTogetherNeverExceedTheRateHoweverTheyStart(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    int tasks = random.nextInt(2, 40);
    double perSecond = random.nextDouble(.5, 50);
    for (int i = 0; i < tasks; i++) {
      TaskShare share = new TaskShare(i, tasks);
      loop.schedule(
          Duration.ofMillis(random.nextBoolean() ? 0 : random.nextInt(3_000)),
          () -> {
            RequestLimiter limiter = limiter(4, perSecond, share);
            for (int request = 0; request < 20; request++) {
              Duration pause = Duration.ofMillis(random.nextInt(20_000));
              loop.schedule(pause, () -> limiter.submit(Priority.BACKLOG, TIME, leaving(limiter)));
            }
          });
    }

    loop.runFor(Duration.ofHours(1));

    assertThat(begunAt).as("seed %d", seed).hasSize(20 * tasks);
    for (int i = 1; i < begunAt.size(); i++) {
      assertThat(begunAt.get(i).minus(begunAt.get(i - 1)))
          .as("seed %d: request %d", seed, i)
          .isGreaterThanOrEqualTo(Duration.ofNanos((long) (1e9 / perSecond) - 1_000));
    }
  }

  private Runnable leaving(RequestLimiter limiter) {
    return () -> {
      begunAt.add(loop.uptime().minus(readyAt));
      loop.schedule(Duration.ofMillis(50), limiter::release);
    };
  }

  @Test
  void savesNoUnusedSlotsUp() {
    RequestLimiter limiter = limiter(10, FIVE_A_SECOND, TaskShare.ALONE);
    loop.runFor(Duration.ofMinutes(1));
    for (int i = 0; i < 3; i++) {
      submit(limiter, Priority.BACKLOG, "r" + i);
    }

    loop.runFor(Duration.ofSeconds(10));

    Duration first = Duration.ofMinutes(1);
    assertThat(begunAt)
        .containsExactly(first, first.plus(SPACING), first.plus(SPACING.multipliedBy(2)));
  }

  @Test
  void letsNoMoreRequestsGoThanMayBeInFlight() {
    RequestLimiter limiter = limiter(2, 1_000, TaskShare.ALONE);
    for (int i = 1; i <= 3; i++) {
      submit(limiter, Priority.BACKLOG, "r" + i);
    }
    loop.runFor(Duration.ofHours(1));
    assertThat(begun).containsExactly("r1", "r2");

    OnLoop.run(loop, limiter::release);

    assertThat(begun).containsExactly("r1", "r2", "r3");
  }

  @Test
  void letsTheLiveEdgeGoBeforeTheBacklogThatCameFirst() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.BACKLOG, "backlog 1");
    submit(limiter, Priority.BACKLOG, "backlog 2");
    submit(limiter, Priority.BACKLOG, "backlog 3");
    submit(limiter, Priority.LIVE, "live 1");
    submit(limiter, Priority.LIVE, "live 2");

    for (int i = 0; i < 5; i++) {
      loop.runFor(SPACING);
      OnLoop.run(loop, limiter::release);
    }

    assertThat(begun).containsExactly("backlog 1", "live 1", "live 2", "backlog 2", "backlog 3");
  }

  @Test
  void letsTheOldestTimeGoFirst() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.BACKLOG, "under way");
    submit(limiter, Priority.BACKLOG, TIME.plusSeconds(60), "read ahead");
    submit(limiter, Priority.BACKLOG, "last page");

    for (int i = 0; i < 3; i++) {
      loop.runFor(SPACING);
      OnLoop.run(loop, limiter::release);
    }

    assertThat(begun).containsExactly("under way", "last page", "read ahead");
  }

  @Test
  void letsNothingBeginDuringAPause() {
    RequestLimiter limiter = limiter(4, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "before");
    submit(limiter, Priority.LIVE, "waiting");
    rate.pause(Duration.ofSeconds(30));
    submit(limiter, Priority.LIVE, "new");
    fail(limiter, Priority.LIVE, "again");

    loop.runFor(Duration.ofMillis(29_999));
    assertThat(begun).containsExactly("before");

    loop.runFor(Duration.ofSeconds(1));
    assertThat(begun).containsExactlyInAnyOrder("before", "waiting", "new", "again");
    assertThat(begunAt.get(1)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void letsAFurtherAttemptWaitForAPauseThatBeganAfterIt() {
    RequestLimiter limiter = limiter(4, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "first");
    fail(limiter, Priority.LIVE, "again");
    rate.pause(Duration.ofSeconds(30));

    loop.runFor(Duration.ofMillis(29_999));
    assertThat(begun).containsExactly("first");

    loop.runFor(Duration.ofMillis(1));
    assertThat(begun).containsExactly("first", "again");
  }

  @Test
  void doesNotShortenAPauseByAnotherOne() {
    RequestLimiter limiter = limiter(4, FIVE_A_SECOND, TaskShare.ALONE);
    rate.pause(Duration.ofSeconds(30));
    rate.pause(Duration.ofSeconds(1));
    submit(limiter, Priority.LIVE, "r");

    loop.runFor(Duration.ofMinutes(1));

    assertThat(begunAt).containsExactly(Duration.ofSeconds(30));
  }

  @Test
  void givesAFurtherAttemptItsSlotWithoutAPlaceOfItsOwn() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "first");
    fail(limiter, Priority.LIVE, "its second attempt");

    loop.runFor(SPACING);

    assertThat(begun).containsExactly("first", "its second attempt");
  }

  @Test
  void doesNotStarveAFurtherAttemptByRequestsThatComeAfterIt() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "patient");
    fail(limiter, Priority.LIVE, "patient again");
    for (int i = 0; i < 50; i++) {
      OnLoop.run(
          loop,
          () ->
              limiter.submit(
                  Priority.LIVE,
                  TIME,
                  () -> {
                    begun.add("quick");
                    loop.execute(limiter::release);
                  }));
    }

    loop.runFor(Duration.ofSeconds(1));

    assertThat(begun).contains("patient again");
  }

  @Test
  void letsTheLiveEdgeGoBeforeFurtherAttemptsOfTheBacklog() {
    RequestLimiter limiter = limiter(3, FIVE_A_SECOND, TaskShare.ALONE);
    for (String name : List.of("day 1", "day 2", "day 3")) {
      submit(limiter, Priority.BACKLOG, name);
      loop.runFor(SPACING);
    }
    for (String name : List.of("day 3 again", "day 1 again", "day 2 again")) {
      fail(limiter, Priority.BACKLOG, name);
    }
    submit(limiter, Priority.LIVE, TIME.plusSeconds(1000), "live");
    submit(limiter, Priority.BACKLOG, "day 4");

    loop.runFor(Duration.ofSeconds(10));
    assertThat(begun)
        .containsExactly("day 1", "day 2", "day 3", "day 3 again", "live", "day 1 again");
    OnLoop.run(loop, limiter::release);
    loop.runFor(SPACING);

    assertThat(begun).endsWith("live", "day 1 again", "day 2 again");
  }

  /** Some ranges may fail for ever, and others not: each is tried, and with a page all go on. */
  @Test
  void givesAPlaceToTheNextOneWhileNothingIsAnswered() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);
    for (String name : List.of("day 1", "day 2", "day 3")) {
      submit(limiter, Priority.BACKLOG, TIME.plusSeconds(begun.size()), name);
    }
    for (String again : List.of("day 1 again", "day 2 again", "day 3 again", "day 1 once more")) {
      fail(limiter, Priority.BACKLOG, again);
      loop.runFor(SPACING);
    }
    assertThat(begun).containsExactly("day 1", "day 2", "day 3", "day 1 again", "day 2 again");

    OnLoop.run(loop, limiter::recordPage);
    fail(limiter, Priority.BACKLOG, "day 2 once more");
    loop.runFor(SPACING);
    assertThat(begun).endsWith("day 2 again", "day 3 again");
    OnLoop.run(loop, limiter::recordPage);
    OnLoop.run(loop, limiter::release);
    loop.runFor(SPACING);
    assertThat(begun).endsWith("day 3 again", "day 1 once more");
  }

  @Test
  void givesAPlaceToTheBacklogWhereRechecksFail() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.RECHECK, "recheck 1");
    submit(limiter, Priority.RECHECK, "recheck 2");
    submit(limiter, Priority.BACKLOG, "backlog");
    for (int i = 1; i <= 3; i++) {
      loop.runFor(SPACING);
      fail(limiter, Priority.RECHECK, "again " + i);
    }
    loop.runFor(SPACING);

    assertThat(begun).containsExactly("recheck 1", "recheck 2", "backlog", "again 1");
  }

  /** It may take long to fail: others have most of the places, and at least every other turn. */
  @Test
  void givesWhatFailsAloneAQuarterOfThePlaces() {
    RequestLimiter limiter = limiter(8, FIVE_A_SECOND, TaskShare.ALONE);
    for (int i = 0; i < 4; i++) {
      String name = "bad " + i;
      OnLoop.run(loop, () -> limiter.submitAlone(Priority.BACKLOG, TIME, request(name)));
    }
    for (int i = 0; i < 10; i++) {
      submit(limiter, Priority.BACKLOG, "good " + i);
    }
    loop.runFor(SPACING.multipliedBy(20));

    assertThat(begun)
        .containsExactly(
            "bad 0", "good 0", "bad 1", "good 1", "good 2", "good 3", "good 4", "good 5");
    OnLoop.run(loop, limiter::endAlone);
    OnLoop.run(loop, limiter::release);
    loop.runFor(SPACING);
    assertThat(begun).endsWith("good 5", "bad 2");
    assertThat(limiter.isIdle()).isFalse();
    assertViolation(
        "an attempt ends alone that was not under way",
        () -> {
          limiter.endAlone();
          limiter.endAlone();
          limiter.endAlone();
        });
  }

  /** Once nothing is answered any more, what has failed alone before has its turns as well. */
  @Test
  void givesAPlaceToWhatHasFailedAlone() {
    RequestLimiter limiter = limiter(1, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.BACKLOG, "day 1");
    for (String name : List.of("day 2", "day 3")) {
      OnLoop.run(
          loop,
          () ->
              limiter.submitAlone(
                  Priority.BACKLOG,
                  TIME,
                  () -> {
                    request(name).run();
                    loop.execute(limiter::endAlone);
                  }));
    }
    for (String again : List.of("day 1 again", "day 2 again", "day 1 once more")) {
      fail(limiter, Priority.BACKLOG, again);
      loop.runFor(SPACING);
    }

    assertThat(begun).containsExactly("day 1", "day 2", "day 1 again", "day 3");
  }

  @Test
  void letsTheBacklogGoWhileTheLiveEdgeFails() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "new 1");
    loop.runFor(SPACING);
    submit(limiter, Priority.LIVE, "new 2");
    loop.runFor(SPACING);
    OnLoop.run(loop, () -> limiter.park(Priority.LIVE));
    OnLoop.run(loop, () -> limiter.park(Priority.LIVE));
    for (String name : List.of("old 1", "old 2", "old 3")) {
      submit(limiter, Priority.BACKLOG, name);
      loop.runFor(SPACING);
    }

    assertThat(begun).containsExactly("new 1", "new 2", "old 1", "old 2");
  }

  @RepeatedTest(20)
  void keepsToTheRateAndTheNumberInFlightWhateverHappens(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    double perSecond = random.nextDouble(0.5, 50);
    int maxInFlight = random.nextInt(1, 6);
    LimiterTraffic traffic =
        new LimiterTraffic(limiter(maxInFlight, perSecond, TaskShare.ALONE), random);
    for (int i = 0; i < 200; i++) {
      loop.schedule(Duration.ofMillis(random.nextLong(60_000)), traffic::enter);
    }
    for (int i = 0; i < 5; i++) {
      Duration pause = Duration.ofMillis(random.nextLong(5_000));
      loop.schedule(Duration.ofMillis(random.nextLong(60_000)), () -> traffic.pause(pause));
    }

    loop.runFor(Duration.ofHours(2));

    assertThat(traffic.done).as("seed %d: requests done", seed).isEqualTo(200);
    assertThat(traffic.limiter.isIdle()).as("seed %d: idle", seed).isTrue();
    assertThat(traffic.mostInFlight)
        .as("seed %d: in flight", seed)
        .isLessThanOrEqualTo(maxInFlight);
    assertThat(traffic.mostPlaces).as("seed %d: places", seed).isLessThanOrEqualTo(3 * maxInFlight);
    assertThat(traffic.duringAPause).as("seed %d: begun during a pause", seed).isZero();
    long least = (long) (1e9 / perSecond);
    for (int i = 1; i < begunAt.size(); i++) {
      assertThat(begunAt.get(i).minus(begunAt.get(i - 1)).toNanos())
          .as("seed %d: spacing before request %d", seed, i)
          .isGreaterThanOrEqualTo(least);
    }
  }

  @Test
  void reportsAPlaceThatIsReleasedTwice() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "r");
    OnLoop.run(loop, limiter::release);

    assertViolation("a place is released that no request holds", limiter::release);
  }

  @Test
  void reportsTheReleaseOfAParkedRequest() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "r");
    OnLoop.run(loop, () -> limiter.park(Priority.LIVE));

    assertViolation("a place is released that no request holds", limiter::release);
  }

  @Test
  void reportsARequestThatIsParkedWithoutAPlace() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);
    assertViolation("a request is parked that is not in flight", () -> limiter.park(Priority.LIVE));

    submit(limiter, Priority.LIVE, "r");
    OnLoop.run(loop, () -> limiter.park(Priority.LIVE));
    assertViolation("a request is parked that is not in flight", () -> limiter.park(Priority.LIVE));
  }

  @Test
  void reportsARetryOfARequestThatIsNotParked() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);
    submit(limiter, Priority.LIVE, "r");

    assertViolation(
        "a request is retried that was not parked",
        () -> limiter.retry(Priority.LIVE, TIME, request("again")));
  }

  @Test
  void reportsACallThatIsNotOnTheLoop() {
    RequestLimiter limiter = limiter(2, FIVE_A_SECOND, TaskShare.ALONE);

    assertThatIllegalStateException()
        .isThrownBy(() -> limiter.submit(Priority.LIVE, TIME, request("r")))
        .withMessageContaining("used outside of it");
    assertThatIllegalStateException().isThrownBy(() -> limiter.park(Priority.LIVE));
    assertThatIllegalStateException()
        .isThrownBy(() -> limiter.retry(Priority.LIVE, TIME, request("r")));
    assertThatIllegalStateException().isThrownBy(limiter::release);
  }

  private void assertViolation(String description, Runnable step) {
    assertThatThrownBy(() -> OnLoop.run(loop, step))
        .hasRootCauseMessage("Invariant violated: " + description);
  }

  private void submit(RequestLimiter limiter, Priority priority, String name) {
    submit(limiter, priority, TIME, name);
  }

  private void submit(RequestLimiter limiter, Priority priority, Instant time, String name) {
    OnLoop.run(loop, () -> limiter.submit(priority, time, request(name)));
  }

  /** A request in flight fails, and is to be retried at once. */
  private void fail(RequestLimiter limiter, Priority priority, String nameOfRetry) {
    OnLoop.run(
        loop,
        () -> {
          limiter.park(priority);
          limiter.retry(priority, TIME, request(nameOfRetry));
        });
  }

  private Runnable request(String name) {
    return () -> {
      begun.add(name);
      begunAt.add(loop.uptime().minus(readyAt));
    };
  }

  /** Requests that take their time, and now and then further attempts. */
  private final class LimiterTraffic {
    private final RequestLimiter limiter;
    private final RandomGenerator random;
    private Duration pausedUntil = Duration.ZERO;
    private int inFlight;
    private int mostInFlight;
    private int places;
    private int mostPlaces;
    private int duringAPause;
    private int done;

    LimiterTraffic(RequestLimiter limiter, RandomGenerator random) {
      this.limiter = limiter;
      this.random = random;
    }

    void enter() {
      Priority priority = random.nextBoolean() ? Priority.LIVE : Priority.BACKLOG;
      Instant time = TIME.plusSeconds(random.nextInt(100));
      limiter.submit(priority, time, () -> attempt(priority, time));
    }

    void pause(Duration duration) {
      Duration until = loop.uptime().plus(duration);
      pausedUntil = until.compareTo(pausedUntil) > 0 ? until : pausedUntil;
      rate.pause(duration);
    }

    private void attempt(Priority priority, Instant time) {
      places++;
      mostPlaces = Math.max(mostPlaces, places);
      inFlight++;
      mostInFlight = Math.max(mostInFlight, inFlight);
      begunAt.add(loop.uptime().minus(readyAt));
      if (loop.uptime().compareTo(pausedUntil) < 0) {
        duringAPause++;
      }
      boolean fails = random.nextInt(4) == 0;
      loop.schedule(
          Duration.ofMillis(random.nextLong(2_000)),
          () -> {
            inFlight--;
            if (fails) {
              Duration delay = Duration.ofMillis(random.nextLong(2_000));
              limiter.park(priority);
              loop.schedule(
                  delay,
                  () -> {
                    places--;
                    limiter.retry(priority, time, () -> attempt(priority, time));
                  });
            } else {
              places--;
              done++;
              if (random.nextBoolean()) {
                limiter.recordPage();
              }
              limiter.release();
            }
          });
    }
  }
}
