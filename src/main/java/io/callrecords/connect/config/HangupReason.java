package io.callrecords.connect.config;

/** Why a call ended: the API's {@code hangupReason}. */
public enum HangupReason implements ApiCode {
  OUTGOING_NOT_ANSWERED(0, "an outgoing call was not answered"),
  OUTGOING_HUNG_UP(1, "an outgoing call was hung up"),
  TRANSFER_RINGING_HUNG_UP(2, "hung up while the transfer rang"),
  TRANSFER_HUNG_UP(3, "hung up after a successful transfer"),
  ABNORMAL(4, "the call was abnormal"),
  NO_SERVICE(5, "the callee's operator had no service"),
  OUT_OF_AREA(6, "the callee was out of the service area"),
  BUSY(7, "the callee was busy"),
  INCOMING_NOT_ANSWERED(8, "an incoming call was not answered"),
  INCOMING_HUNG_UP(9, "an incoming call was hung up");

  private final int code;
  private final String meaning;

  HangupReason(int code, String meaning) {
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
