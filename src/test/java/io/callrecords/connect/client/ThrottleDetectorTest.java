package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP 503 between good responses means "too often"; without them it is an outage. */
class ThrottleDetectorTest {
  private static final ApiResult.Failure UNAVAILABLE =
      new ApiResult.Failure(TransientFault.UNAVAILABLE, "HTTP 503");

  private static final Page PAGE = Page.parsed(0, List.of(), false);

  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-01T00:00:00Z"));
  private final ThrottleDetector detector = new ThrottleDetector();
  private final List<TransientFault> kinds = new ArrayList<>();

  /** One response after the other, four in a second: a dot for a good one, an x for HTTP 503. */
  private void receive(String responses) {
    for (int i = 0; i < responses.length(); i++) {
      loop.runFor(Duration.ofMillis(250));
      if (responses.charAt(i) == '.') {
        detector.examine(loop.uptime(), PAGE);
      } else {
        kinds.add(examined(UNAVAILABLE).kind());
      }
    }
  }

  private ApiResult.Failure examined(ApiResult.Failure fault) {
    return (ApiResult.Failure) detector.examine(loop.uptime(), fault);
  }

  @ParameterizedTest
  @ValueSource(strings = {"..x.x.xxx.", ".xx.xx.x.xxxxxxxx.", "....x...x..x..."})
  void isThrottledBetweenGoodResponses(String responses) {
    receive(responses);

    assertThat(kinds.get(0)).isEqualTo(TransientFault.UNAVAILABLE);
    assertThat(kinds.get(kinds.size() - 1)).isEqualTo(TransientFault.TOO_MANY_REQUESTS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xxxxxxxxxxxxxxxxxxxxxxx",
        "............xxxxxxxxxxxxxxxxxxxxx",
        ".......xxxx.......",
        "xxxxxx......................xxxxx",
      })
  void isAnOutageWithoutGoodResponsesBetween(String responses) {
    receive(responses);

    assertThat(kinds).containsOnly(TransientFault.UNAVAILABLE);
  }

  /** One server of several that fails now and then. */
  @Test
  void isNoThrottleWhereFewFail() {
    receive(".......................x".repeat(40));

    assertThat(kinds).containsOnly(TransientFault.UNAVAILABLE);
  }

  @Test
  void becomesAnOutageAlsoWhereItIsKnownToThrottle() {
    receive(".x.x.x.x.x.x");
    kinds.clear();
    receive("x".repeat(100));

    assertThat(kinds.subList(10, 100)).containsOnly(TransientFault.UNAVAILABLE);
  }

  @Test
  void remembersThatItThrottles() {
    receive(".x.x.x.x.x.x");
    loop.runFor(Duration.ofMinutes(20));
    kinds.clear();
    receive("............x");

    assertThat(kinds).containsExactly(TransientFault.TOO_MANY_REQUESTS);
  }

  @Test
  void leavesOtherFaultsAlone() {
    receive(".x.x.x.x");
    ApiResult.Failure other = new ApiResult.Failure(TransientFault.SERVER_ERROR, "HTTP 502");

    assertThat(detector.examine(loop.uptime(), other)).isSameAs(other);
  }

  @Test
  void keepsWhatTheResponseAsksToWait() {
    receive(".x.x.x.x");
    Duration wait = Duration.ofSeconds(7);

    assertThat(examined(UNAVAILABLE.withRetryAfter(wait)).retryAfter()).isEqualTo(wait);
  }
}
