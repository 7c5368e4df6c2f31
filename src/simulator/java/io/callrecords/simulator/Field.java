package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;

/** The fields of a record, by the API's names. */
enum Field {
  CALL_ID("callId"),
  CALL_SESSION_ID("callSessionId"),
  CALLED("called"),
  CALLED_INFO("calledInfo"),
  CALLER("caller"),
  CCODE("ccode"),
  CCODE_NAME("ccodeName"),
  AGENT_NAME("agentName"),
  AGENT_GROUP_NAME("agentGroupName"),
  AGENT_ACCOUNT("agentAccount"),
  CALL_DURATION("callDuration"),
  CALL_TYPE("callType"),
  HANGUP_CODE("hangupCode"),
  HANGING_DIRECTION("hangingDirection"),
  HANGUP_REASON("hangupReason"),
  LABELS("labels"),
  REMARK("remark"),
  BASE_COST("baseCost"),
  COST("cost"),
  CALL_START_TIME("callStartTime"),
  ANSWER_TIME("answerTime"),
  CALL_END_TIME("callEndTime"),
  VOICE_URL("voiceUrl");

  private final String text;
  private final byte[] json;

  Field(String text) {
    this.text = text;
    json = ('"' + text + "\":").getBytes(StandardCharsets.US_ASCII);
  }

  String text() {
    return text;
  }

  /** The quoted name and the colon; not to be changed. */
  byte[] json() {
    return json;
  }
}
