package io.callrecords.connect.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** What is set in a configuration. */
public final class SettingValues {
  private SettingValues() {}

  /** The settings without those that are null, which JSON can say: they are not set. */
  public static Map<String, String> set(Map<String, String> settings) {
    Map<String, String> set = new HashMap<>(settings);
    set.values().removeIf(Objects::isNull);
    return set;
  }
}
