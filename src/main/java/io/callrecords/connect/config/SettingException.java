package io.callrecords.connect.config;

import org.apache.kafka.common.config.ConfigException;

/** A setting that contradicts another one, or names something that cannot be used. */
final class SettingException extends ConfigException {
  private static final long serialVersionUID = 1;

  private final String key;

  /**
   * Creates an exception whose message is shown to users.
   *
   * @param key the setting to change
   * @param problem what is wrong and the way out, without a full stop; never a secret
   */
  SettingException(String key, String problem) {
    super("Invalid value for configuration " + key + ": " + problem + ".");
    this.key = key;
  }

  /** The setting to change. */
  String key() {
    return key;
  }
}
