package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A request fails alone once it has failed three times, and others were answered in between. */
class FailureStreakTest {
  private static final Instant TIME = Instant.parse("2026-11-01T08:00:00Z");
  private static final PageRequest DAY =
      new PageRequest(TIME, TIME.plus(Duration.ofDays(1)), 2, 100);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final VirtualLoop loop = new VirtualLoop(TIME);
  private final OutageEnd responses = new OutageEnd(loop);
  private final FailureStreak streak = new FailureStreak(loop, responses);

  @BeforeEach
  void answerSomebodyBefore() {
    page();
  }

  private void page() {
    OnLoop.run(loop, responses::recordPage);
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      streak.add();
    }
  }

  @Test
  void isOfAllUntilAPageComes() {
    fail(1);
    assertThat(streak.isOfAll()).isTrue();
    page();
    assertThat(streak.isOfAll()).isFalse();
    assertThat(streak.count()).isEqualTo(1);
  }

  @Test
  void isAloneFromTheThirdFailureOnIfAPageCameBefore() {
    fail(1);
    page();
    fail(1);
    assertThat(streak.isAlone()).isFalse();
    page();
    fail(1);
    assertThat(streak.isAlone()).isTrue();

    fail(1);
    assertThat(streak.isAlone()).as("once nothing comes any more").isFalse();
  }

  @Test
  void isAloneForLongAfterAMinute() {
    fail(2);
    loop.runFor(MINUTE.minusMillis(1));
    page();
    fail(1);
    assertThat(streak.isAloneForLong()).isFalse();
    loop.runFor(Duration.ofMillis(1));
    assertThat(streak.isAloneForLong()).isTrue();
    assertThat(streak.hasLasted(MINUTE)).isTrue();
    assertThat(streak.hasLasted(MINUTE.plusMillis(1))).isFalse();
  }

  @Test
  void asksForAnotherPartAtEachThirdFailureWhereNoPageComes() {
    Set<PageRequest> parts = new HashSet<>();
    for (int failures = 1; failures <= 30; failures++) {
      fail(1);
      PageRequest part = streak.nextPart(DAY);
      if (failures % 3 == 0) {
        assertThat(part.from()).isBetween(DAY.from(), DAY.to().minusSeconds(1));
        assertThat(part.to()).isEqualTo(part.from().plusSeconds(1));
        assertThat(part.size()).isOne();
        parts.add(part);
        assertThat(streak.nextPart(DAY)).as("once for each").isNull();
      } else {
        assertThat(part).isNull();
      }
    }
    assertThat(parts).hasSize(10);
  }

  @Test
  void asksForNoPartWherePagesTellThatTheApiAnswers() {
    fail(3);
    page();

    assertThat(streak.nextPart(DAY)).isNull();
  }
}
