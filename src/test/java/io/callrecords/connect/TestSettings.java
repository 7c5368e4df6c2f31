package io.callrecords.connect;

import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;

/** The smallest settings that work, to be changed by tests. */
public final class TestSettings {
  /** The API key of {@link #minimal()}. */
  public static final String KEY = "key-4711";

  /** The API secret of {@link #minimal()}. */
  public static final String SECRET = "secret-0815";

  /** Where nobody listens, and nobody may begin to: a port of the system's own. */
  public static final String NOBODY = "127.0.0.1:1";

  private TestSettings() {}

  /** A new map of all that is required. */
  public static Map<String, String> minimal() {
    return new HashMap<>(
        Map.of(
            "name",
            "calls",
            "connector.class",
            CallRecordSourceConnector.class.getName(),
            "api.url",
            "https://api.example.com/v3",
            "api.key",
            KEY,
            "api.secret",
            SECRET,
            "topic",
            "calls"));
  }

  /** The required settings and others: names and values in turn. */
  public static Map<String, String> with(String... namesAndValues) {
    Map<String, String> settings = minimal();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return settings;
  }

  /** The settings of a task of one day, and another one. */
  public static Map<String, String> ofTask(String name, String value) {
    return with(
        name,
        value,
        "task.splits",
        "2026-11-01",
        "task.count",
        "1",
        "task.index",
        "0",
        "task.start",
        "2026-11-01T10:00:00Z");
  }

  /** What validation says of settings by name, without the live check. */
  public static Map<String, List<String>> errorsWithoutProbe(Map<String, String> settings) {
    return errors(new CallRecordSourceConnector(Clock.systemUTC(), (result, all) -> {}), settings);
  }

  /** What validation says of settings by name, with a live check that any machine has time for. */
  public static Map<String, List<String>> errors(Map<String, String> settings) {
    ApiConnectionValidator validator =
        new ApiConnectionValidator(Clock.systemUTC(), TimeLimits.LONG, TimeLimits.LONG);
    return errors(new CallRecordSourceConnector(Clock.systemUTC(), validator::validate), settings);
  }

  private static Map<String, List<String>> errors(
      CallRecordSourceConnector connector, Map<String, String> settings) {
    Map<String, List<String>> errors = new TreeMap<>();
    for (ConfigValue value : connector.validate(settings).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
