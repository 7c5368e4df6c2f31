package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proves that the server's time comes from the server, and that this machine's cannot disturb it.
 */
class ServerClockTest {
  private static final Instant WALL = Instant.parse("2026-11-01T12:00:00Z");
  private static final Instant SERVER = Instant.parse("2026-11-01T08:00:00Z");

  private final VirtualLoop loop = new VirtualLoop(WALL);
  private final ServerClock clock = new ServerClock(loop);

  /** Observes a response that took no time. */
  private void observe(Instant date) {
    OnLoop.run(loop, () -> clock.observe(date, loop.uptime()));
  }

  @Test
  void isTheMachinesClockUntilTheServerResponds() {
    loop.runFor(Duration.ofSeconds(10));
    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(10));

    loop.setWallClock(WALL.plusSeconds(500));
    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(500));
  }

  @Test
  void followsTheServerAndGoesOnByItselfBetweenResponses() {
    loop.runFor(Duration.ofSeconds(10));
    observe(SERVER);
    assertThat(clock.now()).isEqualTo(SERVER);

    loop.runFor(Duration.ofMinutes(5));
    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(300));
  }

  @Test
  void believesTheServersFirstDateHoweverSmallTheDifference() {
    observe(WALL.plusSeconds(1));

    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(1));
  }

  @Test
  void ignoresJumpsOfTheMachinesClockOnceTheServerIsHeard() {
    observe(SERVER);
    loop.setWallClock(WALL.minusSeconds(86_400));
    loop.runFor(Duration.ofSeconds(1));

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {-2_000, -1, 0, 1, 2_000})
  void keepsItsTimeWhenADateDiffersByTwoSecondsAtMost(long millis) {
    observe(SERVER);
    observe(SERVER.plusMillis(millis));

    assertThat(clock.now()).isEqualTo(SERVER);
  }

  @ParameterizedTest
  @ValueSource(longs = {-60_000, -2_001, 2_001, 60_000})
  void followsADateThatDiffersByMoreThanTwoSeconds(long millis) {
    observe(SERVER);
    observe(SERVER.plusMillis(millis));

    assertThat(clock.now()).isEqualTo(SERVER.plusMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, -3_600, -61, 61, 3_600, 86_400})
  void followsALargeJumpOnceTheNextAnswerConfirmsIt(long seconds) {
    observe(SERVER);
    observe(SERVER.plusSeconds(seconds));
    assertThat(clock.now()).isEqualTo(SERVER);

    loop.runFor(Duration.ofMinutes(10));
    observe(SERVER.plusSeconds(seconds + 600));
    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(seconds + 600));
  }

  @ParameterizedTest
  @ValueSource(longs = {2, 365, 3_650})
  void signsWithADateFarAheadOfTheMachinesClockButDoesNotFollowIt(long days) {
    Duration ahead = Duration.ofDays(days);
    observe(WALL.plus(ahead));
    observe(WALL.plus(ahead));
    loop.runFor(Duration.ofHours(1));
    observe(WALL.plusSeconds(3_600).plus(ahead));

    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(3_600));
    assertThat(clock.isSure()).isTrue();
    assertThat(clock.forSigning()).isEqualTo(clock.now().plus(ahead));
    assertThat(clock.offset(loop.wallClock().plus(ahead))).isEqualTo(ahead);

    observe(WALL.plusSeconds(3_600));
    assertThat(clock.forSigning()).isEqualTo(clock.now());
    assertThat(clock.offset(WALL.plusSeconds(3_600))).isZero();
  }

  @Test
  void keepsItsTimeWhenTheServersJumpsFarAheadOfTheMachines() {
    observe(SERVER);
    for (int i = 0; i < 5; i++) {
      observe(SERVER.plus(Duration.ofDays(400)));
    }

    assertThat(clock.now()).isEqualTo(SERVER);
  }

  /** Both have agreed before, so that the machine's is the one that went wrong. */
  @Test
  void keepsFollowingTheServerWhenTheMachinesClockIsSetFarBack() {
    observe(SERVER);
    loop.setWallClock(WALL.minus(Duration.ofDays(400)));
    observe(SERVER.plusSeconds(40));
    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(40));
  }

  @Test
  void followsAServerWhoseClockIsFarBehind() {
    observe(WALL.minus(Duration.ofDays(400)));
    observe(WALL.minus(Duration.ofDays(400)));

    assertThat(clock.now()).isEqualTo(WALL.minus(Duration.ofDays(400)));
    assertThat(clock.isSure()).isTrue();
  }

  @Test
  void saysAfterAMinuteWhichOfTheTwoClocksItDoubts() {
    try (LogCapture log = new LogCapture(ClockComparison.class)) {
      Duration ahead = Duration.ofDays(400);
      observe(WALL.plus(ahead));
      loop.runFor(Duration.ofSeconds(30));
      observe(loop.wallClock());
      observe(loop.wallClock().plus(ahead));
      loop.runFor(Duration.ofSeconds(59));
      observe(loop.wallClock().plus(ahead));
      assertThat(log.lines()).isEmpty();
      loop.runFor(Duration.ofSeconds(1));
      observe(loop.wallClock().plus(ahead));
      observe(loop.wallClock().plus(ahead));
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith(
              "WARN The Date header of the API's responses is 400 days ahead of the worker's clock:"
                  + " it says 2027-12-06T12:01:30Z at 2026-11-01T12:01:30Z. The connector doubts the"
                  + " API's clock");
      observe(loop.wallClock());
      observe(loop.wallClock());
      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(1))
          .startsWith("INFO The API's clock and the worker's agree again");
    }
  }

  @Test
  void isNotMovedByOneOddAnswerAmongGoodOnes() {
    observe(SERVER);
    for (int i = 0; i < 10; i++) {
      observe(SERVER.plusSeconds(86_400));
      observe(SERVER);
    }

    assertThat(clock.now()).isEqualTo(SERVER);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 15, 29, 30})
  void isNotSetBackByAnAnswerThatWasLongOnItsWay(long secondsUntilItWasWritten) {
    observe(SERVER);
    Duration sent = loop.uptime();
    loop.runFor(Duration.ofSeconds(30));
    OnLoop.run(loop, () -> clock.observe(SERVER.plusSeconds(secondsUntilItWasWritten), sent));

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(30));
  }

  @ParameterizedTest
  @ValueSource(longs = {-3, 33})
  void followsADateThatNoDelayExplains(long seconds) {
    observe(SERVER);
    Duration sent = loop.uptime();
    loop.runFor(Duration.ofSeconds(30));
    OnLoop.run(loop, () -> clock.observe(SERVER.plusSeconds(seconds), sent));

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(seconds));
  }

  /** One server among several whose clock is wrong must not settle what is young. */
  @Test
  void signsWithACorrectionAtOnceAndFollowsItWhenAnotherAnswerAgrees() {
    observe(SERVER);
    OnLoop.run(loop, () -> clock.correct(SERVER.plusSeconds(86_400)));
    assertThat(clock.forSigning()).isEqualTo(SERVER.plusSeconds(86_400));
    assertThat(clock.now()).isEqualTo(SERVER);

    observe(SERVER.plusSeconds(86_400));
    assertThat(clock.forSigning()).isEqualTo(SERVER.plusSeconds(86_400));
    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(86_400));
  }

  @Test
  void signsWithItsOwnTimeAgainWhenAnAnswerAgreesWithThat() {
    observe(SERVER);
    OnLoop.run(loop, () -> clock.correct(SERVER.plusSeconds(86_400)));
    observe(SERVER.plusSeconds(1));

    assertThat(clock.forSigning()).isEqualTo(SERVER);
    assertThat(clock.now()).isEqualTo(SERVER);
  }

  @Test
  void isSureOfADateOnceTwoAgreeOrTheMachineDoes() {
    assertThat(clock.isSure()).isTrue();
    observe(SERVER);
    assertThat(clock.isSure()).isFalse();
    observe(WALL);
    assertThat(clock.isSure()).isFalse();
    observe(WALL);
    assertThat(clock.isSure()).isTrue();
    assertThat(clock.now()).isEqualTo(WALL);
  }

  @Test
  void staysSteadyWhileDatesAreCutToWholeSeconds() {
    observe(SERVER);
    for (int i = 1; i <= 1_000; i++) {
      loop.runFor(Duration.ofMillis(700));
      observe(Instant.ofEpochSecond(SERVER.plusMillis(700L * i).getEpochSecond()));
    }

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(700));
  }

  @Test
  void knowsItsTimeAtAnEarlierMoment() {
    Duration sentAt = loop.uptime();
    loop.runFor(Duration.ofSeconds(10));
    assertThat(clock.at(sentAt)).isEqualTo(WALL);

    observe(SERVER);
    assertThat(clock.at(sentAt)).isEqualTo(SERVER.minusSeconds(10));
    assertThat(clock.at(loop.uptime())).isEqualTo(SERVER);
  }

  /** Whoever reads the clock on the loop relies on it not to change meanwhile. */
  @Test
  void refusesADateOutsideOfTheLoop() {
    assertThatIllegalStateException()
        .isThrownBy(() -> clock.observe(SERVER, loop.uptime()))
        .withMessageContaining("outside of it");
    assertThatIllegalStateException()
        .isThrownBy(() -> clock.correct(SERVER))
        .withMessageContaining("outside of it");
  }
}
