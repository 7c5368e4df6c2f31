package io.callrecords.connect.config;

/** Which moment becomes the timestamp of the Kafka record. */
public enum RecordTimestamp {
  /** When the producer sends it. */
  INGEST("ingest"),
  /** The call's start. */
  CALL_START("call.start"),
  /** The call's end; a call without one gets its start. */
  CALL_END("call.end");

  private final String word;

  RecordTimestamp(String word) {
    this.word = word;
  }

  /** The setting's value. */
  public String word() {
    return word;
  }
}
