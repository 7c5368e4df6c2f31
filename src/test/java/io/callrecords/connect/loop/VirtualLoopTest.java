package io.callrecords.connect.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Proves that made-up time passes as the other tests rely on. */
class VirtualLoopTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

  private final VirtualLoop loop = new VirtualLoop(START);
  private final List<String> ran = new ArrayList<>();

  @Test
  void runsStepsByTimeAndThenByArrival() {
    loop.schedule(Duration.ofSeconds(2), () -> ran.add("late"));
    loop.schedule(Duration.ofSeconds(1), () -> ran.add("first at one"));
    loop.schedule(Duration.ofSeconds(1), () -> ran.add("second at one"));
    loop.execute(() -> ran.add("now"));

    loop.runFor(Duration.ofSeconds(2));

    assertThat(ran).containsExactly("now", "first at one", "second at one", "late");
  }

  @Test
  void runsWhatIsDueAtItsLastMomentAndNothingLater() {
    loop.schedule(Duration.ofSeconds(5), () -> ran.add("due"));
    loop.schedule(Duration.ofSeconds(5).plusNanos(1), () -> ran.add("not due"));

    loop.runFor(Duration.ofSeconds(5));

    assertThat(ran).containsExactly("due");
    assertThat(loop.uptime()).isEqualTo(Duration.ofSeconds(5));
    assertThat(loop.waiting()).isEqualTo(1);
  }

  @Test
  void showsAStepItsOwnTimeAndRunsWhatItAdds() {
    loop.schedule(
        Duration.ofSeconds(3),
        () -> {
          ran.add("at " + loop.uptime() + " " + loop.wallClock());
          loop.schedule(Duration.ofSeconds(1), () -> ran.add("at " + loop.uptime()));
        });

    loop.runFor(Duration.ofMinutes(1));

    assertThat(ran).containsExactly("at PT3S 2026-11-01T00:00:03Z", "at PT4S");
    assertThat(loop.wallClock()).isEqualTo(START.plusSeconds(60));
  }

  @Test
  void stopsAtTheStepThatMakesTheConditionTrue() {
    loop.schedule(Duration.ofSeconds(1), () -> ran.add("a"));
    loop.schedule(Duration.ofSeconds(2), () -> ran.add("b"));

    assertThat(loop.runUntil(() -> ran.contains("a"), Duration.ofSeconds(10))).isTrue();

    assertThat(loop.uptime()).isEqualTo(Duration.ofSeconds(1));
    assertThat(ran).containsExactly("a");
  }

  @Test
  void givesUpAtTheLimitWhenTheConditionNeverHolds() {
    loop.schedule(Duration.ofSeconds(11), () -> ran.add("too late"));

    assertThat(loop.runUntil(() -> !ran.isEmpty(), Duration.ofSeconds(10))).isFalse();

    assertThat(loop.uptime()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void letsTheWallClockJumpWithoutTouchingTheUptime() {
    loop.runFor(Duration.ofSeconds(30));
    loop.setWallClock(Instant.parse("2020-01-01T00:00:00Z"));
    loop.runFor(Duration.ofSeconds(1));

    assertThat(loop.wallClock()).isEqualTo(Instant.parse("2020-01-01T00:00:01Z"));
    assertThat(loop.uptime()).isEqualTo(Duration.ofSeconds(31));
  }

  @Test
  void endsTheTestWhenAStepFails() {
    IllegalStateException failure = new IllegalStateException("of the step");
    loop.execute(
        () -> {
          throw failure;
        });

    assertThatThrownBy(() -> loop.runFor(Duration.ZERO))
        .isInstanceOf(AssertionError.class)
        .hasCause(failure);
  }

  @Test
  void handsFailuresToItsHandlerAndGoesOn() {
    List<Throwable> failures = new ArrayList<>();
    VirtualLoop handling = new VirtualLoop(START, failures::add);
    IllegalStateException failure = new IllegalStateException("of the step");
    handling.execute(
        () -> {
          throw failure;
        });
    handling.execute(() -> ran.add("after"));

    handling.runFor(Duration.ZERO);

    assertThat(failures).containsExactly(failure);
    assertThat(ran).containsExactly("after");
  }

  @Test
  void noticesAnEndlessLoopWithoutProgressOfTime() {
    Runnable endless =
        new Runnable() {
          @Override
          public void run() {
            loop.execute(this);
          }
        };
    loop.execute(endless);

    assertThatThrownBy(() -> loop.runFor(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("spins");
  }

  @Test
  void runsNothingOnceItIsClosed() {
    loop.execute(() -> ran.add("waiting"));
    loop.close();
    loop.execute(() -> ran.add("later"));

    loop.runFor(Duration.ofSeconds(1));

    assertThat(ran).isEmpty();
  }
}
