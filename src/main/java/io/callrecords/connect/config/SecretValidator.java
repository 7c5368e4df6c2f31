package io.callrecords.connect.config;

import java.util.function.Consumer;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a secret that cannot be one; it cannot be a {@link StringValidator}, which sees the
 * masked text. No message shows it.
 */
final class SecretValidator implements ConfigDef.Validator {
  private final String rule;
  private final Consumer<String> test;

  private SecretValidator(String rule, Consumer<String> test) {
    this.rule = rule;
    this.test = test;
  }

  /** A secret of the account. */
  static SecretValidator visibleAscii() {
    return new SecretValidator(
        "visible ASCII characters",
        text -> {
          checkNotEmpty(text, "set the account's own");
          if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                "holds blanks or characters beyond ASCII, which the account's own does not; copy it"
                    + " anew");
          }
        });
  }

  /** A secret that can be left out. */
  static SecretValidator of(String rule) {
    return new SecretValidator(rule, text -> checkNotEmpty(text, "leave the setting out instead"));
  }

  private static void checkNotEmpty(String text, String wayOut) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("is empty; " + wayOut);
    }
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (!(value instanceof Password password)) {
      return;
    }
    String text = password.value().trim();
    try {
      if (text.startsWith("${")) {
        throw new IllegalArgumentException(
            "is a reference that no config provider has replaced; check the worker's"
                + " config.providers, and that it finds what the reference names");
      }
      test.accept(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "Invalid value for configuration " + name + ": it " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return rule;
  }
}
