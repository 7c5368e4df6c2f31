package io.callrecords.connect;

import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.split.Assignment;
import java.time.Clock;
import java.time.Duration;
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

/** Brings the call records of a call centre's API into a topic: plans the range and its tasks. */
public final class CallRecordSourceConnector extends SourceConnector {
  private static final Logger LOG = LoggerFactory.getLogger(CallRecordSourceConnector.class);

  /** How often it is checked, while there are several tasks, whether one would do. */
  private static final Duration CHECK_INTERVAL = Duration.ofMinutes(5);

  private final Clock clock;
  private final Duration checkInterval;
  private final BiConsumer<Config, Map<String, String>> liveCheck;
  private final AtomicReference<@Nullable Started> started = new AtomicReference<>();
  private @Nullable ReassignmentMonitor monitor;

  /** What a connector holds between its start and its stop. */
  private record Started(Map<String, String> settings, RangePlanner planner, ConnectorPlan plan) {
    Started with(ConnectorPlan other) {
      return new Started(settings, planner, other);
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
    this(clock, CHECK_INTERVAL, liveCheck);
  }

  /**
   * For tests.
   *
   * @param checkInterval how often it is checked, while there are several tasks, whether one would
   *     do
   * @param liveCheck adds to a validation result without errors what the API says to its settings
   */
  CallRecordSourceConnector(
      Clock clock, Duration checkInterval, BiConsumer<Config, Map<String, String>> liveCheck) {
    this.clock = clock;
    this.checkInterval = checkInterval;
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
   * Supported: a split belongs to one task, and a record's offset says exactly what has been sent
   * once the record is. A transaction that holds both is all that exactly-once takes.
   */
  @Override
  public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> connectorConfig) {
    return ExactlyOnceSupport.SUPPORTED;
  }

  /** Supported: with {@code transaction.boundary=connector}, a transaction is a window's batch. */
  @Override
  public ConnectorTransactionBoundaries canDefineTransactionBoundaries(
      Map<String, String> connectorConfig) {
    return ConnectorTransactionBoundaries.SUPPORTED;
  }

  /**
   * Checks offsets that somebody wants to store, before the worker stores them.
   *
   * @throws ConnectException if a partition or an offset cannot be used; shows the right form
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

  /** Plans the range by what has been read of it already, as the stored offsets say. */
  @Override
  public void start(Map<String, String> settings) {
    CallRecordSourceConfig config = new CallRecordSourceConfig(settings);
    OffsetCodec codec = new OffsetCodec(CallCenterFeed.create().name());
    OffsetStore offsets =
        new OffsetStore(context().offsetStorageReader(), codec, config.lateArrival(), clock);
    RangePlanner planner = new RangePlanner(config, offsets::of);
    ConnectorPlan plan = planner.plan(clock.instant());
    started.set(new Started(Map.copyOf(settings), planner, plan));
    log(plan, config);
  }

  private static void log(ConnectorPlan plan, CallRecordSourceConfig config) {
    ConnectorPlan.UnconfirmedDays unconfirmed = plan.unconfirmed();
    if (unconfirmed != null) {
      LOG.warn(
          "{} days from {} to {} are left out: they are older than the {} days for which the API"
              + " answers (api.retention.days), and no stored offset confirms that they were read."
              + " If the connector was running then, they had no calls, and nothing is lost; if it"
              + " was stopped, or did not exist yet, their calls can no longer be read.",
          unconfirmed.count(),
          unconfirmed.span().from(),
          unconfirmed.span().to(),
          config.retention().toDays());
    }
    if (plan.assign(1).isEmpty()) {
      LOG.warn(
          "There is nothing to read from {} to end.time ({}): all of it has been read, or the API"
              + " no longer answers for it (api.retention.days is {}), or start.time is later.",
          plan.start(),
          config.endTime(),
          config.retention().toDays());
    }
  }

  /**
   * The settings of each task: the connector's own, and what the task reads.
   *
   * <p>A range from D1 on with the open end at D4, and {@code maxTasks} 2:
   *
   * <pre>
   * connector: api.url=https://…  topic=calls  …
   *
   * task 0:    api.url=https://…  topic=calls  …
   *            task.index=0  task.count=2  task.start=D1T00:00:00Z  task.splits=D1,D3
   * task 1:    api.url=https://…  topic=calls  …
   *            task.index=1  task.count=2  task.start=D1T00:00:00Z  task.splits=D2,D4/..
   * </pre>
   *
   * <p>A worker calls this again at any time, and restarts the tasks whose settings differ: the
   * same plan always gives the same answer.
   */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    Started current = started.get();
    if (current == null) {
      throw new IllegalStateException("taskConfigs() before start()");
    }
    List<Assignment> assignments = current.plan().assign(maxTasks);
    monitor(assignments.size(), maxTasks, current.settings().getOrDefault("name", "connector"));
    List<Map<String, String>> configs = new ArrayList<>();
    for (Assignment assignment : assignments) {
      Map<String, String> config = new HashMap<>(current.settings());
      config.put(CallRecordSourceTaskConfig.TASK_SPLITS, assignment.toString());
      config.put(CallRecordSourceTaskConfig.TASK_INDEX, Integer.toString(configs.size()));
      config.put(CallRecordSourceTaskConfig.TASK_COUNT, Integer.toString(assignments.size()));
      config.put(CallRecordSourceTaskConfig.TASK_START, current.plan().start().toString());
      if (LOG.isDebugEnabled()) {
        LOG.debug(
            "Task {} of {} reads {}.", configs.size(), assignments.size(), assignment.summary());
      }
      configs.add(config);
    }
    return configs;
  }

  private void monitor(int tasks, int maxTasks, String name) {
    closeMonitor();
    if (tasks > 1) {
      String thread = "call-records-" + name + "-plan";
      monitor = new ReassignmentMonitor(thread, checkInterval, () -> replan(maxTasks));
    }
  }

  /** Requests new tasks from the worker once a single one does what is left, at the whole rate. */
  private void replan(int maxTasks) {
    Started current = started.get();
    if (current == null) {
      return;
    }
    ConnectorPlan plan = current.planner().replan(current.plan(), clock.instant());
    int tasks = plan.assign(maxTasks).size();
    LOG.debug("Checked the assignment: {} tasks are needed.", tasks);
    // A connector that has been stopped or restarted meanwhile has no use for it.
    if (tasks < 2 && started.compareAndSet(current, current.with(plan))) {
      LOG.info(
          tasks == 0
              ? "Nothing is left to read up to end.time: no task is needed any more."
              : "Only a small remainder of the backlog is unread: one task continues, with the"
                  + " whole rate.");
      context().requestTaskReconfiguration();
    }
  }

  @Override
  public void stop() {
    started.set(null);
    closeMonitor();
  }

  private void closeMonitor() {
    ReassignmentMonitor last = monitor;
    monitor = null;
    if (last != null) {
      last.close();
    }
  }
}
