package io.callrecords.connect.config;

/** The kind of a call: the API's {@code callType}. */
public enum CallType implements ApiCode {
  GROUP(1),
  INCOMING(2),
  OUTGOING(3);

  private final int code;

  CallType(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
