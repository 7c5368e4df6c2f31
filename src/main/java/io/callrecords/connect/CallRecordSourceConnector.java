package io.callrecords.connect;

import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.config.StartTime;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.offset.ResumeState;
import io.callrecords.connect.offset.SplitOffset;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.Split;
import io.callrecords.connect.split.SplitPlan;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the call records of a call centre's API into a topic. */
public final class CallRecordSourceConnector extends SourceConnector {
  private static final Logger LOG = LoggerFactory.getLogger(CallRecordSourceConnector.class);

  /** The very oldest moment that the API keeps is gone before its first page is asked for. */
  private static final Duration EARLIEST_MARGIN = Duration.ofMinutes(10);

  /** How far back it is looked whether days that have expired had been read before that. */
  private static final Duration REMEMBERED = Duration.ofDays(400);

  /** How often several tasks are looked at whether one of them would do. */
  private static final Duration PLAN_INTERVAL = Duration.ofMinutes(5);

  private final Clock clock;
  private final Duration planInterval;
  private final BiConsumer<Config, Map<String, String>> liveCheck;
  private final AtomicReference<@Nullable Planned> planned = new AtomicReference<>();
  private @Nullable ReassignmentMonitor watch;

  /**
   * What a connector that was started has worked out.
   *
   * @param start where its range begins
   * @param expiredDays how many days of it cannot be had any more
   */
  private record Planned(
      Map<String, String> settings,
      CallRecordSourceConfig config,
      Instant start,
      long expiredDays,
      SplitPlan plan) {
    Planned with(SplitPlan newPlan) {
      return new Planned(settings, config, start, expiredDays, newPlan);
    }
  }

  /** Called by the worker. */
  public CallRecordSourceConnector() {
    this(Clock.systemUTC(), new ApiConnectionValidator(Clock.systemUTC())::validate);
  }

  /**
   * For tests.
   *
   * @param liveCheck adds to a validation result without errors what the API says to its settings
   */
  CallRecordSourceConnector(Clock clock, BiConsumer<Config, Map<String, String>> liveCheck) {
    this(clock, PLAN_INTERVAL, liveCheck);
  }

  /**
   * For tests.
   *
   * @param planInterval how often several tasks are looked at whether one of them would do
   * @param liveCheck adds to a validation result without errors what the API says to its settings
   */
  CallRecordSourceConnector(
      Clock clock, Duration planInterval, BiConsumer<Config, Map<String, String>> liveCheck) {
    this.clock = clock;
    this.planInterval = planInterval;
    this.liveCheck = liveCheck;
  }

  @Override
  public String version() {
    return Version.get();
  }

  @Override
  public ConfigDef config() {
    return CallRecordSourceConfig.configDef();
  }

  @Override
  public Config validate(Map<String, String> connectorConfigs) {
    Config result =
        CallRecordSourceConfig.validate(super.validate(connectorConfigs), clock.instant());
    if (result.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      liveCheck.accept(result, connectorConfigs);
    }
    return result;
  }

  /**
   * A split belongs to one task, and a record's offset says exactly what is sent once it is: a
   * transaction that holds the two is all that exactly-once takes.
   */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  /** With {@code transaction.boundary=connector}, a transaction holds what is sent of a window. */
  @Override
  public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
      Map<String, String> connectorConfig) {
    return ConnectorTransactionBoundaries.SUPPORTED;
  }

  /**
   * Checks offsets that a person has written, before the worker stores them.
   *
   * @throws ConnectException when a partition or an offset is none of this connector's; shows the
   *     right form
   */
  @Override
  public boolean alterOffsets(
      Map<String, String> connectorConfig, Map<Map<String, ?>, Map<String, ?>> offsets) {
    OffsetCodec codec = new OffsetCodec(CallCenterFeed.create().name());
    offsets.forEach(codec::check);
    return true;
  }

  @Override
  public Class<? extends Task> taskClass() {
    return CallRecordSourceTask.class;
  }

  /** Plans the range by what is already read of it, as the stored offsets say. */
  @Override
  public void start(Map<String, String> newSettings) {
    CallRecordSourceConfig config = new CallRecordSourceConfig(newSettings);
    Instant now = clock.instant();
    Instant keptSince = keptSince(config, now);
    ResumeState splits = storedSplits(config, now);
    Map<Split, SplitOffset> stored = splits.offsets();
    Instant start = startOf(config, now, keptSince, stored);
    long expiredDays = expiredDays(start, keptSince.truncatedTo(ChronoUnit.SECONDS), stored);
    if (expiredDays > 0) {
      LOG.error(
          "{} days of the range from {} on cannot be had any more: the API answers for {} days only"
              + " (api.retention.days), which is from {} on. They are left out.",
          expiredDays,
          start,
          config.retention().toDays(),
          keptSince);
    }
    SplitPlan plan = plan(config, start, now, splits);
    planned.set(new Planned(Map.copyOf(newSettings), config, start, expiredDays, plan));
    if (plan.assign(1).isEmpty()) {
      LOG.warn(
          "There is nothing to read from {} to end.time ({}): either all of it is read, or the API"
              + " no longer answers for it (api.retention.days is {}), or start.time is later.",
          start,
          config.endTime(),
          config.retention().toDays());
    }
  }

  private static SplitPlan plan(
      CallRecordSourceConfig config, Instant start, Instant now, ResumeState splits) {
    Instant keptSince = keptSince(config, now);
    return SplitPlan.of(
        start.isAfter(keptSince) ? start : Split.of(keptSince).range().from(),
        config.endTime(),
        now.minus(config.lateArrival()),
        splits.done(start),
        splits.withoutCalls());
  }

  private static Instant keptSince(CallRecordSourceConfig config, Instant now) {
    return now.minus(config.retention()).plus(EARLIEST_MARGIN);
  }

  /**
   * How many days have expired before they were read. What is stored tells up to where an earlier
   * run had come: days without calls leave no offset, so that the last day that has one counts.
   */
  private static long expiredDays(
      Instant start, Instant keptSince, Map<Split, SplitOffset> stored) {
    Instant readTo =
        stored.entrySet().stream()
            .filter(entry -> !entry.getValue().start().isAfter(start))
            .map(entry -> entry.getKey().range().to())
            .max(Instant::compareTo)
            .orElse(start);
    Instant lostFrom = readTo.isAfter(start) ? readTo : start;
    Duration lost = Duration.between(lostFrom, keptSince);
    return lost.isNegative() ? 0 : (lost.toSeconds() + 86_399) / 86_400;
  }

  private ResumeState storedSplits(CallRecordSourceConfig config, Instant now) {
    List<Split> days = Split.of(now.minus(REMEMBERED)).to(Split.of(now)).toList();
    OffsetCodec codec = new OffsetCodec(CallCenterFeed.create().name());
    return new OffsetStore(context().offsetStorageReader(), codec, config.lateArrival(), clock)
        .of(days);
  }

  /** A start that depends on the clock stays the first one, which the offsets remember. */
  private static Instant startOf(
      CallRecordSourceConfig config,
      Instant now,
      Instant keptSince,
      Map<Split, SplitOffset> stored) {
    Instant resolved = config.startTime().resolve(now, keptSince);
    if (!(config.startTime() instanceof StartTime.At)) {
      return stored.values().stream()
          .map(SplitOffset::start)
          .filter(known -> known.isBefore(resolved))
          .min(Instant::compareTo)
          .orElse(resolved);
    }
    return resolved;
  }

  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    Planned current = planned.get();
    if (current == null) {
      throw new IllegalStateException("taskConfigs() before start()");
    }
    List<Assignment> assignments = current.plan().assign(maxTasks);
    Map<String, String> settings = current.settings();
    watch(assignments.size(), maxTasks, settings.getOrDefault("name", "connector"));
    List<Map<String, String>> configs = new ArrayList<>();
    for (Assignment assignment : assignments) {
      Map<String, String> config = new HashMap<>(settings);
      config.put(CallRecordSourceTaskConfig.TASK_SPLITS, assignment.toString());
      config.put(CallRecordSourceTaskConfig.TASK_INDEX, Integer.toString(configs.size()));
      config.put(CallRecordSourceTaskConfig.TASK_COUNT, Integer.toString(assignments.size()));
      config.put(CallRecordSourceTaskConfig.TASK_START, current.start().toString());
      if (configs.isEmpty()) {
        config.put(
            CallRecordSourceTaskConfig.TASK_EXPIRED_DAYS, Long.toString(current.expiredDays()));
      }
      configs.add(config);
    }
    return configs;
  }

  private void watch(int tasks, int maxTasks, String name) {
    if (watch != null) {
      watch.close();
      watch = null;
    }
    if (tasks > 1) {
      String thread = "call-records-" + name + "-plan";
      watch = new ReassignmentMonitor(thread, planInterval, () -> replan(maxTasks));
    }
  }

  /** Asks the worker for a new plan's tasks once one does what is left with the whole rate. */
  private void replan(int maxTasks) {
    Planned current = planned.get();
    if (current == null) {
      return;
    }
    Instant now = clock.instant();
    ResumeState splits = storedSplits(current.config(), now);
    SplitPlan plan = plan(current.config(), current.start(), now, splits);
    int tasks = plan.assign(maxTasks).size();
    // A connector that was stopped, or started anew, meanwhile has no use for it.
    if (tasks < 2 && planned.compareAndSet(current, current.with(plan))) {
      LOG.info(
          tasks == 0
              ? "Nothing is left to read up to end.time: no task is needed any more."
              : "The backlog is read but for a small rest: one task goes on with the whole rate.");
      context().requestTaskReconfiguration();
    }
  }

  @Override
  public void stop() {
    if (watch != null) {
      watch.close();
      watch = null;
    }
    planned.set(null);
  }
}
