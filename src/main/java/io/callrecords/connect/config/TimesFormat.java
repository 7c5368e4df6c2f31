package io.callrecords.connect.config;

/** How times are written, in records of all kinds. */
public enum TimesFormat {
  /** Connect's {@code Timestamp}. */
  TIMESTAMP("timestamp"),
  /** Text as ISO 8601 has it, in UTC, with milliseconds: {@code 2026-11-01T08:00:00.000Z}. */
  ISO("iso"),
  /** A plain 64-bit number of milliseconds since 1970-01-01T00:00:00Z. */
  EPOCH_MILLIS("epoch.millis");

  private final String configValue;

  TimesFormat(String configValue) {
    this.configValue = configValue;
  }

  /** The value of {@code times.format} that selects this. */
  public String configValue() {
    return configValue;
  }
}
