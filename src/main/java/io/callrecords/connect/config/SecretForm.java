package io.callrecords.connect.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a secret looks like that came through a shell, a template or a quoted file in a form that
 * nobody meant. A secret may have such a form, so it is no error by itself, but the advice for one.
 */
final class SecretForm {
  private static final Pattern VARIABLE =
      Pattern.compile(
          "\\$[A-Za-z_][A-Za-z0-9_]*|\\$env:[A-Za-z_][A-Za-z0-9_]*|\\$\\([A-Za-z_][A-Za-z0-9_]*\\)"
              + "|%[A-Za-z_][A-Za-z0-9_]*%|\\{\\{[^{}]*}}|\\{[a-z]+:[^{}]+}");

  private static final Pattern QUOTES = Pattern.compile("(?s)(['\"`])(.*)\\1");

  private SecretForm() {}

  /** What a refused secret looks like, and the way out; shows nothing of it. */
  static List<SettingException> problems(String key, String secret) {
    List<SettingException> problems = new ArrayList<>();
    String text = secret.strip();
    if (QUOTES.matcher(text).matches()) {
      problems.add(
          new SettingException(
              key, "it begins and ends with a quote, which counts as part of it; remove both"));
    }
    if (isVariable(QUOTES.matcher(text).replaceFirst("$2"))) {
      problems.add(unreplaced(key));
    }
    return problems;
  }

  /** Whether a text is the name of a variable, as shells and templates replace them. */
  static boolean isVariable(String text) {
    return VARIABLE.matcher(text.strip()).matches();
  }

  /** The problem of a variable's name in the place of its value. */
  static SettingException unreplaced(String key) {
    return new SettingException(
        key,
        "it looks like the name of a variable that nothing has replaced by its value: a worker"
            + " replaces references to config providers alone, such as ${env:NAME}");
  }
}
