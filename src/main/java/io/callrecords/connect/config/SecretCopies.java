package io.callrecords.connect.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Finds secrets in settings that are shown to whoever reads a configuration: a reference such as
 * {@code ${env:NAME}} works in each setting, also where it names the wrong variable.
 */
final class SecretCopies {
  /** A shorter text may be there by chance. */
  private static final int MIN_LENGTH = 8;

  private final Map<String, String> keysBySecret = new TreeMap<>();

  /**
   * Takes the result of a validation.
   *
   * @param values the values, some of which are secrets
   */
  SecretCopies(List<ConfigValue> values) {
    for (ConfigValue value : values) {
      // The key of an account is no secret, and may well be in the name of a topic.
      boolean isSecret =
          value.value() instanceof Password && !value.name().equals(CallRecordSourceConfig.API_KEY);
      if (isSecret && ((Password) value.value()).value().length() >= MIN_LENGTH) {
        keysBySecret.putIfAbsent(((Password) value.value()).value(), value.name());
      }
    }
  }

  /** The same value with an error if it holds a secret, which it shows nowhere. */
  ConfigValue checked(ConfigValue value) {
    Object shown = value.value();
    if (shown instanceof Password || keysBySecret.isEmpty()) {
      return value;
    }
    List<String> errors =
        new ArrayList<>(value.errorMessages().stream().map(this::withoutSecrets).toList());
    List<?> items = shown instanceof List<?> list ? list : Collections.singletonList(shown);
    for (Object item : items) {
      String key = keyOfSecretIn(String.valueOf(item));
      if (key != null) {
        errors.add(
            String.valueOf(
                new SettingException(
                        value.name(),
                        "it holds what "
                            + key
                            + " holds, and would show it to whoever may read the configuration;"
                            + " correct the reference")
                    .getMessage()));
      }
    }
    ConfigValue checked =
        new ConfigValue(value.name(), hidden(shown), value.recommendedValues(), errors);
    checked.visible(value.visible());
    return checked;
  }

  private @Nullable Object hidden(@Nullable Object shown) {
    if (shown instanceof List<?> list) {
      return list.stream().map(this::hidden).toList();
    }
    return shown instanceof String text ? withoutSecrets(text) : shown;
  }

  /** The setting whose secret stands in a text, be it all of it or a part; null when none does. */
  private @Nullable String keyOfSecretIn(String text) {
    return keysBySecret.entrySet().stream()
        .filter(secret -> text.contains(secret.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  private String withoutSecrets(String message) {
    String shown = message;
    for (String secret : keysBySecret.keySet()) {
      shown = shown.replace(secret, Password.HIDDEN);
    }
    return shown;
  }
}
