package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each outcome is counted once, as what it is; what has not been yet shows as such. */
class RequestCountsTest {
  private static final Duration TOOK = Duration.ofMillis(200);

  private final VirtualLoop loop = new VirtualLoop(Instant.EPOCH);
  private final RequestCounts counts = new RequestCounts(loop);

  private void failed(TransientFault fault, int times) {
    for (int i = 0; i < times; i++) {
      counts.ended(new ApiResult.Failure(fault, "any"), TOOK);
    }
  }

  @Test
  void countsNothingAtFirst() {
    assertThat(counts.answered() + counts.throttled() + counts.failed() + counts.refused())
        .isZero();
    assertThat(counts.retries()).isZero();
    assertThat(counts.throttledMillis()).isZero();
    assertThat(counts.outageSeconds()).isZero();
    assertThat(counts.latencyMeanMillis()).isNaN();
    assertThat(counts.clockOffsetSeconds()).isNaN();
  }

  @Test
  void countsEachOutcomeAsWhatItIs() {
    counts.ended(Page.parsed(0, List.of(), false), TOOK);
    failed(TransientFault.SERVER_ERROR, 2);
    failed(TransientFault.TOO_MANY_REQUESTS, 3);
    Duration wait = Duration.ofSeconds(9);
    counts.ended(new ApiResult.Failure(TransientFault.SERVER_ERROR, "any", wait), TOOK);
    counts.ended(new ApiResult.Refused(ApiStatus.LOCKED, "Status -13"), TOOK);

    assertThat(counts.answered()).isOne();
    assertThat(counts.failed()).isEqualTo(2);
    // One of them for its Retry-After.
    assertThat(counts.throttled()).isEqualTo(4);
    assertThat(counts.refused()).isOne();
    assertThat(counts.latencyTotalMillis()).isEqualTo(8 * TOOK.toMillis());
    assertThat(counts.latencyMeanMillis()).isEqualTo(200);
    assertThat(counts.latencyMaxMillis()).isEqualTo(200);
  }

  @Test
  void showsTheLatencyOfThePresent() {
    failed(TransientFault.TIMEOUT, 1);
    loop.runFor(Duration.ofMinutes(2));

    assertThat(counts.latencyMeanMillis()).isNaN();
    assertThat(counts.latencyTotalMillis()).isEqualTo(200);
  }

  @Test
  void showsWhatItWasLastTold() {
    counts.retried();
    counts.retried();
    counts.paused(Duration.ofSeconds(3));
    counts.paused(Duration.ofSeconds(5));
    counts.allowedPerSecond(2.5);
    counts.clockOffset(Duration.ofMillis(-2_600));

    assertThat(counts.retries()).isEqualTo(2);
    assertThat(counts.throttledMillis()).isEqualTo(5_000);
    assertThat(counts.allowedPerSecond()).isEqualTo(2.5);
    assertThat(counts.clockOffsetSeconds()).isEqualTo(-3);
  }

  @Test
  void clocksThatAgreeToTwoSecondsHaveNoOffset() {
    for (long millis : new long[] {-2_000, -1_000, -400, 0, 900, 2_000}) {
      counts.clockOffset(Duration.ofMillis(millis));
      assertThat(counts.clockOffsetSeconds()).as("%s ms", millis).isZero();
    }
    counts.clockOffset(Duration.ofMillis(2_501));
    assertThat(counts.clockOffsetSeconds()).isEqualTo(3);
  }

  @Test
  void anOutageLastsUntilItIsOver() {
    loop.runFor(Duration.ofSeconds(10));
    counts.outageSince(loop.uptime());
    loop.runFor(Duration.ofSeconds(90));
    assertThat(counts.outageSeconds()).isEqualTo(90);

    counts.outageSince(null);
    assertThat(counts.outageSeconds()).isZero();
  }
}
