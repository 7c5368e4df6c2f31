package io.callrecords.connect.config;

/** Which moment becomes the timestamp of the Kafka record. */
public enum RecordTimestamp {
  /** When the record is produced. */
  INGEST("ingest"),
  /** The start of the call. */
  CALL_START("call.start"),
  /** The end of the call, or its start if it has no end. */
  CALL_END("call.end");

  private final String configValue;

  RecordTimestamp(String configValue) {
    this.configValue = configValue;
  }

  /** The value of {@code record.timestamp} that selects this. */
  public String configValue() {
    return configValue;
  }
}
