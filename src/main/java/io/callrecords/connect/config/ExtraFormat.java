package io.callrecords.connect.config;

/** How the unknown fields of a call are written. */
public enum ExtraFormat {
  /** A map from the name of a field to the text of its JSON. */
  MAP("map"),
  /** The text of one JSON object. */
  JSON("json"),
  /** Not at all: the record has no such field. */
  NONE("none");

  private final String configValue;

  ExtraFormat(String configValue) {
    this.configValue = configValue;
  }

  /** The value of {@code extra.format} that selects this. */
  public String configValue() {
    return configValue;
  }
}
