package io.callrecords.connect.config;

import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

/** A task's settings: the connector's own, and the share of the work that the plan gave it. */
public final class CallRecordSourceTaskConfig extends CallRecordSourceConfig {
  /** Name of the internal setting that lists the task's splits. */
  public static final String TASK_SPLITS = "task.splits";

  /** Name of the internal setting that says how many tasks share the rate. */
  public static final String TASK_COUNT = "task.count";

  /** Name of the internal setting that says which of them this one is, from 0. */
  public static final String TASK_INDEX = "task.index";

  /** Name of the internal setting that holds the start of the range, the same for all tasks. */
  public static final String TASK_START = "task.start";

  /** Reads what the connector wrote for a task. */
  public CallRecordSourceTaskConfig(Map<String, String> settings) {
    super(
        Settings.definition()
            .defineInternal(
                TASK_SPLITS, ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW)
            .defineInternal(
                TASK_COUNT, ConfigDef.Type.INT, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW)
            .defineInternal(
                TASK_INDEX, ConfigDef.Type.INT, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW)
            .defineInternal(
                TASK_START, ConfigDef.Type.STRING, ConfigDef.NO_DEFAULT_VALUE, Importance.LOW),
        settings);
  }

  /** The task's splits in the plan's text form. */
  public String splits() {
    return text(TASK_SPLITS);
  }

  /** How the API is reached, with this task's share of the rate. */
  public ApiOptions api(String userAgent) {
    return api(new TaskShare(getInt(TASK_INDEX), getInt(TASK_COUNT)), userAgent);
  }

  /** What is read and when it is looked at again. */
  public ReadOptions read() {
    return new ReadOptions(
        Instant.parse(text(TASK_START)),
        endTime(),
        retention(),
        pollInterval(),
        lateArrival(),
        getBoolean(Settings.EMIT_UPDATES),
        auditTopic() != null,
        malformed());
  }
}
