package io.callrecords.connect.config;

/** The time of a record by which the API filters a query. */
public enum QueryTimeField {
  CALL_START_TIME("callStartTime"),
  CALL_END_TIME("callEndTime");

  private final String field;

  QueryTimeField(String field) {
    this.field = field;
  }

  /** The name of the record's field, which is also the setting's value. */
  public String field() {
    return field;
  }
}
