package io.callrecords.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SimulatorTest {

  @Test
  void itStartsWithTheCallsThatWereAskedFor() {
    try (Simulator simulator =
        Simulator.builder()
            .seed(3)
            .calls(1000, Duration.ofDays(2))
            .load((generator, now) -> generator.inSecond(500, now.minus(Duration.ofDays(1))))
            .start()) {
      assertThat(simulator.store().size()).isEqualTo(1500);
      assertThat(simulator.ids()).hasSizeBetween(1300, 1500);
      assertThat(simulator.url()).startsWith("http://127.0.0.1:").endsWith("/v3");
    }
  }

  @Test
  void liveCallsAppearAsTimePasses() {
    try (Simulator simulator = Simulator.builder().start()) {
      LiveCalls live = simulator.live(120_000);
      await()
          .atMost(Duration.ofMinutes(2))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> simulator.ids().size() >= 50);

      assertThat(live.started()).isGreaterThanOrEqualTo(50);
      live.close();
      Set<String> atLast = simulator.store().visibleIds(simulator.now().plusSeconds(60));
      assertThat(atLast).hasSize((int) live.started());
    }
  }

  @Test
  void someCallsAreEditedLater() {
    AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-03-10T12:00:00Z"));
    Instant from = clock.get().minus(Duration.ofHours(2));
    try (Simulator simulator =
        Simulator.builder()
            .clock(clock::get)
            .quirks(Quirks.newBuilder().editedShare(.25).editedWithin(Duration.ofHours(1)).build())
            .calls(2000, from, from.plusSeconds(600))
            .start()) {
      clock.set(clock.get().plus(Duration.ofHours(10)));
      long edited =
          simulator.ids().stream().filter(id -> simulator.store().versions(id).size() == 2).count();

      assertThat(edited).isBetween(400L, 600L);
    }
  }

  @Test
  void itsClockIsTheOneThatIsHandedIn() {
    Instant fixed = Instant.parse("2026-03-10T12:00:00Z");
    try (Simulator simulator =
        Simulator.builder()
            .clock(() -> fixed)
            .quirks(Quirks.newBuilder().clockOffset(Duration.ofHours(-3)).build())
            .start()) {
      assertThat(simulator.now()).isEqualTo("2026-03-10T09:00:00Z");
    }
  }
}
