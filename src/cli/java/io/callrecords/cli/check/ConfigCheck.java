package io.callrecords.cli.check;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.config.CallRecordSourceConfig;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.Config;

/** What is wrong with a configuration. */
final class ConfigCheck {
  /** As Connect takes it. */
  private static final Set<String> NAMES =
      Set.of(
          CallRecordSourceConnector.class.getName(),
          "CallRecordSourceConnector",
          "CallRecordSource");

  private final Map<String, String> settings;

  ConfigCheck(Map<String, String> settings) {
    this.settings = settings;
  }

  /** What a worker would say, who asks the API, too. */
  List<String> errors() {
    String type = settings.get("connector.class");
    if (type != null && !NAMES.contains(type.strip())) {
      return List.of(
          "connector.class is "
              + type
              + ", another connector. Write "
              + CallRecordSourceConnector.class.getName());
    }
    return messages(new CallRecordSourceConnector().validate(settings));
  }

  /** What a worker would say with facts that this check leaves out; the API is not asked. */
  List<String> errorsWithFacts(String facts) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(CallRecordSourceConfig.API_FACTS, facts);
    Config config = new Config(CallRecordSourceConfig.configDef().validate(all));
    return messages(CallRecordSourceConfig.validate(config, all, Instant.now()));
  }

  private static List<String> messages(Config config) {
    return config.configValues().stream().flatMap(value -> value.errorMessages().stream()).toList();
  }
}
