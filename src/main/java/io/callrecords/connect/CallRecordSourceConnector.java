package io.callrecords.connect;

import io.callrecords.connect.ReachabilityMonitor.ReachabilityTimes;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.CallRecordSourceTaskConfig;
import io.callrecords.connect.config.LogText;
import io.callrecords.connect.config.PrivacyOptions;
import io.callrecords.connect.config.SettingValues;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.config.ValidationErrors;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FieldDescription;
import io.callrecords.connect.feed.PersonalData;
import io.callrecords.connect.offset.OffsetCodec;
import io.callrecords.connect.split.Assignment;
import io.callrecords.connect.split.DayVolumes;
import io.callrecords.connect.split.TimeRange;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
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

  /** How often an unreachable API is tried again, and for how long before that is reported. */
  private static final ReachabilityTimes REACHABILITY_TIMES =
      new ReachabilityTimes(Duration.ofSeconds(5), Duration.ofMinutes(1));

  /** How many problems of the settings a line of the log lists. */
  private static final int MAX_PROBLEMS = 10;

  /**
   * The connectors whose API could be reached since the worker began: one without offsets that is
   * started again has most likely a quiet account.
   */
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration SHORT_LATENESS = Duration.ofMinutes(10);

  private final Clock clock;
  private final Duration checkInterval;
  private final BiConsumer<Config, Map<String, String>> liveCheck;
  private final Function<ApiOptions, @Nullable String> reachability;
  private final ReachabilityTimes reachabilityTimes;
  private final VolumeSource volumes;
  private final ValidationErrors validationErrors = new ValidationErrors();
  private final AtomicReference<@Nullable Started> started = new AtomicReference<>();
  private @Nullable ReassignmentMonitor monitor;
  private @Nullable ReachabilityMonitor reachabilityMonitor;

  /** What a connector holds between its start and its stop. */
  private record Started(Map<String, String> settings, RangePlanner planner, ConnectorPlan plan) {
    Started with(ConnectorPlan other) {
      return new Started(settings, planner, other);
    }

    /** Without the settings, which hold secrets in clear text. */
    @Override
    public String toString() {
      return "Started[" + plan + "]";
    }
  }

  /** Tells how much the days of a plan hold. */
  interface VolumeSource {
    /** Learns it; takes a few seconds at most, and does not fail. */
    DayVolumes volumes(String name, CallRecordSourceConfig config, ConnectorPlan plan);
  }

  /** Called by the worker. */
  public CallRecordSourceConnector() {
    this(
        Clock.systemUTC(),
        CHECK_INTERVAL,
        new ApiConnectionValidator(Clock.systemUTC())::validate,
        ReachabilityCheck::problem,
        REACHABILITY_TIMES,
        new VolumeProbe(Clock.systemUTC())::volumes);
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
    this(
        clock,
        checkInterval,
        liveCheck,
        api -> null,
        REACHABILITY_TIMES,
        (name, config, plan) -> DayVolumes.UNKNOWN);
  }

  /**
   * For tests.
   *
   * @param checkInterval how often it is checked, while there are several tasks, whether one would
   *     do
   * @param liveCheck adds to a validation result without errors what the API says to its settings
   * @param reachability says what is wrong with the way to the API, or null: tried where no offset
   *     is stored
   * @param reachabilityTimes how long that is tried before it is reported
   * @param volumes tells how much the days hold that several tasks are to load
   */
  CallRecordSourceConnector(
      Clock clock,
      Duration checkInterval,
      BiConsumer<Config, Map<String, String>> liveCheck,
      Function<ApiOptions, @Nullable String> reachability,
      ReachabilityTimes reachabilityTimes,
      VolumeSource volumes) {
    this.clock = clock;
    this.checkInterval = checkInterval;
    this.liveCheck = liveCheck;
    this.reachability = reachability;
    this.reachabilityTimes = reachabilityTimes;
    this.volumes = volumes;
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
        CallRecordSourceConfig.validate(
            super.validate(SettingValues.set(connectorConfigs)), connectorConfigs, clock.instant());
    if (result.configValues().stream().allMatch(value -> value.errorMessages().isEmpty())) {
      liveCheck.accept(result, connectorConfigs);
    }
    validationErrors.publish(result, connectorConfigs);
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
    Instant now = clock.instant();
    offsets.forEach((partition, offset) -> codec.check(partition, offset, now));
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
    RangePlanner planner = new RangePlanner(config, offsets::withoutJournaledIds);
    ConnectorPlan plan = withVolumes(settings, config, planner.plan(clock.instant()));
    started.set(new Started(SettingValues.set(settings), planner, plan));
    warnOfTolerated(config);
    warnOfUnused(config);
    warnOfShortLateness(config.lateArrival());
    warnOfOpenConnections(config);
    logPrivacy(config.privacy());
    log(plan, config);
    if (!plan.hasOffsets()) {
      tryToReach(settings.getOrDefault("name", "connector"), config);
    }
  }

  /**
   * Learns how much the days hold where several tasks are to load them. A worker starts a connector
   * on a thread of its own, and waits for nothing meanwhile.
   */
  private ConnectorPlan withVolumes(
      Map<String, String> settings, CallRecordSourceConfig config, ConnectorPlan plan) {
    int maxTasks = Integer.parseInt(settings.getOrDefault("tasks.max", "1").trim());
    if (plan.assign(maxTasks).size() < 2) {
      return plan;
    }
    return plan.with(volumes.volumes(settings.getOrDefault("name", "connector"), config, plan));
  }

  /**
   * Makes a wrong address known. It is not refused: this may be an account without calls, whose
   * worker is started during an outage.
   */
  private void tryToReach(String name, CallRecordSourceConfig config) {
    if (REACHED.contains(name)) {
      return;
    }
    ApiOptions api = config.api(TaskShare.ALONE, Version.userAgent());
    reachabilityMonitor =
        new ReachabilityMonitor(
            LogText.of(name),
            reachabilityTimes,
            () -> {
              String problem = reachability.apply(api);
              if (problem == null) {
                REACHED.add(name);
              }
              return problem;
            },
            problem -> context().raiseError(unreachable(problem)));
  }

  private static ConnectException unreachable(String problem) {
    return new ConnectException(
        "Invalid value for configuration "
            + problem
            + ". No offset is stored for this connector, so the address is most likely wrong, or the"
            + " way to it is closed: check host and port, whether a firewall lets the worker reach"
            + " them, and whether a proxy is needed (proxy.url). Correct the configuration. If the"
            + " API is down, the tasks go on once it is back; then restart the connector, so that its"
            + " state says so");
  }

  /** What an earlier version accepted must neither stop a connector nor stay unseen. */
  private static void warnOfTolerated(CallRecordSourceConfig config) {
    List<String> problems = config.tolerated();
    if (!problems.isEmpty()) {
      LOG.warn(
          "The connector goes on with settings that earlier versions accepted, but its next change"
              + " of configuration will be refused unless it mends them: {}",
          problems.stream().limit(MAX_PROBLEMS).collect(Collectors.joining(" ")));
    }
  }

  /** Nobody says that a setting without effect is one: it may be meant for something. */
  private static void warnOfUnused(CallRecordSourceConfig config) {
    List<String> names = config.unusedNames();
    if (!names.isEmpty()) {
      LOG.warn(
          "Neither the connector nor Connect reads these settings, which have no effect: {}. Correct"
              + " their names, or remove them.",
          names.stream().limit(MAX_PROBLEMS).map(LogText::of).collect(Collectors.joining(", "))
              + (names.size() > MAX_PROBLEMS ? ", ..." : ""));
    }
  }

  /** Milliseconds are easily taken for seconds, and then calls are lost. */
  private static void warnOfShortLateness(Duration lateArrival) {
    if (!lateArrival.isZero() && lateArrival.compareTo(SHORT_LATENESS) < 0) {
      LOG.warn(
          "late.arrival.ms is {}, which are {} s: a call that the API returns for the first time later"
              + " than that after its start is not found. The API adds a call when it ends, so set it"
              + " to more than the longest call lasts.",
          lateArrival.toMillis(),
          BigDecimal.valueOf(lateArrival.toMillis(), 3).stripTrailingZeros().toPlainString());
    }
  }

  /** What somebody has switched off for a test must not stay so unseen. */
  private static void warnOfOpenConnections(CallRecordSourceConfig config) {
    if (config.allowsHttp()) {
      LOG.warn(
          "api.allow.http is true, so requests may go over http: then everybody on the way can read"
              + " the API key and all calls. Use an https address in api.url, and remove"
              + " api.allow.http.");
    }
    if (!config.checksHostName()) {
      LOG.warn(
          "ssl.endpoint.identification.algorithm is empty, so the host name in the server's"
              + " certificate is not checked: whoever has any certificate that the worker trusts can"
              + " pass for the API. Remove the setting, and use the host that the certificate"
              + " names.");
    }
  }

  /** Whoever meant to hide a field sees here whether it is. */
  private static void logPrivacy(PrivacyOptions privacy) {
    Set<String> hidden = new TreeSet<>(privacy.excluded());
    hidden.addAll(privacy.pseudonymized());
    String plain =
        CallCenterFeed.recordSchema().fields().stream()
            .filter(field -> field.personalData() == PersonalData.YES)
            .map(FieldDescription::name)
            .filter(name -> !hidden.contains(name))
            .collect(Collectors.joining(", "));
    LOG.info(
        "Fields that are left out: {}; replaced by tokens: {}; personal ones that arrive as they"
            + " are: {}; unknown ones that arrive: {}.",
        names(privacy.excluded()),
        names(privacy.pseudonymized()),
        plain.isEmpty() ? "none" : plain,
        privacy.extra() == null ? "all" : names(privacy.extra()));
  }

  private static String names(Set<String> fields) {
    return fields.isEmpty() ? "none" : String.join(", ", new TreeSet<>(fields));
  }

  private static void log(ConnectorPlan plan, CallRecordSourceConfig config) {
    ConnectorPlan.UnconfirmedDays unconfirmed = plan.unconfirmed();
    if (unconfirmed != null) {
      logLeftOut(unconfirmed, plan.hasOffsets(), config.retention().toDays());
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

  private static void logLeftOut(
      ConnectorPlan.UnconfirmedDays unconfirmed, boolean hasOffsets, long retentionDays) {
    TimeRange span = unconfirmed.span();
    if (span.seconds() < DAY.toSeconds()) {
      // The limit moves on while a connector runs: at each start, a piece of the oldest day is past
      // it.
      LOG.info(
          "{} to {} is left out: it is older than the {} days for which the API answers"
              + " (api.retention.days).",
          span.from(),
          span.to(),
          retentionDays);
    } else {
      LOG.warn(
          "{} days from {} to {} are left out: they are older than the {} days for which the API"
              + " answers (api.retention.days), and no stored offset confirms that they were read."
              + " If the connector was running then, they had no calls, and nothing is lost; if it"
              + " was stopped, or did not exist yet, their calls can no longer be read.{}",
          unconfirmed.count(),
          span.from(),
          span.to(),
          retentionDays,
          hasOffsets
              ? ""
              : " It has no stored offset at all, so it most likely starts for the first time, and"
                  + " begins where the API does, not at start.time. If the API keeps more, raise"
                  + " api.retention.days.");
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
   * <p>Where the volume of the days is known, {@code task.weights} says what each task has of the
   * rate, the same for all of them.
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
    monitor(
        assignments.size(),
        maxTasks,
        LogText.of(current.settings().getOrDefault("name", "connector")));
    String weights =
        current.plan().volumes().weights(assignments).stream()
            .map(String::valueOf)
            .collect(Collectors.joining(","));
    List<Map<String, String>> configs = new ArrayList<>();
    for (Assignment assignment : assignments) {
      Map<String, String> config = new HashMap<>(current.settings());
      config.put(CallRecordSourceTaskConfig.TASK_SPLITS, assignment.toString());
      config.put(CallRecordSourceTaskConfig.TASK_INDEX, Integer.toString(configs.size()));
      config.put(CallRecordSourceTaskConfig.TASK_COUNT, Integer.toString(assignments.size()));
      config.put(CallRecordSourceTaskConfig.TASK_WEIGHTS, weights);
      config.put(CallRecordSourceTaskConfig.TASK_START, current.plan().start().toString());
      if (LOG.isDebugEnabled()) {
        LOG.debug(
            "Task {} of {} reads {}.", configs.size(), assignments.size(), assignment.summary());
      }
      configs.add(config);
    }
    return configs;
  }

  private synchronized void monitor(int tasks, int maxTasks, String name) {
    closeMonitor();
    // The worker may have stopped it since it asked for its tasks.
    if (tasks > 1 && started.get() != null) {
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
    ReachabilityMonitor reaching = reachabilityMonitor;
    reachabilityMonitor = null;
    if (reaching != null) {
      reaching.close();
    }
  }

  private synchronized void closeMonitor() {
    ReassignmentMonitor last = monitor;
    monitor = null;
    if (last != null) {
      last.close();
    }
  }
}
