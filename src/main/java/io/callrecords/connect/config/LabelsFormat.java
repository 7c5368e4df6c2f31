package io.callrecords.connect.config;

/** How the labels of a call are written. */
public enum LabelsFormat {
  /** An array of strings. */
  ARRAY("array"),
  /** The text of a JSON array. */
  JSON("json"),
  /** One line of comma-separated values, as RFC 4180 has it. */
  CSV("csv");

  private final String configValue;

  LabelsFormat(String configValue) {
    this.configValue = configValue;
  }

  /** The value of {@code labels.format} that selects this. */
  public String configValue() {
    return configValue;
  }
}
