package io.callrecords.connect.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A value that the API encodes as a number and a setting takes by name. */
public interface ApiCode {
  /** The number in requests and records. */
  int code();

  /** The name of the enum constant, from which {@link #configValue()} is made. */
  String name();

  /** What the API's documentation says of it, in a few words. */
  String meaning();

  /** The name in a setting: that of the constant, in lower case with dashes. */
  default String configValue() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds the constant that an element of a setting names.
   *
   * @param values the constants to choose from
   * @param text a {@link #configValue()} in any letter case, or a decimal {@link #code()}
   * @return the constant, or empty when the text names none of them
   */
  static <E extends ApiCode> Optional<E> find(List<E> values, String text) {
    String wanted = text.toLowerCase(Locale.ROOT).replace('_', '-');
    return values.stream()
        .filter(v -> v.configValue().equals(wanted) || Integer.toString(v.code()).equals(wanted))
        .findFirst();
  }

  /** The names and codes of the given constants, separated by commas. */
  static String describe(List<? extends ApiCode> values) {
    List<String> all = new ArrayList<>();
    for (ApiCode value : values) {
      all.add(value.configValue() + " (" + value.code() + ")");
    }
    return String.join(", ", all);
  }
}
