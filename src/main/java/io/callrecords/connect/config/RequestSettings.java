package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.CONNECT_TIMEOUT_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.MAX_CONCURRENT_REQUESTS;
import static io.callrecords.connect.config.CallRecordSourceConfig.PAGE_SIZE;
import static io.callrecords.connect.config.CallRecordSourceConfig.REQUESTS_PER_SECOND;
import static io.callrecords.connect.config.CallRecordSourceConfig.REQUEST_TIMEOUT_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_BACKOFF_MAX_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_BACKOFF_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_TIMEOUT_MS;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Width;

/** The settings of requests: page size, rate, timeouts and retries. */
final class RequestSettings {
  private static final double MIN_RATE = 0.01;
  private static final double MAX_RATE = 10_000;

  private RequestSettings() {}

  static void define(ConfigDef def) {
    SettingGroup group = new SettingGroup(def, "Requests");
    group.add(
        Setting.optional(PAGE_SIZE, ConfigDef.Type.INT, 100, Importance.LOW)
            .display("Page size", Width.SHORT)
            .validator(NumberValidator.between(1, 100))
            .doc("Records per page. The API allows at most 100."));
    group.add(
        Setting.optional(REQUESTS_PER_SECOND, ConfigDef.Type.DOUBLE, 5.0, Importance.MEDIUM)
            .display("Requests per second", Width.SHORT)
            .validator(StringValidator.of("[0.01,...,10000]", RequestSettings::validateRate))
            .doc("Maximum number of requests per second, over all tasks of the connector."));
    group.add(
        Setting.optional(MAX_CONCURRENT_REQUESTS, ConfigDef.Type.INT, 4, Importance.LOW)
            .display("Concurrent requests", Width.SHORT)
            .validator(NumberValidator.between(1, TaskShare.MAX_REQUESTS))
            .doc(
                "Maximum number of requests that one task has in flight. Of several tasks that load a"
                    + " backlog, one with more to read may have more (64 at most), and another has"
                    + " fewer: together they have no more than this for each of them."));
    group.add(
        Setting.optional(CONNECT_TIMEOUT_MS, ConfigDef.Type.INT, 10_000, Importance.LOW)
            .display("Connect timeout (ms)", Width.SHORT)
            .validator(NumberValidator.between(100, 600_000))
            .doc("How long to wait for a connection to open."));
    group.add(
        Setting.optional(REQUEST_TIMEOUT_MS, ConfigDef.Type.INT, 40_000, Importance.LOW)
            .display("Request timeout (ms)", Width.SHORT)
            .validator(NumberValidator.between(100, 600_000))
            .doc(
                "How long a request may take, up to the last byte of its response. An API may well"
                    + " wait 30 seconds for its database."));
    group.add(
        Setting.optional(RETRY_BACKOFF_MS, ConfigDef.Type.LONG, 500L, Importance.LOW)
            .display("Backoff (ms)", Width.SHORT)
            .validator(NumberValidator.between(1L, 3_600_000L))
            .doc(
                "Upper bound of the wait after the first transient fault. It doubles with each"
                    + " further fault; the wait itself is random, between zero and the bound."));
    group.add(
        Setting.optional(RETRY_BACKOFF_MAX_MS, ConfigDef.Type.LONG, 60_000L, Importance.LOW)
            .display("Maximum backoff (ms)", Width.SHORT)
            .validator(NumberValidator.between(1L, 3_600_000L))
            .doc("Upper bound of any wait after a transient fault."));
    group.add(
        Setting.optional(RETRY_TIMEOUT_MS, ConfigDef.Type.LONG, -1L, Importance.LOW)
            .display("Retry timeout (ms)", Width.SHORT)
            .validator(NumberValidator.atLeast(-1L))
            .doc(
                "How long to retry a request after its first transient fault before the task fails."
                    + " <code>-1</code> retries forever, so that nobody has to restart anything"
                    + " after an outage."));
  }

  private static void validateRate(String text) {
    double rate = Double.parseDouble(text);
    // NaN fails every comparison.
    if (!(rate >= MIN_RATE && rate <= MAX_RATE)) {
      throw new IllegalArgumentException("must be between 0.01 and 10000");
    }
  }
}
