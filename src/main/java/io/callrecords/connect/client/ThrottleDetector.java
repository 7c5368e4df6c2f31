package io.callrecords.connect.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Distinguishes HTTP 503 that means "too often" from that of an outage, since neither says so: the
 * former comes between good responses, again and again. Any thread may use it.
 */
final class ThrottleDetector {
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private static final int MAX_SAMPLES = 1_000;

  /** A restart behind a gateway makes for one change from bad to good. */
  private static final int CHANGES = 2;

  /** A server among several that fails now and then is no reason to slow down. */
  private static final double SHARE = .1;

  /** An API that is known to say 503 for "too often" is believed to go on with it. */
  private static final Duration MEMORY = Duration.ofMinutes(30);

  /** So many in a row are an outage even so. */
  private static final int IN_A_ROW = 8;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private Duration knownUntil = Duration.ZERO;
  private int inARow;

  private record Sample(Duration at, boolean isGood) {}

  /**
   * Returns a result as what it is: the same, or a fault of too many requests.
   *
   * @param uptime the uptime at which it came
   */
  synchronized ApiResult examine(Duration uptime, ApiResult result) {
    return result.match(
        page -> accept(uptime, page), fault -> judge(uptime, fault), refused -> refused);
  }

  private ApiResult accept(Duration uptime, Page page) {
    inARow = 0;
    record(uptime, true);
    return page;
  }

  private ApiResult judge(Duration uptime, ApiResult.Failure fault) {
    // With HTTP 503, gateways also refuse requests that come too often.
    if (fault.kind() != TransientFault.UNAVAILABLE) {
      return fault;
    }
    inARow++;
    record(uptime, false);
    boolean isKnown = uptime.compareTo(knownUntil) < 0;
    boolean isThrottle = isKnown ? hasGood() && inARow <= IN_A_ROW : isInterspersed();
    if (!isThrottle) {
      return fault;
    }
    knownUntil = uptime.plus(MEMORY);
    return new ApiResult.Failure(
        TransientFault.TOO_MANY_REQUESTS, fault.detail(), fault.retryAfter());
  }

  private void record(Duration uptime, boolean isGood) {
    samples.add(new Sample(uptime, isGood));
    Duration oldest = uptime.minus(WINDOW);
    while (samples.size() > MAX_SAMPLES || samples.element().at().compareTo(oldest) < 0) {
      samples.remove();
    }
  }

  private boolean hasGood() {
    return samples.stream().anyMatch(Sample::isGood);
  }

  private boolean isInterspersed() {
    int bad = 0;
    int changes = 0;
    boolean wasGood = true;
    boolean hasBegun = false;
    for (Sample sample : samples) {
      bad += sample.isGood() ? 0 : 1;
      changes += hasBegun && sample.isGood() && !wasGood ? 1 : 0;
      hasBegun |= sample.isGood();
      wasGood = sample.isGood();
    }
    return changes >= CHANGES && bad >= SHARE * samples.size();
  }
}
