package io.callrecords.connect.config;

/** Who ended a call: the API's {@code hangingDirection}, which has no code 2. */
public enum HangingDirection implements ApiCode {
  CUSTOMER(0, "the customer"),
  AGENT(1, "the agent"),
  SYSTEM(3, "the system");

  private final int code;
  private final String meaning;

  HangingDirection(int code, String meaning) {
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
