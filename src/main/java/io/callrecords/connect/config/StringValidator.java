package io.callrecords.connect.config;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * Validates the text of one setting: a rule in words, which the generated documentation shows, and
 * a test that throws {@link IllegalArgumentException} with what the value must be and the way out.
 */
final class StringValidator implements ConfigDef.Validator {
  /** As Connect's workers look for them. */
  private static final Pattern REFERENCE = Pattern.compile("(?s)\\$\\{[^}:]*:[^}]*}");

  /**
   * What is nothing but a reference to one of Kafka's own providers holds no secret. In other forms
   * it may: some templates write a default value behind the colon.
   */
  private static final Pattern BARE_REFERENCE =
      Pattern.compile("\\$\\{(env:\\w+|(file|directory):[\\w./-]+:\\w[\\w.-]*)}");

  private static final Pattern QUOTED = Pattern.compile("(?s)^(['\"`]).*\\1$");

  private static final Pattern CREDENTIALS = Pattern.compile("(?s)^(\\w+://)?.*@");
  private static final Pattern QUERY = Pattern.compile("(?s)([?#]).+$");

  /** Either may hold what looks like the other one. */
  private static final Pattern EITHER = Pattern.compile("(?s)^(\\w+://)?.*[?#].*@.*$");

  /** A shorter text is a part of many names. */
  private static final int SHORTEST_PART = 5;

  private final String rule;
  private final Predicate<String> isShown;
  private final Consumer<String> test;

  private StringValidator(String rule, Predicate<String> isShown, Consumer<String> test) {
    this.rule = rule;
    this.isShown = isShown;
    this.test = test;
  }

  /** Validates by a test of its own. */
  static StringValidator of(String rule, Consumer<String> test) {
    return new StringValidator(rule, text -> true, test);
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
    List<String> names = values.stream().map(ApiCode::configValue).toList();
    return of(
        rule,
        text -> {
          if (ApiCode.find(values, text).isEmpty()) {
            throw new IllegalArgumentException(
                "must be one of these names or codes: " + rule + nearest(text, names));
          }
        });
  }

  /** Validates every element of a list. */
  static ConfigDef.Validator each(StringValidator element) {
    return new ListValidator(element);
  }

  /** The same, for names and phone numbers: error messages do not show the value. */
  StringValidator hidingValue() {
    return showing(text -> false);
  }

  /** The same, but error messages show only such values as cannot be secrets. */
  StringValidator showing(Predicate<String> harmless) {
    return new StringValidator(rule, harmless, test);
  }

  /** The test of {@link #notBlank}. */
  static void rejectBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("must not be blank; remove the setting instead");
    }
  }

  @Override
  public void ensureValid(String name, @Nullable Object value) {
    String problem = value == null ? null : problem(name, value.toString());
    if (problem != null) {
      throw new ConfigException(problem);
    }
  }

  /**
   * What is wrong with a text, or null if nothing is.
   *
   * @param name the setting
   */
  @Nullable String problem(String name, String text) {
    try {
      rejectReference(text);
      test.accept(text);
      return null;
    } catch (IllegalArgumentException e) {
      // Without the cause, which may quote what must not be shown.
      return "Invalid value "
          + (isShown.test(text) ? LogText.of(withoutSecrets(text)) + " " : "")
          + "for configuration "
          + name
          + ": "
          + e.getMessage()
          + (isShown.test(text) ? quotes(text) : "");
    }
  }

  /** Whether a text has a reference that a config provider would have replaced. */
  static boolean isReference(String text) {
    return REFERENCE.matcher(text).find();
  }

  /** The test for a value that nobody has put in place of a reference. */
  static void rejectReference(String text) {
    if (isReference(text)) {
      throw new IllegalArgumentException(unresolved(text));
    }
  }

  /** Whether a text is nothing but a reference, so that it shows nothing of a secret. */
  static boolean isBareReference(String text) {
    return BARE_REFERENCE.matcher(text.strip()).matches();
  }

  /** What is wrong with a reference that has come through to the connector; names it if it may. */
  static String unresolved(String text) {
    return (isBareReference(text)
            ? "the value is the reference "
                + LogText.of(text.strip())
                + ", which no config provider has"
            : "the value has a reference in it that no config provider has")
        + " resolved; check config.providers of the worker, and that the provider knows what the"
        + " reference names and may read it (allowlist.pattern of env, allowed.paths of file and"
        + " directory); a variable has to be exported in the environment of each worker's process"
        + " before the worker starts";
  }

  /** The advice for a wrong value that stands in quotes, else nothing. */
  static String quotes(String text) {
    return QUOTED.matcher(text.strip()).matches() ? " (without the quotes around it)" : "";
  }

  /** The advice for a wrong name that is nearly one of these, else nothing. */
  static String nearest(String text, List<String> names) {
    String letters = letters(text);
    return names.stream()
        .filter(name -> isNear(letters, letters(name)))
        .min(Comparator.comparingInt(name -> EditDistance.between(letters, letters(name))))
        .map(name -> "; if " + name + " is meant, correct the name")
        .orElse("");
  }

  private static boolean isNear(String text, String name) {
    return EditDistance.between(text, name) <= (Math.min(text.length(), name.length()) + 1) / 4
        || (text.length() >= SHORTEST_PART && name.contains(text))
        || (name.length() >= SHORTEST_PART && text.contains(name));
  }

  private static String letters(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{Nd}]", "");
  }

  /** Whatever precedes the host of a URL may be a password, and so may what follows its path. */
  static String withoutSecrets(String value) {
    String withoutEither = EITHER.matcher(value).replaceFirst("$1[hidden]");
    String withoutQuery = QUERY.matcher(withoutEither).replaceFirst("$1[hidden]");
    return CREDENTIALS.matcher(withoutQuery).replaceFirst("$1[hidden]@");
  }

  @Override
  public String toString() {
    return rule;
  }
}
