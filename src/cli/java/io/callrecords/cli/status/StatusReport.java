package io.callrecords.cli.status;

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
 * @param numbers what its metrics say
 * @param faults what has gone wrong since the tasks began; those that have not are left out
 * @param unseen what could not be seen, and why
 */
record StatusReport(
    String connector,
    String address,
    @Nullable String pluginVersion,
    Instant seenAt,
    ConnectorStatus state,
    String topic,
    @Nullable RangeCalendar calendar,
    ProgressNumbers numbers,
    List<FaultCount> faults,
    List<String> unseen) {
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

  /** The same with one thing more that could not be seen. */
  StatusReport unseen(String more) {
    List<String> all = new ArrayList<>(unseen);
    all.add(0, more);
    return new StatusReport(
        connector, address, pluginVersion, seenAt, state, topic, calendar, numbers, faults, all);
  }

  /** Whether the connector or a task of it has failed, or the calendar shows a recent loss. */
  boolean isBad() {
    return state.isFailed() || (calendar != null && !calendar.losses().isEmpty());
  }
}
