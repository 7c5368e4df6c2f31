package io.callrecords.connect.config;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Says of a value that is not of its setting's type which form it must have, in which unit: Kafka
 * itself names only the type.
 */
final class ValueTypeValidator {
  /** What somebody has written for a number or a boolean; a secret in its place is longer. */
  private static final Pattern SHORT = Pattern.compile("(?s).{0,12}");

  private final Map<String, ConfigKey> definition;
  private final Map<String, String> settings;

  /**
   * Creates a validator of one configuration.
   *
   * @param definition all settings, by name
   * @param settings the values as they are written
   */
  ValueTypeValidator(Map<String, ConfigKey> definition, Map<String, String> settings) {
    this.definition = definition;
    this.settings = settings;
  }

  /** The same value, with an error that says more where it is not of its type. */
  ConfigValue explained(ConfigValue value) {
    ConfigKey key = definition.get(value.name());
    String text = settings.get(value.name());
    if (key == null || text == null || value.value() != null || value.errorMessages().isEmpty()) {
      return value;
    }
    String form = form(key);
    if (form == null) {
      return value;
    }
    ConfigValue explained =
        new ConfigValue(
            value.name(), null, value.recommendedValues(), List.of(message(key, text, form)));
    explained.visible(value.visible());
    return explained;
  }

  private static String message(ConfigKey key, String text, String form) {
    String problem = StringValidator.isReference(text) ? StringValidator.unresolved(text) : form;
    boolean isShown = SHORT.matcher(text).matches() || StringValidator.isReference(text);
    return "Invalid value "
        + (isShown ? LogText.of(text) + " " : "")
        + "for configuration "
        + key.name
        + ": "
        + problem
        + StringValidator.quotes(text);
  }

  /** What a value must be, or null where any text is of the setting's type. */
  private static @Nullable String form(ConfigKey key) {
    if (key.type == ConfigDef.Type.BOOLEAN) {
      return "must be true or false";
    }
    if (key.validator instanceof NumberValidator numbers) {
      return numbers.form(key.name) + ", written in digits alone";
    }
    return key.type == ConfigDef.Type.DOUBLE
        ? "must be a number in the range " + key.validator + ", such as 2.5, written with a point"
        : null;
  }
}
