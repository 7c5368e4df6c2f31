package io.callrecords.connect.config;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Validates the text of one setting: a rule in words, which the generated documentation shows, and
 * a test that throws {@link IllegalArgumentException} with what the value must be and the way out.
 */
final class StringValidator implements ConfigDef.Validator {
  private static final Pattern CREDENTIALS = Pattern.compile("(?s)^(\\w+://)?.*@");

  private final String rule;
  private final boolean showValue;
  private final Consumer<String> test;

  private StringValidator(String rule, boolean showValue, Consumer<String> test) {
    this.rule = rule;
    this.showValue = showValue;
    this.test = test;
  }

  /** Validates by a test of its own. */
  static StringValidator of(String rule, Consumer<String> test) {
    return new StringValidator(rule, true, test);
  }

  /** Rejects blank text. */
  static StringValidator notBlank(String rule) {
    return of(rule, StringValidator::rejectBlank);
  }

  /**
   * Rejects text that does not match a regular expression.
   *
   * @param problem what the value must be
   */
  static StringValidator matching(String rule, String regex, String problem) {
    Pattern pattern = Pattern.compile(regex);
    return of(
        rule,
        text -> {
          if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException(problem);
          }
        });
  }

  /** Rejects all but the given values. */
  static StringValidator oneOf(List<String> values) {
    String rule = "one of " + String.join(", ", values);
    return of(
        rule,
        text -> {
          if (!values.contains(text)) {
            throw new IllegalArgumentException("must be " + rule);
          }
        });
  }

  /** Rejects all but the names and codes of the given values. */
  static StringValidator apiCode(List<? extends ApiCode> values) {
    String rule = ApiCode.describe(values);
    return of(
        rule,
        text -> {
          if (ApiCode.find(values, text).isEmpty()) {
            throw new IllegalArgumentException("must be one of these names or codes: " + rule);
          }
        });
  }

  /** Validates every element of a list. */
  static ConfigDef.Validator each(StringValidator element) {
    return new ConfigDef.Validator() {
      @Override
      public void ensureValid(String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
          list.forEach(item -> element.ensureValid(name, item));
        }
      }

      @Override
      public String toString() {
        return "list of " + element;
      }
    };
  }

  /** The same, for names and phone numbers: error messages do not show the value. */
  StringValidator hidingValue() {
    return new StringValidator(rule, false, test);
  }

  /** The test of {@link #notBlank}. */
  static void rejectBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be blank; remove the setting instead");
    }
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    String text = value.toString();
    try {
      test.accept(text);
    } catch (IllegalArgumentException e) {
      // Without the cause, which may quote what must not be shown.
      throw new ConfigException(
          "Invalid value "
              + (showValue ? withoutCredentials(text) + " " : "")
              + "for configuration "
              + name
              + ": "
              + e.getMessage());
    }
  }

  /** Whatever precedes the host of a URL may be a password. */
  private static String withoutCredentials(String value) {
    return CREDENTIALS.matcher(value).replaceFirst("$1[hidden]@");
  }

  @Override
  public String toString() {
    return rule;
  }
}
