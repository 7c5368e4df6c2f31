package io.callrecords.cli.reconcile;

import io.callrecords.cli.CliException;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.StartTime;
import io.callrecords.connect.split.TimeRange;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Makes the range that is compared of the options and of the connector's settings. */
final class WantedRange {
  /** So long after a call can be late no more, the connector has sent it. */
  private static final Duration SETTLING = Duration.ofMinutes(15);

  private WantedRange() {}

  /**
   * What of a range is the connector's: nothing before its start, or after its end.
   *
   * @throws CliException when that is nothing
   */
  static TimeRange of(Instant from, @Nullable Instant to, CallRecordSourceConfig config) {
    Instant begin = from;
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant end = to == null ? now.minus(config.lateArrival()).minus(SETTLING) : to;
    checkOrder(from, to, now.minus(config.lateArrival()).minus(SETTLING));
    if (config.startTime() instanceof StartTime.At start && start.time().isAfter(begin)) {
      begin = start.time();
    }
    Instant configuredEnd = config.endTime();
    if (configuredEnd != null && configuredEnd.isBefore(end)) {
      end = configuredEnd;
    }
    end = end.isAfter(now) ? now : end;
    Instant first = begin.truncatedTo(ChronoUnit.SECONDS);
    Instant last = end.truncatedTo(ChronoUnit.SECONDS);
    if (!first.isBefore(last)) {
      throw CliException.usage(
          "Of the range from "
              + from
              + " to "
              + (to == null ? end : to)
              + ", nothing is the connector's by now: it would be "
              + first
              + " to "
              + last
              + ". Choose --from and --to within start.time and end.time");
    }
    return new TimeRange(first, last);
  }

  /** What is wrong with the options themselves, whatever the connector's settings are. */
  private static void checkOrder(Instant begin, @Nullable Instant to, Instant defaultEnd) {
    if (to != null && !begin.isBefore(to)) {
      throw CliException.usage(
          "--from "
              + begin
              + " is not before --to "
              + to
              + ", where the range ends. Choose an earlier --from, or a later --to");
    }
    if (to == null && !begin.isBefore(defaultEnd)) {
      throw CliException.usage(
          "--from "
              + begin
              + " is not before "
              + defaultEnd
              + ", where the range ends without --to: later calls may still come or change"
              + " (late.arrival.ms, and a quarter of an hour). Choose an earlier --from, or give --to");
    }
  }
}
