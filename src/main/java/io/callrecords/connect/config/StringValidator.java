package io.callrecords.connect.config;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A validator of one setting: a rule in words, which the generated documentation shows, and a test
 * that throws {@link IllegalArgumentException} with the end of the sentence "the value …".
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

  /** A rule whose error message shows the refused value. */
  static StringValidator of(String rule, Consumer<String> test) {
    return new StringValidator(rule, true, test);
  }

  /** A rule for what must not be shown: a name, a phone number. */
  static StringValidator hidden(String rule, Consumer<String> test) {
    return new StringValidator(rule, false, test);
  }

  /** A rule for every element of a list. */
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

  /** An enumerated value of the API, by word or by code. */
  static StringValidator coded(List<? extends ApiCode> values) {
    String rule = ApiCode.describe(values);
    return of(
        rule,
        text -> {
          if (ApiCode.find(values, text).isEmpty()) {
            throw new IllegalArgumentException("is not known; use a word or a code of: " + rule);
          }
        });
  }

  /** One of a few words. */
  static StringValidator oneOf(List<String> words) {
    String rule = "one of " + String.join(", ", words);
    return of(
        rule,
        text -> {
          if (!words.contains(text.trim())) {
            throw new IllegalArgumentException("is not " + rule);
          }
        });
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    if (value == null) {
      return;
    }
    try {
      test.accept(value.toString());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          "Invalid value "
              + (showValue ? withoutCredentials(value.toString()) + " " : "")
              + "for configuration "
              + name
              + ": it "
              + e.getMessage());
    }
  }

  /** What stands before the host of an address may be a password, whatever it is made of. */
  private static String withoutCredentials(String value) {
    return CREDENTIALS.matcher(value).replaceFirst("$1[hidden]@");
  }

  @Override
  public String toString() {
    return rule;
  }
}
