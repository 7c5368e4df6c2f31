package io.callrecords.connect.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.PageRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The message that says what was asked and what came. */
class IgnoredRangeExceptionTest {
  @Test
  void namesTheParametersTheRequestAndTheTimesThatCame() {
    Instant from = Instant.parse("2026-11-01T00:00:00Z");

    assertThat(
            new IgnoredRangeException(
                "strTime and endTime",
                new PageRequest(from, from.plusSeconds(60), 1, 100),
                from.minusSeconds(3_600),
                from.plusSeconds(7_200)))
        .hasMessageStartingWith(
            "The API does not honour the range of a request (strTime and endTime): asked for calls"
                + " of 2026-11-01T00:00:00Z to 2026-11-01T00:01:00Z, it returned calls of"
                + " 2026-10-31T23:00:00Z to 2026-11-01T02:00:00Z, ")
        .hasMessageEndingWith("ask the platform which form of strTime and endTime it takes");
  }
}
