package io.callrecords.connect.config;

import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Validates a number against its bounds, and says which numbers a setting takes, in which unit. */
final class NumberValidator implements ConfigDef.Validator {
  private final Number min;
  private final @Nullable Number max;

  private NumberValidator(Number min, @Nullable Number max) {
    this.min = min;
    this.max = max;
  }

  /** Accepts whole numbers from one to another, both included. */
  static NumberValidator between(Number min, Number max) {
    return new NumberValidator(min, max);
  }

  /** Accepts whole numbers that are no smaller. */
  static NumberValidator atLeast(Number min) {
    return new NumberValidator(min, null);
  }

  /** Which numbers a setting takes, as an error says it. */
  String form(String name) {
    return "must be a whole number"
        + unit(name)
        + (max == null ? ", " + min + " or more" : " from " + min + " to " + max);
  }

  private static String unit(String name) {
    if (name.endsWith(".ms")) {
      return " of milliseconds";
    }
    return name.endsWith(".days") ? " of days" : "";
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (value instanceof Number number
        && (number.longValue() < min.longValue()
            || (max != null && number.longValue() > max.longValue()))) {
      throw new ConfigException(
          "Invalid value " + number + " for configuration " + name + ": " + form(name));
    }
  }

  /** The bounds as Kafka's own documentation writes them. */
  @Override
  public String toString() {
    return max == null ? "[" + min + ",...]" : "[" + min + ",...," + max + "]";
  }
}
