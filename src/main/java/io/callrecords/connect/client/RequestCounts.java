package io.callrecords.connect.client;

import io.callrecords.connect.loop.EventLoop;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a task has asked the API, and how that went. The loop counts, any thread may look. */
public final class RequestCounts {
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
  private volatile @Nullable Duration troubleSince;

  /**
   * Creates counts of nothing yet.
   *
   * @param loop tells the time
   */
  public RequestCounts(EventLoop loop) {
    this.loop = loop;
  }

  void ended(ApiResult reply, Duration took) {
    latency.record(loop.uptime(), took);
    if (reply instanceof ApiResult.Records) {
      answered.increment();
    } else if (reply instanceof ApiResult.Refused) {
      refused.increment();
    } else if (reply instanceof ApiResult.TooMany) {
      throttled.increment();
    } else {
      failed.increment();
    }
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
    clockOffsetSeconds = Math.round(offset.toMillis() / 1e3);
  }

  void trouble(@Nullable Duration since) {
    troubleSince = since;
  }

  /** Requests that were answered with a page. */
  public long answered() {
    return answered.sum();
  }

  /** Requests that were called too many (-15, 429), or told when to come again (Retry-After). */
  public long throttled() {
    return throttled.sum();
  }

  /** Requests that came to nothing and were or may be tried again. */
  public long failed() {
    return failed.sum();
  }

  /** Requests that the API refused for good. */
  public long refused() {
    return refused.sum();
  }

  /** Further attempts of requests that had failed or were called too many. */
  public long retries() {
    return retries.sum();
  }

  /** Milliseconds in which nothing was asked, since the API wanted so. */
  public long throttledMillis() {
    return paused.toMillis();
  }

  /** Requests a second that the task allows itself now. */
  public double allowedPerSecond() {
    return allowedPerSecond;
  }

  /** Milliseconds that all requests have taken together. */
  public long latencyTotalMillis() {
    return latency.totalMillis();
  }

  /** Milliseconds that a request took on average in the last half minute or two. */
  public double latencyMeanMillis() {
    return latency.meanMillis(loop.uptime());
  }

  /** Milliseconds that the slowest request took in the last half minute or two. */
  public double latencyMaxMillis() {
    return latency.maxMillis(loop.uptime());
  }

  /** Seconds that the API's clock is ahead of the worker's; not a number before it has answered. */
  public double clockOffsetSeconds() {
    return clockOffsetSeconds;
  }

  /** Seconds for which the API has not answered as it should; zero when all is well. */
  public long troubleSeconds() {
    Duration since = troubleSince;
    return since == null ? 0 : loop.uptime().minus(since).toSeconds();
  }
}
