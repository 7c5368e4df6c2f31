package io.callrecords.cli.check;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.config.CallRecordSourceConfig;
import io.callrecords.connect.config.ValidationErrors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigValue;

/** What is wrong with a configuration. */
final class ConfigCheck {
  /** As Connect takes it. */
  private static final Set<String> NAMES =
      Set.of(
          CallRecordSourceConnector.class.getName(),
          "CallRecordSourceConnector",
          "CallRecordSource");

  private static final String START = "Invalid value for configuration ";

  private final Map<String, String> settings;

  ConfigCheck(Map<String, String> settings) {
    this.settings = settings;
  }

  /** What a worker would say, who asks the API, too. */
  List<String> errors() {
    Set<String> errors = new LinkedHashSet<>();
    String type = settings.get("connector.class");
    boolean isOther = type != null && !NAMES.contains(type.strip());
    if (isOther) {
      errors.add(
          "connector.class is "
              + type
              + ", another connector. Write "
              + CallRecordSourceConnector.class.getName());
    }
    errors.addAll(ConnectSettings.errors(settings));
    if (!isOther) {
      errors.addAll(messages(new CallRecordSourceConnector().validate(settings)));
    }
    return List.copyOf(errors);
  }

  /**
   * What a worker would say with facts that this check leaves out, by setting; the API is not
   * asked.
   */
  Map<String, List<String>> errorsWithFacts(String facts) {
    Map<String, String> all = new HashMap<>(settings);
    all.put(CallRecordSourceConfig.API_FACTS, facts);
    Config config = new Config(CallRecordSourceConfig.configDef().validate(all));
    Map<String, List<String>> errors = new LinkedHashMap<>();
    for (ConfigValue value :
        CallRecordSourceConfig.validate(config, all, Instant.now()).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), List.copyOf(value.errorMessages()));
      }
    }
    return errors;
  }

  /** Each problem once, with all settings that have it. */
  private static List<String> messages(Config config) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    List<String> others = new ArrayList<>();
    for (ConfigValue value : config.configValues()) {
      String start = START + value.name() + ": ";
      for (String message : value.errorMessages()) {
        if (message.startsWith(start)) {
          keys.computeIfAbsent(message.substring(start.length()), any -> new ArrayList<>())
              .add(value.name());
        } else if (!ValidationErrors.isSaidElsewhere(message)) {
          others.add(message);
        }
      }
    }
    keys.forEach((problem, of) -> others.add(START + String.join(", ", of) + ": " + problem));
    return others;
  }
}
