package io.callrecords.connect.config;

/** Why a call ended: the API's {@code hangupReason}. */
public enum HangupReason implements ApiCode {
  OUTGOING_NOT_ANSWERED(0),
  OUTGOING_HUNG_UP(1),
  TRANSFER_RINGING_HUNG_UP(2),
  TRANSFER_HUNG_UP(3),
  ABNORMAL(4),
  NO_SERVICE(5),
  OUT_OF_AREA(6),
  BUSY(7),
  INCOMING_NOT_ANSWERED(8),
  INCOMING_HUNG_UP(9);

  private final int code;

  HangupReason(int code) {
    this.code = code;
  }

  @Override
  public int code() {
    return code;
  }
}
