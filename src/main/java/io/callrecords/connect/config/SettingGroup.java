package io.callrecords.connect.config;

import org.apache.kafka.common.config.ConfigDef;

/** Adds settings to a definition under one heading, in the order in which a UI shows them. */
final class SettingGroup {
  private final ConfigDef def;
  private final String name;
  private int size;

  SettingGroup(ConfigDef def, String name) {
    this.def = def;
    this.name = name;
  }

  void add(Setting setting) {
    size++;
    setting.addTo(def, name, size);
  }
}
