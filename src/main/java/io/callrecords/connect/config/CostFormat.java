package io.callrecords.connect.config;

/** How the costs of a call are written. */
public enum CostFormat {
  /** Text, as the API writes it. */
  TEXT("text"),
  /** Connect's {@code Decimal} of a fixed scale; what does not fit makes a row malformed. */
  DECIMAL("decimal");

  private final String configValue;

  CostFormat(String configValue) {
    this.configValue = configValue;
  }

  /** The value of {@code cost.format} that selects this. */
  public String configValue() {
    return configValue;
  }
}
