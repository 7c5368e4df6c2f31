package io.callrecords.connect.config;

/** A field that a call has in addition to those of the API. */
public enum AddedField {
  /** When this version of the call was read. */
  READ_AT("readAt"),
  /** Whether it is the first version, came late, was updated, or was loaded again. */
  VERSION("version");

  private final String configValue;

  AddedField(String configValue) {
    this.configValue = configValue;
  }

  /** The element of {@code add.fields} that selects this, which is the field's name. */
  public String configValue() {
    return configValue;
  }
}
