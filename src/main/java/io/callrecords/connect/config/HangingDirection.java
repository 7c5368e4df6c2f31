package io.callrecords.connect.config;

/** Who ended a call: the API's {@code hangingDirection}, which has no code 2. */
public enum HangingDirection implements ApiCode {
  CUSTOMER(0),
  AGENT(1),
  SYSTEM(3);

  private final int code;

  HangingDirection(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
