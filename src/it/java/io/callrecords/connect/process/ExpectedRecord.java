package io.callrecords.connect.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.callrecords.simulator.Call;
import io.callrecords.simulator.NullStyle;
import io.callrecords.simulator.Quirks;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The JSON that Kafka's own converter makes of a call's record. */
final class ExpectedRecord {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Quirks quirks;
  private final ObjectNode json = NODES.objectNode();

  private ExpectedRecord(Quirks quirks) {
    this.quirks = quirks;
  }

  /** The record of a call, as an account with some quirks shows it. */
  static JsonNode of(Call call, Quirks quirks) {
    return new ExpectedRecord(quirks).record(call);
  }

  private JsonNode record(Call call) {
    text("callSessionId", call.callSessionId());
    text("callId", call.callId());
    text("called", call.called());
    text("calledInfo", call.calledInfo());
    text("caller", call.caller());
    text("ccode", call.ccode());
    text("ccodeName", call.ccodeName());
    text("agentName", call.agentName());
    text("agentGroupName", call.agentGroupName());
    optional("agentAccount", call.agentAccount(), quirks.agentAccounts());
    json.put("callDuration", call.callDuration());
    json.put("callType", call.callType());
    text("hangupCode", call.hangupCode());
    json.put("hangupReason", call.hangupReason());
    json.put("hangingDirection", call.hangingDirection());
    json.set("labels", array(call.labels()));
    text("remark", call.remark());
    optional("baseCost", call.baseCost(), quirks.costs());
    optional("cost", call.cost(), quirks.costs());
    time("callStartTime", call.start());
    time("answerTime", call.answer());
    time("callEndTime", call.end());
    text("voiceUrl", call.voiceUrl());
    json.set("extra", extra());
    return json;
  }

  /** A text stays as the API writes it: where that has empty text for null, nobody can tell. */
  private void text(String name, @Nullable String value) {
    json.put(name, value == null && quirks.nullStyle() == NullStyle.EMPTY_TEXT ? "" : value);
  }

  private void optional(String name, @Nullable String value, boolean there) {
    if (there) {
      text(name, value);
    } else {
      json.putNull(name);
    }
  }

  private void time(String name, @Nullable Instant time) {
    json.put(name, time == null ? null : time.toEpochMilli());
  }

  private static JsonNode array(@Nullable List<String> texts) {
    if (texts == null) {
      return NODES.nullNode();
    }
    ArrayNode array = NODES.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  /** What the simulator adds to a record that no document names, each as JSON text. */
  private JsonNode extra() {
    if (!quirks.unknownFields()) {
      return NODES.nullNode();
    }
    return NODES
        .objectNode()
        .put("sipTrunk", "\"trunk-7\"")
        .put("score", "4.50")
        .put("flags", "{\"vip\":true,\"tries\":[1,2]}")
        .put("transferTime", "null");
  }
}
