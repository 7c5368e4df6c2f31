package io.callrecords.backend;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.LocalDateTime;
import java.util.List;

/** A call as MyBatis fills it from rows, and as Jackson writes it: nulls and all. */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
class CallRow {
  private static final String TIME = "yyyy-MM-dd HH:mm:ss";

  /** The database's own number, which the API does not show. */
  @JsonIgnore private Long id;

  private String callId;
  private String callSessionId;
  private String called;
  private String calledInfo;
  private String caller;
  private String ccode;
  private String ccodeName;
  private String agentName;
  private String agentGroupName;
  private Integer callDuration;
  private Integer callType;
  private String hangupCode;
  private Integer hangupReason;
  private Integer hangingDirection;
  private List<String> labels;
  private String remark;

  @JsonFormat(pattern = TIME)
  private LocalDateTime callStartTime;

  @JsonFormat(pattern = TIME)
  private LocalDateTime answerTime;

  @JsonFormat(pattern = TIME)
  private LocalDateTime callEndTime;

  private String voiceUrl;
}
