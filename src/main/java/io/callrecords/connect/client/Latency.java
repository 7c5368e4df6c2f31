package io.callrecords.connect.client;

import java.time.Duration;

/**
 * How long answers took of late: in the half minute that goes on and in the one before it. One
 * thread tells, any thread may look.
 */
final class Latency {
  private static final long PERIOD_NANOS = Duration.ofSeconds(30).toNanos();

  private Period current = new Period(0);
  private Period previous = new Period(-1);
  private long totalNanos;

  /** What came in one half minute. */
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
   * Takes note of an answer.
   *
   * @param now the loop's uptime
   * @param took how long the answer took
   */
  synchronized void record(Duration now, Duration took) {
    turnTo(now);
    long nanos = took.toNanos();
    current.count++;
    current.nanos += nanos;
    current.maxNanos = Math.max(current.maxNanos, nanos);
    totalNanos += nanos;
  }

  private void turnTo(Duration now) {
    long number = now.toNanos() / PERIOD_NANOS;
    if (number > current.number) {
      previous = number == current.number + 1 ? current : new Period(number - 1);
      current = new Period(number);
    }
  }

  /** The sum of all, in milliseconds. */
  synchronized long totalMillis() {
    return totalNanos / 1_000_000;
  }

  /** The mean of late, in milliseconds; not a number where nothing was answered. */
  synchronized double meanMillis(Duration now) {
    turnTo(now);
    long count = current.count + previous.count;
    return count == 0 ? Double.NaN : (current.nanos + previous.nanos) / 1e6 / count;
  }

  /** The longest of late, in milliseconds; not a number where nothing was answered. */
  synchronized double maxMillis(Duration now) {
    turnTo(now);
    return current.count + previous.count == 0
        ? Double.NaN
        : Math.max(current.maxNanos, previous.maxNanos) / 1e6;
  }
}
