package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts a task's requests and their outcomes. The loop writes, any thread may read. */
public final class RequestCounts {
  /** A date has whole seconds, and is of some moment of a request: less is not told apart. */
  private static final Duration CLOCK_RESOLUTION = Duration.ofSeconds(2);

  private final EventLoop loop;
  private final LongAdder answered = new LongAdder();
  private final LongAdder throttled = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final Latency latency = new Latency();
  private volatile Duration paused = Duration.ZERO;
  private volatile double allowedPerSecond;
  private volatile double clockOffsetSeconds = Double.NaN;
  private volatile @Nullable Duration outageSince;

  /**
   * Creates counts of nothing yet.
   *
   * @param loop tells the time
   */
  public RequestCounts(EventLoop loop) {
    this.loop = loop;
  }

  void ended(ApiResult result, Duration took) {
    latency.record(loop.uptime(), took);
    result
        .match(page -> answered, fault -> fault.isThrottled() ? throttled : failed, code -> refused)
        .increment();
  }

  void retried() {
    retries.increment();
  }

  void paused(Duration total) {
    paused = total;
  }

  void allowedPerSecond(double rate) {
    allowedPerSecond = rate;
  }

  void clockOffset(Duration offset) {
    clockOffsetSeconds =
        offset.abs().compareTo(CLOCK_RESOLUTION) <= 0 ? 0 : Math.round(offset.toMillis() / 1e3);
  }

  /**
   * Sets since when requests fail.
   *
   * @param since the uptime at which the longest outage began, or null without any
   */
  void outageSince(@Nullable Duration since) {
    outageSince = since;
  }

  /** Requests that were answered with a page. */
  public long answered() {
    return answered.sum();
  }

  /** Requests that were too many (-15, 429), or whose response has a Retry-After. */
  public long throttled() {
    return throttled.sum();
  }

  /** Requests that failed and were or may be retried. */
  public long failed() {
    return failed.sum();
  }

  /** Requests that the API refused for good. */
  public long refused() {
    return refused.sum();
  }

  /** Further attempts of requests that had failed or were throttled. */
  public long retries() {
    return retries.sum();
  }

  /** Milliseconds in which no request was sent because the API asked to wait. */
  public long throttledMillis() {
    return paused.toMillis();
  }

  /** Requests per second that the task sends at most, at the present rate. */
  public double allowedPerSecond() {
    return allowedPerSecond;
  }

  /** Milliseconds that all requests have taken in sum. */
  public long latencyTotalMillis() {
    return latency.totalMillis();
  }

  /** Milliseconds that a request took on average in the last 30 to 60 seconds. */
  public double latencyMeanMillis() {
    return latency.meanMillis(loop.uptime());
  }

  /** Milliseconds that the slowest request took in the last 30 to 60 seconds. */
  public double latencyMaxMillis() {
    return latency.maxMillis(loop.uptime());
  }

  /**
   * Seconds that the API's clock is ahead of the worker's, 0 where it is two or less; NaN before
   * its first response.
   */
  public double clockOffsetSeconds() {
    return clockOffsetSeconds;
  }

  /**
   * Seconds for which requests have kept failing: of the API's outage, or of its refusal of ranges
   * that it should have, whichever began first; zero when all is well.
   */
  public long outageSeconds() {
    Duration since = outageSince;
    return since == null ? 0 : loop.uptime().minus(since).toSeconds();
  }
}
