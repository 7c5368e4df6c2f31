package io.callrecords.cli.status;

import io.callrecords.cli.CliException;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/**
 * What a connector's settings, as its worker reports them, say of its range: without secrets, which
 * only the worker can resolve.
 *
 * @param connectorClass the class of the connector
 * @param config the settings that matter here, with all others at their defaults
 */
public record ReportedSettings(String connectorClass, CallRecordSourceConfig config) {
  private static final String CONNECTOR_CLASS = "connector.class";
  private static final String CONNECTOR = "CallRecordSourceConnector";

  private static final List<String> WANTED =
      List.of(
          CallRecordSourceConfig.TOPIC,
          CallRecordSourceConfig.AUDIT_TOPIC,
          CallRecordSourceConfig.START_TIME,
          CallRecordSourceConfig.END_TIME,
          CallRecordSourceConfig.POLL_INTERVAL_MS,
          CallRecordSourceConfig.LATE_ARRIVAL_MS,
          CallRecordSourceConfig.API_RETENTION_DAYS,
          CallRecordSourceConfig.ADD_FIELDS,
          CallRecordSourceConfig.MALFORMED_RECORDS,
          CallRecordSourceConfig.MALFORMED_TOPIC,
          CallRecordSourceConfig.REQUESTS_PER_SECOND);

  /** The rate that all tasks share. */
  double requestsPerSecond() {
    return config.getDouble(CallRecordSourceConfig.REQUESTS_PER_SECOND);
  }

  /**
   * Reads settings.
   *
   * @param unseen gets a line for each that cannot be read here
   * @throws CliException when they are not those of this connector
   */
  public static ReportedSettings of(Map<String, String> settings, List<String> unseen) {
    String connectorClass = settings.getOrDefault(CONNECTOR_CLASS, "");
    if (!connectorClass.endsWith(CONNECTOR)) {
      throw CliException.usage(
          "The connector is of the class "
              + connectorClass
              + ", and this command knows the call records source only. Name one of those");
    }
    Map<String, String> wanted = new HashMap<>();
    // Not used, but required.
    wanted.put(CallRecordSourceConfig.API_URL, "https://localhost");
    wanted.put(CallRecordSourceConfig.API_KEY, "unused");
    wanted.put(CallRecordSourceConfig.API_SECRET, "unused");
    wanted.put(CallRecordSourceConfig.TOPIC, "unknown");
    for (String key : WANTED) {
      String value = settings.get(key);
      if (value != null && value.contains("${")) {
        unseen.add(key + ": it is " + value + ", which only the worker resolves; not regarded.");
      } else if (value != null) {
        wanted.put(key, value);
      }
    }
    try {
      return new ReportedSettings(connectorClass, new CallRecordSourceConfig(wanted));
    } catch (ConfigException e) {
      throw CliException.usage("The connector's configuration: " + e.getMessage(), e);
    }
  }
}
