package io.callrecords.cli.status;

import io.callrecords.connect.config.CallRecordSourceConfig;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * For how long nothing new was read, or nothing tells that it was; null where that is no longer
 * than the configuration explains.
 *
 * @param unread as the metrics say: nothing is read
 * @param untold as the offsets say, which an account without calls leaves as they are
 */
record ReadingGap(@Nullable Duration unread, @Nullable Duration untold) {
  static final ReadingGap NONE = new ReadingGap(null, null);

  /** More than a poll, its requests, and the interval at which workers store offsets. */
  private static final Duration EXPLAINED = Duration.ofMinutes(3);

  private static final int EXPLAINED_POLLS = 3;

  /** For how long nothing was read, as the metrics of tasks say that have asked the API. */
  static @Nullable Duration unread(@Nullable TaskNumbers numbers, CallRecordSourceConfig config) {
    Double lag = numbers == null ? null : numbers.max("live_lag_seconds");
    if (numbers == null || lag == null || !hasAsked(numbers)) {
      return null;
    }
    return beyond(Duration.ofSeconds((long) Math.floor(lag)), config);
  }

  /** A task that has only just begun has not had the time to read. */
  private static boolean hasAsked(TaskNumbers numbers) {
    Double answered = numbers.requests("answered");
    Double trouble = numbers.max("trouble_seconds");
    return (answered != null && answered > 0) || (trouble != null && trouble > 0);
  }

  /**
   * The gap of a connector that runs.
   *
   * @param unread for how long nothing was read
   * @param calendar how far it is by its offsets
   * @param lagSeconds the lag by its metrics; null where it is not known
   */
  static ReadingGap of(
      @Nullable Duration unread,
      @Nullable RangeCalendar calendar,
      @Nullable Double lagSeconds,
      CallRecordSourceConfig config) {
    boolean isReading =
        lagSeconds != null && beyond(Duration.ofSeconds(lagSeconds.longValue()), config) == null;
    Instant readTo = calendar == null ? null : calendar.readTo();
    if (unread != null || isReading || calendar == null || readTo == null || calendar.isOver()) {
      return new ReadingGap(unread, null);
    }
    return new ReadingGap(null, beyond(Duration.between(readTo, calendar.now()), config));
  }

  private static @Nullable Duration beyond(Duration time, CallRecordSourceConfig config) {
    Duration polls = config.pollInterval().multipliedBy(EXPLAINED_POLLS);
    Duration explained = polls.compareTo(EXPLAINED) > 0 ? polls : EXPLAINED;
    return time.compareTo(explained) > 0 ? time : null;
  }

  /** What ails the connector; null when that is not known. */
  @Nullable String ailment() {
    return unread == null ? null : "nothing read for " + text(unread);
  }

  /** What may ail it, or not; null when nothing may. */
  @Nullable String remark() {
    return untold == null
        ? null
        : "the offsets have told nothing new for "
            + text(untold)
            + ": no new call, or nothing is read; --metrics tells which";
  }

  /** The time in words. */
  static String text(Duration time) {
    return StatusDocument.duration((double) time.toSeconds());
  }
}
