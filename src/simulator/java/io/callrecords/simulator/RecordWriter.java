package io.callrecords.simulator;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Writes one call as the API's JSON, in the forms that the quirks choose. */
final class RecordWriter {
  private static final int DAY = 86_400;
  private final Quirks quirks;
  private final ZoneId zone;
  private final AtomicLong signatures = new AtomicLong();

  RecordWriter(Quirks quirks) {
    this.quirks = quirks;
    zone = quirks.zone();
  }

  void write(Call call, JsonBuffer json) {
    new SingleRecord(call, json).write();
  }

  /** The writing of one call. */
  private final class SingleRecord {
    private final Call call;
    private final JsonBuffer json;
    private final Map<String, String> extra;

    SingleRecord(Call call, JsonBuffer json) {
      this.call = call;
      this.json = json;
      extra = call.extra();
    }

    void write() {
      json.raw('{');
      text(Field.CALL_ID, call.callId());
      text(Field.CALL_SESSION_ID, call.callSessionId());
      text(Field.CALLED, call.called());
      text(Field.CALLED_INFO, call.calledInfo());
      text(Field.CALLER, call.caller());
      text(Field.CCODE, call.ccode());
      text(Field.CCODE_NAME, call.ccodeName());
      agent();
      duration();
      number(Field.CALL_TYPE, call.callType(), quirks.callTypeAsText());
      text(Field.HANGUP_CODE, call.hangupCode());
      number(Field.HANGING_DIRECTION, call.hangingDirection(), false);
      number(Field.HANGUP_REASON, call.hangupReason(), false);
      labels(call.labels());
      text(Field.REMARK, call.remark());
      costs();
      time(Field.CALL_START_TIME, call.start());
      time(Field.ANSWER_TIME, call.answer());
      time(Field.CALL_END_TIME, call.end());
      text(Field.VOICE_URL, signed(call.voiceUrl()));
      more();
      json.dropLast().raw('}');
    }

    /** An address that ends with a question mark is signed anew in each response. */
    private @Nullable String signed(@Nullable String address) {
      return address == null || !address.endsWith("?")
          ? address
          : address + "Signature=" + signatures.incrementAndGet();
    }

    /** What is malformed is so in each response: it is a matter of the call. */
    private void duration() {
      int every = quirks.malformedEvery();
      if (every > 0 && Math.floorMod(Mixing.of(call.callSessionId().hashCode()), every) == 0) {
        text(Field.CALL_DURATION, "unknown");
      } else {
        number(Field.CALL_DURATION, call.callDuration(), quirks.durationAsText());
      }
    }

    private void agent() {
      text(Field.AGENT_NAME, call.agentName());
      text(Field.AGENT_GROUP_NAME, call.agentGroupName());
      if (quirks.agentAccounts()) {
        text(Field.AGENT_ACCOUNT, call.agentAccount());
      }
    }

    private void costs() {
      if (quirks.costs()) {
        text(Field.BASE_COST, call.baseCost());
        text(Field.COST, call.cost());
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

    private void text(Field field, @Nullable String value) {
      if (value == null) {
        absent(field);
      } else if (begins(field)) {
        json.text(value).raw(',');
      }
    }

    private void number(Field field, @Nullable Integer value, boolean quoted) {
      if (value == null) {
        absent(field);
      } else if (begins(field)) {
        String rest = quirks.numberForm() == NumberForm.FRACTION ? ".0" : "";
        if (quoted) {
          json.raw('"').number(value).raw(rest).raw("\",");
        } else {
          json.number(value).raw(rest).raw(',');
        }
      }
    }

    private void labels(@Nullable List<String> labels) {
      if (labels == null) {
        absent(Field.LABELS);
      } else if (begins(Field.LABELS)) {
        json.raw('[');
        labels.forEach(label -> json.text(label).raw(','));
        if (!labels.isEmpty()) {
          json.dropLast();
        }
        json.raw(']').raw(',');
      }
    }

    private void time(Field field, @Nullable Instant time) {
      if (time == null) {
        absent(field);
        return;
      }
      if (!begins(field)) {
        return;
      }
      int offset = zone.getRules().getOffset(time).getTotalSeconds();
      long local = time.getEpochSecond() + offset;
      long date = CivilDate.of(Math.floorDiv(local, (long) DAY));
      int second = (int) Math.floorMod(local, (long) DAY);
      json.raw('"').digits(CivilDate.year(date), 4);
      json.raw('-').digits(CivilDate.month(date), 2);
      json.raw('-').digits(CivilDate.day(date), 2);
      json.raw(quirks.timeForm().separator()).digits(second / 3600, 2);
      json.raw(':').digits(second / 60 % 60, 2);
      json.raw(':').digits(second % 60, 2).raw(quirks.timeForm().fraction());
      if (quirks.timeForm() == TimeForm.ISO_OFFSET) {
        int minutes = Math.abs(offset) / 60;
        json.raw(offset < 0 ? '-' : '+').digits(minutes / 60 * 100 + minutes % 60, 4);
      }
      json.raw('"').raw(',');
    }

    private void absent(Field field) {
      switch (quirks.nullStyle()) {
        case NULL -> writeIfBegun(field, "null,");
        case EMPTY_TEXT -> writeIfBegun(field, "\"\",");
        case ABSENT -> {}
      }
    }

    private void writeIfBegun(Field field, String value) {
      if (begins(field)) {
        json.raw(value);
      }
    }

    /** Writes a field's name, unless a test has put something else in its place. */
    private boolean begins(Field field) {
      if (!extra.isEmpty() && extra.containsKey(field.text())) {
        return false;
      }
      json.raw(field.json());
      return true;
    }
  }
}
