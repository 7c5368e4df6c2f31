package io.callrecords.connect.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.TimeLimits;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InvariantsTest {
  @Test
  void aTestFailsAtTheFirstViolation() {
    Invariants invariants = Invariants.strict();

    assertThat(invariants.check(true, "a window is lost")).isTrue();
    assertThatThrownBy(() -> invariants.check(false, "a window is lost"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a window is lost");
    assertThat(invariants.violations()).isEqualTo(1);
  }

  @Test
  void productionCountsEachAndLogsEachKindOnce() {
    Invariants invariants = Invariants.counting();
    try (LogCapture log = new LogCapture(Invariants.class)) {
      assertThat(invariants.check(false, "a window is lost")).isFalse();
      assertThat(invariants.check(false, "a window is lost")).isFalse();
      assertThat(invariants.check(false, "a place is lost")).isFalse();

      assertThat(invariants.violations()).isEqualTo(3);
      assertThat(log.lines()).hasSize(2);
    }
  }

  @Test
  void aVirtualLoopKnowsItsSteps() {
    VirtualLoop loop = new VirtualLoop(Instant.EPOCH);
    loop.execute(loop::checkOnLoop);
    loop.runFor(Duration.ofSeconds(1));

    assertThatThrownBy(loop::checkOnLoop).hasMessageContaining("event loop");
  }

  @Test
  void aThreadLoopKnowsItsThread() throws Exception {
    CompletableFuture<Boolean> inside = new CompletableFuture<>();
    try (ThreadLoop loop =
        new ThreadLoop("test", Clock.systemUTC(), inside::completeExceptionally)) {
      loop.execute(() -> inside.complete(loop.isOnLoop()));

      assertThat(inside.get(TimeLimits.LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(loop.isOnLoop()).isFalse();
    }
  }
}
