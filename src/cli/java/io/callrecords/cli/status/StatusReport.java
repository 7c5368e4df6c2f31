package io.callrecords.cli.status;

import io.callrecords.cli.ExitStatus;
import io.callrecords.cli.connect.ConnectorStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a connector is.
 *
 * @param connector its name
 * @param address the worker that was asked
 * @param pluginVersion the version of the plugin there; null when it is not known
 * @param seenAt when this was seen
 * @param state the connector and its tasks
 * @param topic where it writes calls
 * @param calendar how far each day is; null when the offsets could not be read
 * @param gap for how long nothing new was read, or nothing tells that it was
 * @param numbers what its metrics say
 * @param faults what has gone wrong since the tasks began, or in the range; those that have not are
 *     left out
 * @param unseen what could not be seen, and why
 * @param isPartial whether some of that was asked for
 * @param isStale whether nothing could be seen since
 */
record StatusReport(
    String connector,
    String address,
    @Nullable String pluginVersion,
    Instant seenAt,
    ConnectorStatus state,
    String topic,
    @Nullable RangeCalendar calendar,
    ReadingGap gap,
    ProgressNumbers numbers,
    List<FaultCount> faults,
    List<String> unseen,
    boolean isPartial,
    boolean isStale) {
  private static final double SECONDS_A_DAY = 86_400;

  StatusReport {
    faults = List.copyOf(faults);
    unseen = List.copyOf(unseen);
  }

  /**
   * What the metrics say of a connector's progress; null where it is not known.
   *
   * @param lagSeconds the time since the live edge was last read
   * @param backlogDays the unread part of the range without the live edge
   * @param backlogRecords an estimate of what that holds
   * @param secondsLeft an estimate of when it is read
   * @param requestsPerSecond the rate used
   * @param allowedPerSecond the rate that the API bears, as the tasks have learned
   * @param limitPerSecond the rate that is configured
   * @param troubleSeconds for how long requests have been failing
   */
  record ProgressNumbers(
      @Nullable Double lagSeconds,
      @Nullable Double backlogDays,
      @Nullable Double backlogRecords,
      @Nullable Double secondsLeft,
      @Nullable Double requestsPerSecond,
      @Nullable Double allowedPerSecond,
      double limitPerSecond,
      @Nullable Double troubleSeconds) {}

  /**
   * A kind of fault.
   *
   * @param name of the metric without its prefix, or what else it is known by
   * @param label what it is, for people
   * @param count how often it has happened
   */
  record FaultCount(String name, String label, long count) {}

  /** The same as what was seen last, since nothing can be seen now. */
  StatusReport stale(String why) {
    List<String> all = new ArrayList<>(unseen);
    all.add(0, why);
    return new StatusReport(
        connector,
        address,
        pluginVersion,
        seenAt,
        state,
        topic,
        calendar,
        gap,
        numbers,
        faults,
        all,
        isPartial,
        true);
  }

  /**
   * How many days are unread: what the metrics say, or else of how many no offset says that they
   * were read; null where neither is known, as where only what is newest is in question.
   */
  @Nullable Double backlogDays() {
    Double measured = numbers.backlogDays();
    if (measured != null || calendar == null) {
      return measured;
    }
    long unread = calendar.unreadSeconds();
    return unread == 0 && gap.untold() != null ? null : Double.valueOf(unread / SECONDS_A_DAY);
  }

  /**
   * Whether the connector or a task of it has failed, or is in no worker, or nothing is read though
   * the range goes on, or the calendar shows a recent loss.
   */
  boolean isBad() {
    return ailment() != null || (calendar != null && !calendar.losses().isEmpty());
  }

  /** What ails the connector itself, in a word or two; null when nothing does. */
  @Nullable String ailment() {
    if (state.isFailed()) {
      return "FAILED";
    }
    if (state.isUnassigned()) {
      return "UNASSIGNED";
    }
    return state.isWithoutTasks() && !isOver() ? "WITHOUT TASKS" : gap.ailment();
  }

  /** Whether the range has ended, so that no task is needed. */
  private boolean isOver() {
    Instant end = calendar == null ? null : calendar.end();
    return end != null && !end.isAfter(seenAt);
  }

  /** What the command ends with: what is known to be bad is worse than what could not be seen. */
  ExitStatus exit() {
    if (isBad()) {
      return ExitStatus.BAD;
    }
    return isPartial || isStale ? ExitStatus.UNSEEN : ExitStatus.WELL;
  }
}
