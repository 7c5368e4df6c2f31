package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

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

  @Test
  void isTheMachinesClockUntilTheServerIsHeard() {
    loop.runFor(Duration.ofSeconds(10));
    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(10));

    loop.setWallClock(WALL.plusSeconds(500));
    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(500));
  }

  @Test
  void followsTheServerAndGoesOnByItselfBetweenAnswers() {
    loop.runFor(Duration.ofSeconds(10));
    clock.heard(SERVER);
    assertThat(clock.now()).isEqualTo(SERVER);

    loop.runFor(Duration.ofMinutes(5));
    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(300));
  }

  @Test
  void believesTheServersFirstDateHoweverSmallTheDifference() {
    clock.heard(WALL.plusSeconds(1));

    assertThat(clock.now()).isEqualTo(WALL.plusSeconds(1));
  }

  @Test
  void ignoresJumpsOfTheMachinesClockOnceTheServerIsHeard() {
    clock.heard(SERVER);
    loop.setWallClock(WALL.minusSeconds(86_400));
    loop.runFor(Duration.ofSeconds(1));

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(1));
  }

  @ParameterizedTest
  @ValueSource(longs = {-2_000, -1, 0, 1, 2_000})
  void keepsItsTimeWhenADateDiffersByTwoSecondsAtMost(long millis) {
    clock.heard(SERVER);
    clock.heard(SERVER.plusMillis(millis));

    assertThat(clock.now()).isEqualTo(SERVER);
  }

  @ParameterizedTest
  @ValueSource(longs = {-60_000, -2_001, 2_001, 60_000})
  void followsADateThatDiffersByMoreThanTwoSeconds(long millis) {
    clock.heard(SERVER);
    clock.heard(SERVER.plusMillis(millis));

    assertThat(clock.now()).isEqualTo(SERVER.plusMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, -3_600, -61, 61, 3_600, 86_400 * 365})
  void followsALargeJumpOnceTheNextAnswerConfirmsIt(long seconds) {
    clock.heard(SERVER);
    clock.heard(SERVER.plusSeconds(seconds));
    assertThat(clock.now()).isEqualTo(SERVER);

    loop.runFor(Duration.ofMinutes(10));
    clock.heard(SERVER.plusSeconds(seconds + 600));
    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(seconds + 600));
  }

  @Test
  void isNotMovedByOneOddAnswerAmongGoodOnes() {
    clock.heard(SERVER);
    for (int i = 0; i < 10; i++) {
      clock.heard(SERVER.plusSeconds(86_400));
      clock.heard(SERVER);
    }

    assertThat(clock.now()).isEqualTo(SERVER);
  }

  @Test
  void takesACorrectionAtOnce() {
    clock.heard(SERVER);
    clock.corrected(SERVER.plusSeconds(86_400));

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(86_400));
  }

  @Test
  void staysSteadyWhileDatesAreCutToWholeSeconds() {
    clock.heard(SERVER);
    for (int i = 1; i <= 1_000; i++) {
      loop.runFor(Duration.ofMillis(700));
      clock.heard(Instant.ofEpochSecond(SERVER.plusMillis(700L * i).getEpochSecond()));
    }

    assertThat(clock.now()).isEqualTo(SERVER.plusSeconds(700));
  }
}
