package io.callrecords.connect.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A value that the API knows as a number and people know by a name. */
public interface ApiCode {
  /** The number that goes into a request and comes back in a record. */
  int code();

  /** The enum constant's name, from which the setting's word is made. */
  String name();

  /** The word that a setting takes: the constant's name in lower case with dashes. */
  default String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds the constant that a text means.
   *
   * @param values the constants to choose from
   * @param text a {@link #word()} in any letter case, or a {@link #code()} in decimal
   * @return the constant, or empty when the text means none of them
   */
  static <E extends ApiCode> Optional<E> find(List<E> values, String text) {
    String wanted = text.trim().toLowerCase(Locale.ROOT).replace('_', '-');
    return values.stream()
        .filter(v -> v.word().equals(wanted) || Integer.toString(v.code()).equals(wanted))
        .findFirst();
  }

  /** The words and codes of the given constants, as a person would list them. */
  static String describe(List<? extends ApiCode> values) {
    List<String> all = new ArrayList<>();
    for (ApiCode value : values) {
      all.add(value.word() + " (" + value.code() + ")");
    }
    return String.join(", ", all);
  }
}
