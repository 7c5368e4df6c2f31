package io.callrecords.connect.client;

import java.time.Duration;

/**
 * How long requests took lately: in the current half minute and in the one before it. One thread
 * records, any thread may read.
 */
final class Latency {
  private static final long PERIOD_NANOS = Duration.ofSeconds(30).toNanos();

  private Period current = new Period(0);
  private Period previous = new Period(-1);
  private long totalNanos;

  /** The requests of one half minute. */
  private static final class Period {
    private final long number;
    private long count;
    private long nanos;
    private long maxNanos;

    Period(long number) {
      this.number = number;
    }
  }

  /**
   * Records a request that has ended.
   *
   * @param now the loop's uptime
   * @param took how long it took
   */
  synchronized void record(Duration now, Duration took) {
    advanceTo(now);
    long nanos = took.toNanos();
    current.count++;
    current.nanos += nanos;
    current.maxNanos = Math.max(current.maxNanos, nanos);
    totalNanos += nanos;
  }

  private void advanceTo(Duration now) {
    long number = now.toNanos() / PERIOD_NANOS;
    if (number > current.number) {
      previous = number == current.number + 1 ? current : new Period(number - 1);
      current = new Period(number);
    }
  }

  /** The sum of all requests, in milliseconds. */
  synchronized long totalMillis() {
    return totalNanos / 1_000_000;
  }

  /** The mean of the last 30 to 60 seconds, in milliseconds; NaN without any request. */
  synchronized double meanMillis(Duration now) {
    advanceTo(now);
    long count = current.count + previous.count;
    return count == 0 ? Double.NaN : (current.nanos + previous.nanos) / 1e6 / count;
  }

  /** The longest of the last 30 to 60 seconds, in milliseconds; NaN without any request. */
  synchronized double maxMillis(Duration now) {
    advanceTo(now);
    return current.count + previous.count == 0
        ? Double.NaN
        : Math.max(current.maxNanos, previous.maxNanos) / 1e6;
  }
}
