package io.callrecords.connect.config;

import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Validates a secret without ever showing it; a {@link StringValidator} would see the masked text.
 */
final class SecretValidator implements ConfigDef.Validator {
  private final String rule;
  private final Consumer<String> test;

  private SecretValidator(String rule, Consumer<String> test) {
    this.rule = rule;
    this.test = test;
  }

  /** Accepts what a key or secret of an account can consist of. */
  static SecretValidator visibleAscii() {
    return new SecretValidator(
        "visible ASCII characters",
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty; copy it from the account");
          }
          if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                "must consist of visible ASCII characters; copy it from the account again");
          }
        });
  }

  /** Accepts everything but an empty text. */
  static SecretValidator notEmpty(String rule) {
    return new SecretValidator(
        rule,
        text -> {
          if (text.isEmpty()) {
            throw new IllegalArgumentException("must not be empty; remove the setting instead");
          }
        });
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (!(value instanceof Password password)) {
      return;
    }
    try {
      if (password.value().startsWith("${")) {
        throw new IllegalArgumentException(
            "the value is a reference that no config provider has resolved; check config.providers"
                + " of the worker, and that the provider knows what the reference names");
      }
      test.accept(password.value());
    } catch (IllegalArgumentException e) {
      throw new ConfigException("Invalid value for configuration " + name + ": " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return rule;
  }
}
