package io.callrecords.connect.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the errors of a validation known where a worker hides them: from 4.4 on, Connect shows
 * nothing of an error of a value that a config provider has returned but that there is one.
 */
public final class ValidationErrors {
  private static final Logger LOG = LoggerFactory.getLogger(ValidationErrors.class);

  /** How many errors a line of the log lists. */
  private static final int MAX_ERRORS = 10;

  /** A shorter value may be a part of any word. */
  private static final int SHORTEST_HIDDEN = 4;

  private static final Pattern HOST = Pattern.compile("^\\s*\\w+://([^/:?#]+)");

  private static final String SAID_AT_URL =
      ". (Said at api.url as well, since from 4.4 on Connect hides what is wrong with a value from"
          + " a config provider.)";

  private final ConfigDef definition = CallRecordSourceConfig.configDef();

  /** A UI validates with each key that is pressed. */
  private final AtomicReference<String> lastReason = new AtomicReference<>("");

  /**
   * Adds the errors of secrets to {@code api.url}, and logs all errors, without any value.
   *
   * @param result the result of a validation
   * @param settings what was validated
   */
  public void publish(Config result, Map<String, String> settings) {
    adviseOnSecrets(result, settings);
    Map<String, Set<String>> keysByProblem = new LinkedHashMap<>();
    for (ConfigValue value : result.configValues()) {
      for (String message : value.errorMessages()) {
        keysByProblem
            .computeIfAbsent(problem(message, value.name()), any -> new TreeSet<>())
            .add(value.name());
      }
    }
    showSecrets(result, keysByProblem, settings);
    String line =
        keysByProblem.entrySet().stream()
            .limit(MAX_ERRORS)
            .map(error -> keys(error.getValue()) + ": " + withoutValues(error, settings))
            .collect(Collectors.joining("; "));
    String name = LogText.of(settings.getOrDefault("name", "the connector"));
    // The times of a request differ each time.
    String reason = name + line.replaceAll("\\d+", "#");
    if (!reason.equals(lastReason.getAndSet(line.isEmpty() ? "" : reason)) && !line.isEmpty()) {
      LOG.warn("{}: validation refuses the configuration. {}", name, line);
    }
  }

  /** Whether a message at {@code api.url} repeats what is said at the settings of secrets. */
  public static boolean isSaidElsewhere(String message) {
    return message.endsWith(SAID_AT_URL);
  }

  /** Whoever may not see a secret does not see either what is odd about it. */
  private void adviseOnSecrets(Config result, Map<String, String> settings) {
    for (ConfigValue value : result.configValues()) {
      String secret = settings.get(value.name());
      if (secret != null && isSecret(value.name()) && !value.errorMessages().isEmpty()) {
        SecretForm.problems(value.name(), secret).stream()
            .map(problem -> String.valueOf(problem.getMessage()))
            .filter(problem -> !value.errorMessages().contains(problem))
            .forEach(value::addErrorMessage);
      }
    }
  }

  private void showSecrets(
      Config result, Map<String, Set<String>> keysByProblem, Map<String, String> settings) {
    keysByProblem.forEach(
        (problem, keys) -> {
          if (keys.stream().allMatch(key -> isSecret(key) && hasValue(settings.get(key)))) {
            result.configValues().stream()
                .filter(value -> value.name().equals(CallRecordSourceConfig.API_URL))
                .forEach(
                    value ->
                        value.addErrorMessage(
                            "Invalid value for configuration "
                                + keys(keys)
                                + ": "
                                + problem.replaceFirst("\\.$", "")
                                + SAID_AT_URL));
          }
        });
  }

  private boolean isSecret(String key) {
    ConfigDef.ConfigKey known = definition.configKeys().get(key);
    return known != null && known.type == ConfigDef.Type.PASSWORD;
  }

  /** No worker hides what is wrong with a setting without a value, or with a bare reference. */
  private static boolean hasValue(@Nullable String text) {
    return text != null && !text.isBlank() && !StringValidator.isReference(text);
  }

  private static String keys(Set<String> keys) {
    return keys.stream().map(LogText::of).collect(Collectors.joining(", "));
  }

  /** What is wrong, without the value in front of it. */
  private static String problem(String message, String key) {
    String start = "for configuration " + key + ": ";
    int at = message.indexOf(start);
    return at < 0 ? message : message.substring(at + start.length());
  }

  /**
   * Whether a value is the API's address, without which nobody tells a wrong prefix from a wrong
   * host, and nothing of a secret stands in it.
   */
  private boolean isHarmlessAddress(String key, String text, Map<String, String> settings) {
    return key.equals(CallRecordSourceConfig.API_URL)
        && settings.entrySet().stream()
            .filter(other -> isSecret(other.getKey()))
            .map(other -> Objects.requireNonNullElse(other.getValue(), "").strip())
            .noneMatch(secret -> secret.length() >= SHORTEST_HIDDEN && text.contains(secret));
  }

  /** Nobody knows here which values a config provider has returned. */
  private String withoutValues(Map.Entry<String, Set<String>> error, Map<String, String> settings) {
    String problem = error.getKey();
    for (String key : error.getValue()) {
      String text = Objects.requireNonNullElse(settings.get(key), "").strip();
      if (StringValidator.isBareReference(text) || isHarmlessAddress(key, text, settings)) {
        continue;
      }
      Matcher host = HOST.matcher(text);
      for (String hidden :
          host.find() ? List.of(text, text.replaceAll("/+$", ""), host.group(1)) : List.of(text)) {
        if (hidden.length() >= SHORTEST_HIDDEN) {
          problem =
              problem.replaceAll(
                  "(?<!\\w)" + Pattern.quote(hidden) + "(?!\\w)",
                  Matcher.quoteReplacement(Password.HIDDEN));
        }
      }
    }
    return problem;
  }
}
