package io.callrecords.simulator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One version of one call as the simulated account knows it, with the API's own field names.
 *
 * <p>All times but {@code appearsAt} are cut to whole seconds, as the API knows no finer ones.
 *
 * @param created the time that the API would call the record's creation
 * @param appearsAt from when on queries find the call
 * @param extra further fields of the record, by name, each as raw JSON; a name that the API knows
 *     replaces that field, so a malformed record can be made
 */
public record Call(
    String callSessionId,
    @Nullable String callId,
    @Nullable String called,
    @Nullable String calledInfo,
    @Nullable String caller,
    @Nullable String ccode,
    @Nullable String ccodeName,
    @Nullable String agentName,
    @Nullable String agentGroupName,
    @Nullable String agentAccount,
    @Nullable Integer callDuration,
    @Nullable Integer callType,
    @Nullable String hangupCode,
    @Nullable Integer hangupReason,
    @Nullable Integer hangingDirection,
    @Nullable List<String> labels,
    @Nullable String remark,
    @Nullable String baseCost,
    @Nullable String cost,
    Instant start,
    @Nullable Instant answer,
    Instant end,
    @Nullable String voiceUrl,
    Instant created,
    Instant appearsAt,
    Map<String, String> extra) {

  public Call {
    start = start.truncatedTo(ChronoUnit.SECONDS);
    answer = answer == null ? null : answer.truncatedTo(ChronoUnit.SECONDS);
    end = end.truncatedTo(ChronoUnit.SECONDS);
    created = created.truncatedTo(ChronoUnit.SECONDS);
    labels = labels == null ? null : List.copyOf(labels);
    extra = Map.copyOf(extra);
  }

  /**
   * A plain outgoing call that nobody answered: the least that a test has to say. It appears at its
   * end.
   */
  public static CallBuilder newBuilder(String callSessionId, Instant start, Instant end) {
    CallBuilder builder = new CallBuilder();
    builder.callSessionId = callSessionId;
    builder.start = start;
    builder.end = end;
    builder.created = end;
    builder.appearsAt = end;
    return builder;
  }

  public CallBuilder toBuilder() {
    return new CallBuilder(this);
  }

  /** This call with some fields changed. */
  public Call with(UnaryOperator<CallBuilder> change) {
    return change.apply(toBuilder()).build();
  }

  /** Collects the fields of a call. */
  public static final class CallBuilder {
    private String callSessionId = "";
    private @Nullable String callId = "";
    private @Nullable String called = "8613800000000";
    private @Nullable String calledInfo = null;
    private @Nullable String caller = "85230000000";
    private @Nullable String ccode = "86";
    private @Nullable String ccodeName = "China";
    private @Nullable String agentName = "agent";
    private @Nullable String agentGroupName = "group";
    private @Nullable String agentAccount = "agent@example.com";
    private @Nullable Integer callDuration = 0;
    private @Nullable Integer callType = 3;
    private @Nullable String hangupCode = "200";
    private @Nullable Integer hangupReason = 0;
    private @Nullable Integer hangingDirection = 0;
    private @Nullable List<String> labels = List.of();
    private @Nullable String remark = "";
    private @Nullable String baseCost = "0.0000";
    private @Nullable String cost = "0.0000";
    private Instant start = Instant.EPOCH;
    private @Nullable Instant answer = null;
    private Instant end = Instant.EPOCH;
    private @Nullable String voiceUrl = "";
    private Instant created = Instant.EPOCH;
    private Instant appearsAt = Instant.EPOCH;
    private Map<String, String> extra = Map.of();

    private CallBuilder() {}

    private CallBuilder(Call call) {
      callSessionId = call.callSessionId;
      callId = call.callId;
      called = call.called;
      calledInfo = call.calledInfo;
      caller = call.caller;
      ccode = call.ccode;
      ccodeName = call.ccodeName;
      agentName = call.agentName;
      agentGroupName = call.agentGroupName;
      agentAccount = call.agentAccount;
      callDuration = call.callDuration;
      callType = call.callType;
      hangupCode = call.hangupCode;
      hangupReason = call.hangupReason;
      hangingDirection = call.hangingDirection;
      labels = call.labels;
      remark = call.remark;
      baseCost = call.baseCost;
      cost = call.cost;
      start = call.start;
      answer = call.answer;
      end = call.end;
      voiceUrl = call.voiceUrl;
      created = call.created;
      appearsAt = call.appearsAt;
      extra = call.extra;
    }

    public CallBuilder callSessionId(String callSessionId) {
      this.callSessionId = callSessionId;
      return this;
    }

    public CallBuilder callId(@Nullable String callId) {
      this.callId = callId;
      return this;
    }

    public CallBuilder called(@Nullable String called) {
      this.called = called;
      return this;
    }

    public CallBuilder calledInfo(@Nullable String calledInfo) {
      this.calledInfo = calledInfo;
      return this;
    }

    public CallBuilder caller(@Nullable String caller) {
      this.caller = caller;
      return this;
    }

    public CallBuilder ccode(@Nullable String ccode) {
      this.ccode = ccode;
      return this;
    }

    public CallBuilder ccodeName(@Nullable String ccodeName) {
      this.ccodeName = ccodeName;
      return this;
    }

    public CallBuilder agentName(@Nullable String agentName) {
      this.agentName = agentName;
      return this;
    }

    public CallBuilder agentGroupName(@Nullable String agentGroupName) {
      this.agentGroupName = agentGroupName;
      return this;
    }

    public CallBuilder agentAccount(@Nullable String agentAccount) {
      this.agentAccount = agentAccount;
      return this;
    }

    public CallBuilder callDuration(@Nullable Integer callDuration) {
      this.callDuration = callDuration;
      return this;
    }

    public CallBuilder callType(@Nullable Integer callType) {
      this.callType = callType;
      return this;
    }

    public CallBuilder hangupCode(@Nullable String hangupCode) {
      this.hangupCode = hangupCode;
      return this;
    }

    public CallBuilder hangupReason(@Nullable Integer hangupReason) {
      this.hangupReason = hangupReason;
      return this;
    }

    public CallBuilder hangingDirection(@Nullable Integer hangingDirection) {
      this.hangingDirection = hangingDirection;
      return this;
    }

    public CallBuilder labels(@Nullable List<String> labels) {
      this.labels = labels;
      return this;
    }

    public CallBuilder remark(@Nullable String remark) {
      this.remark = remark;
      return this;
    }

    public CallBuilder baseCost(@Nullable String baseCost) {
      this.baseCost = baseCost;
      return this;
    }

    public CallBuilder cost(@Nullable String cost) {
      this.cost = cost;
      return this;
    }

    public CallBuilder start(Instant start) {
      this.start = start;
      return this;
    }

    public CallBuilder answer(@Nullable Instant answer) {
      this.answer = answer;
      return this;
    }

    public CallBuilder end(Instant end) {
      this.end = end;
      return this;
    }

    public CallBuilder voiceUrl(@Nullable String voiceUrl) {
      this.voiceUrl = voiceUrl;
      return this;
    }

    public CallBuilder created(Instant created) {
      this.created = created;
      return this;
    }

    public CallBuilder appearsAt(Instant appearsAt) {
      this.appearsAt = appearsAt;
      return this;
    }

    public CallBuilder extra(Map<String, String> extra) {
      this.extra = extra;
      return this;
    }

    public Call build() {
      return new Call(
          callSessionId,
          callId,
          called,
          calledInfo,
          caller,
          ccode,
          ccodeName,
          agentName,
          agentGroupName,
          agentAccount,
          callDuration,
          callType,
          hangupCode,
          hangupReason,
          hangingDirection,
          labels,
          remark,
          baseCost,
          cost,
          start,
          answer,
          end,
          voiceUrl,
          created,
          appearsAt,
          extra);
    }
  }
}
