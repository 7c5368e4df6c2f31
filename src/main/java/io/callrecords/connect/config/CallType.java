package io.callrecords.connect.config;

/** The kind of a call: the API's {@code callType}. */
public enum CallType implements ApiCode {
  GROUP(1, "call of a group, passed on to an agent"),
  INCOMING(2, "incoming call"),
  OUTGOING(3, "outgoing call");

  private final int code;
  private final String meaning;

  CallType(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  @Override
  public int code() {
    return code;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
