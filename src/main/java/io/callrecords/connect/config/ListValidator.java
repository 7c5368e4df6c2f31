package io.callrecords.connect.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Validates each item of a list. Kafka takes one error of a setting only, so the others are added
 * to the result of a validation.
 */
final class ListValidator implements ConfigDef.Validator {
  /** Whoever has more of them sees the rest once these are corrected. */
  private static final int MAX_ERRORS = 10;

  private final StringValidator element;

  /**
   * Creates a validator.
   *
   * @param element validates an item
   */
  ListValidator(StringValidator element) {
    this.element = element;
  }

  /** Rejects a list with a wrong item: says what is wrong with the first of them. */
  @Override
  public void ensureValid(String name, @Nullable Object value) {
    for (String problem : problems(name, value)) {
      throw new ConfigException(problem);
    }
  }

  /** The same value with an error for each wrong item, where it is that of a list. */
  static ConfigValue explained(ConfigValue value, Map<String, ConfigKey> definition) {
    ConfigKey key = definition.get(value.name());
    if (key == null || !(key.validator instanceof ListValidator list)) {
      return value;
    }
    List<String> errors = new ArrayList<>(value.errorMessages());
    list.problems(value.name(), value.value()).stream()
        .filter(problem -> !errors.contains(problem))
        .forEach(errors::add);
    ConfigValue explained =
        new ConfigValue(value.name(), value.value(), value.recommendedValues(), errors);
    explained.visible(value.visible());
    return explained;
  }

  private List<String> problems(String name, @Nullable Object value) {
    List<String> problems = new ArrayList<>();
    if (value instanceof List<?> items) {
      for (int item = 0; item < items.size() && problems.size() < MAX_ERRORS; item++) {
        String problem = problem(name, item + 1, String.valueOf(items.get(item)));
        if (problem != null && !problems.contains(problem)) {
          problems.add(problem);
        }
      }
    }
    return problems;
  }

  private @Nullable String problem(String name, int position, String text) {
    return text.isBlank()
        ? "Invalid value for configuration "
            + name
            + ": item "
            + position
            + " of the list is empty; remove it together with its comma"
        : element.problem(name, text);
  }

  @Override
  public String toString() {
    return "list of " + element;
  }
}
