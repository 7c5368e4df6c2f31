package io.callrecords.connect.config;

import org.apache.kafka.common.config.ConfigException;

/** What is wrong with a setting beside others, or with what it names; knows the setting. */
final class SettingException extends ConfigException {
  private static final long serialVersionUID = 1;

  private final String key;
  private final String complaint;

  /**
   * Creates one that is shown to people.
   *
   * @param complaint what is wrong and the way out, without a full stop; never a secret
   */
  SettingException(String key, String complaint) {
    super("Invalid value for configuration " + key + ": " + complaint + ".");
    this.key = key;
    this.complaint = complaint;
  }

  /** The setting that a person would change. */
  String key() {
    return key;
  }

  /** What is wrong with it, and the way out. */
  String complaint() {
    return complaint;
  }
}
