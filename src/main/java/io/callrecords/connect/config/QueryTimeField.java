package io.callrecords.connect.config;

/** The time of a record that the API compares with the time range of a request. */
public enum QueryTimeField {
  CALL_START_TIME("callStartTime"),
  CALL_END_TIME("callEndTime");

  private final String field;

  QueryTimeField(String field) {
    this.field = field;
  }

  /** The name of the record's field. */
  public String field() {
    return field;
  }

  /** The value of {@code query.time.field} that selects this, which is the name of the field. */
  public String configValue() {
    return field;
  }
}
