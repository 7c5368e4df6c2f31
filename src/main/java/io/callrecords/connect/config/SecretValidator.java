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
  /** Any key drawn at random has as many. */
  private static final int MIN_DIFFERENT = 5;

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
          if (text.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                "must be a single word, but has a blank or a line break in it; copy it from the"
                    + " account again");
          }
          if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                "must consist of visible ASCII characters; copy it from the account again");
          }
        });
  }

  /**
   * Accepts what a random key can consist of.
   *
   * @param minLength how many characters it has to have
   */
  static SecretValidator key(int minLength) {
    return new SecretValidator(
        "at least " + minLength + " visible ASCII characters",
        text -> {
          if (!text.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException(
                "must consist of visible ASCII characters, without blanks or a line break; draw"
                    + " one with openssl rand -base64 48");
          }
          if (text.length() < minLength) {
            throw new IllegalArgumentException(
                "must have at least "
                    + minLength
                    + " characters, so that nobody finds it by trying; draw one with"
                    + " openssl rand -base64 48");
          }
          if (text.chars().distinct().count() < Math.min(MIN_DIFFERENT, minLength)) {
            throw new IllegalArgumentException(
                "must have at least "
                    + MIN_DIFFERENT
                    + " different characters, so that nobody guesses it; draw one with openssl rand"
                    + " -base64 48");
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
        throw new IllegalArgumentException(StringValidator.unresolved(password.value()));
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
