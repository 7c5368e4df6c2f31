package io.callrecords.connect.config;

import java.util.Locale;

/** What to do with a record that cannot be converted. */
public enum MalformedPolicy {
  /** Fail the task. */
  FAIL,
  /** Skip and count it. */
  SKIP,
  /** Send it to a topic of its own, as the privacy settings leave it. */
  TOPIC;

  /** The value of {@code malformed.records} that selects this. */
  public String configValue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
