package io.callrecords.simulator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one call as the API's JSON, in the forms that the quirks choose. */
final class RecordWriter {
  private static final int DAY = 86_400;
  private static final List<String> FIELDS =
      List.of(
          "callId",
          "callSessionId",
          "called",
          "calledInfo",
          "caller",
          "ccode",
          "ccodeName",
          "agentName",
          "agentGroupName",
          "agentAccount",
          "callDuration",
          "callType",
          "hangupCode",
          "hangingDirection",
          "hangupReason",
          "labels",
          "remark",
          "baseCost",
          "cost",
          "callStartTime",
          "answerTime",
          "callEndTime",
          "voiceUrl");

  private final Quirks quirks;
  private final ZoneId zone;
  private final Map<String, byte[]> names = new HashMap<>();

  RecordWriter(Quirks quirks) {
    this.quirks = quirks;
    zone = quirks.zone();
    for (String field : FIELDS) {
      names.put(field, ('"' + field + "\":").getBytes(StandardCharsets.US_ASCII));
    }
  }

  void write(Call call, JsonBuffer json) {
    new One(call, json).write();
  }

  /** The writing of one call. */
  private final class One {
    private final Call call;
    private final JsonBuffer json;
    private final Map<String, String> extra;

    One(Call call, JsonBuffer json) {
      this.call = call;
      this.json = json;
      extra = call.extra();
    }

    void write() {
      json.raw('{');
      text("callId", call.callId());
      text("callSessionId", call.callSessionId());
      text("called", call.called());
      text("calledInfo", call.calledInfo());
      text("caller", call.caller());
      text("ccode", call.ccode());
      text("ccodeName", call.ccodeName());
      agent();
      number("callDuration", call.callDuration(), quirks.durationAsText());
      number("callType", call.callType(), quirks.callTypeAsText());
      text("hangupCode", call.hangupCode());
      number("hangingDirection", call.hangingDirection(), false);
      number("hangupReason", call.hangupReason(), false);
      labels(call.labels());
      text("remark", call.remark());
      costs();
      time("callStartTime", call.start());
      time("answerTime", call.answer());
      time("callEndTime", call.end());
      text("voiceUrl", call.voiceUrl());
      more();
      json.dropLast().raw('}');
    }

    private void agent() {
      text("agentName", call.agentName());
      text("agentGroupName", call.agentGroupName());
      if (quirks.agentAccounts()) {
        text("agentAccount", call.agentAccount());
      }
    }

    private void costs() {
      if (quirks.costs()) {
        text("baseCost", call.baseCost());
        text("cost", call.cost());
      }
    }

    private void more() {
      if (quirks.unknownFields()) {
        json.raw(
            "\"sipTrunk\":\"trunk-7\",\"score\":4.50,\"flags\":{\"vip\":true,\"tries\":[1,2]},");
        json.raw("\"transferTime\":null,");
      }
      extra.forEach((name, value) -> json.text(name).raw(':').raw(value).raw(','));
    }

    private void text(String name, @Nullable String value) {
      if (value == null) {
        absent(name);
      } else if (begins(name)) {
        json.text(value).raw(',');
      }
    }

    private void number(String name, @Nullable Integer value, boolean quoted) {
      if (value == null) {
        absent(name);
      } else if (begins(name)) {
        if (quoted) {
          json.raw('"').number(value).raw("\",");
        } else {
          json.number(value).raw(',');
        }
      }
    }

    private void labels(@Nullable List<String> labels) {
      if (labels == null) {
        absent("labels");
      } else if (begins("labels")) {
        json.raw('[');
        labels.forEach(label -> json.text(label).raw(','));
        if (!labels.isEmpty()) {
          json.dropLast();
        }
        json.raw(']').raw(',');
      }
    }

    private void time(String name, @Nullable Instant time) {
      if (time == null) {
        absent(name);
        return;
      }
      if (!begins(name)) {
        return;
      }
      long local = time.getEpochSecond() + zone.getRules().getOffset(time).getTotalSeconds();
      long date = CivilDate.of(Math.floorDiv(local, (long) DAY));
      int second = (int) Math.floorMod(local, (long) DAY);
      json.raw('"').digits(CivilDate.year(date), 4);
      json.raw('-').digits(CivilDate.month(date), 2);
      json.raw('-').digits(CivilDate.day(date), 2);
      json.raw(' ').digits(second / 3600, 2);
      json.raw(':').digits(second / 60 % 60, 2);
      json.raw(':').digits(second % 60, 2).raw('"').raw(',');
    }

    private void absent(String name) {
      switch (quirks.nullStyle()) {
        case NULL -> writeIfBegun(name, "null,");
        case EMPTY_TEXT -> writeIfBegun(name, "\"\",");
        case ABSENT -> {}
      }
    }

    private void writeIfBegun(String name, String value) {
      if (begins(name)) {
        json.raw(value);
      }
    }

    /** Writes a field's name, unless a test has put something else in its place. */
    private boolean begins(String name) {
      if (!extra.isEmpty() && extra.containsKey(name)) {
        return false;
      }
      json.raw(names.getOrDefault(name, new byte[0]));
      return true;
    }
  }
}
