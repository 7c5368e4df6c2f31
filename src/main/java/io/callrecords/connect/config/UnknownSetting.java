package io.callrecords.connect.config;

/**
 * A name in a configuration that no setting has, but that is most likely meant for one.
 *
 * @param name the name as it is written
 * @param nearest the setting whose name is most like it
 * @param hides whether it is likely meant to hide fields of a record
 */
record UnknownSetting(String name, String nearest, boolean hides) {
  /** What is wrong and the way out; of what may be a value in the wrong place, nothing is shown. */
  String message() {
    return "Unknown setting "
        + LogText.of(shownName())
        + ": this connector has none of that name, and would ignore it. If "
        + nearest
        + " is meant, correct the name; otherwise remove it.";
  }

  /** The name without what may be a value that stands in it. */
  String shownName() {
    return shown(name);
  }

  /** A name without what may be a value that stands in it. */
  static String shown(String name) {
    return name.replaceFirst("(?s)^(\\s*[^\\s=:]+[\\s=:]).+$", "$1...");
  }
}
