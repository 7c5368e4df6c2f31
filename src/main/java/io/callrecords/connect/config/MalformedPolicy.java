package io.callrecords.connect.config;

import java.util.Locale;

/** What a record that cannot be converted does. */
public enum MalformedPolicy {
  /** It stops the task. */
  FAIL,
  /** It is left out, and counted. */
  SKIP,
  /** It goes to a topic of its own, as the API sent it. */
  TOPIC;

  /** The setting's value. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
