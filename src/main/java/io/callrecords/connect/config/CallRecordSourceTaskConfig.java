package io.callrecords.connect.config;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** The configuration of a task: that of the connector, and the share of the work assigned to it. */
public final class CallRecordSourceTaskConfig extends CallRecordSourceConfig {
  /** Internal setting: the splits that are assigned to the task. */
  public static final String TASK_SPLITS = "task.splits";

  /** Internal setting: the number of tasks that share the rate limit. */
  public static final String TASK_COUNT = "task.count";

  /** Internal setting: the number of this task, from 0. */
  public static final String TASK_INDEX = "task.index";

  /**
   * Internal setting: what each task has of the rate and of the requests in flight, in proportion;
   * empty where each has the same.
   */
  public static final String TASK_WEIGHTS = "task.weights";

  /** Internal setting: the start of the range, the same for all tasks. */
  public static final String TASK_START = "task.start";

  /**
   * Parses what the connector wrote for a task.
   *
   * @throws org.apache.kafka.common.config.ConfigException when a value is missing or invalid
   */
  public CallRecordSourceTaskConfig(Map<String, String> settings) {
    super(
        configDef()
            .defineInternal(
                TASK_SPLITS, ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW)
            .defineInternal(
                TASK_COUNT, ConfigDef.Type.INT, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW)
            .defineInternal(
                TASK_INDEX, ConfigDef.Type.INT, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW)
            .defineInternal(TASK_WEIGHTS, ConfigDef.Type.LIST, List.of(), Importance.LOW)
            .defineInternal(
                TASK_START, ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW),
        settings);
  }

  /** The splits that are assigned to the task, in the text form of an assignment. */
  public String splits() {
    return text(TASK_SPLITS);
  }

  /** How to reach the API, with this task's share of the rate limit. */
  public ApiOptions api(String userAgent) {
    return api(share(), userAgent);
  }

  private TaskShare share() {
    List<Integer> weights =
        getList(TASK_WEIGHTS).stream()
            .filter(weight -> !weight.isEmpty())
            .map(Integer::valueOf)
            .toList();
    return weights.isEmpty()
        ? new TaskShare(getInt(TASK_INDEX), getInt(TASK_COUNT))
        : new TaskShare(getInt(TASK_INDEX), weights);
  }

  /** What to read, and how to follow and recheck it. */
  public ReadOptions read() {
    return new ReadOptions(
        Instant.parse(text(TASK_START)),
        endTime(),
        retention(),
        pollInterval(),
        lateArrival(),
        getBoolean(EMIT_UPDATES),
        auditTopic() != null,
        malformed());
  }
}
