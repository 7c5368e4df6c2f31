package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The message says which second it is, how much it may take, and the way out. */
class SecondTooHeavyExceptionTest {
  @Test
  void namesTheSecondTheLimitAndTheWayOut() {
    Instant second = Instant.parse("2026-11-10T12:00:00Z");

    assertThat(new SecondTooHeavyException(second, 16L << 20))
        .hasMessageContainingAll("2026-11-10T12:00:00Z", "16 MiB", "heap", "tasks.max", "api.url");
  }
}
