package io.callrecords.simulator;

import static io.callrecords.simulator.Probe.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordWriterTest {
  private static final Instant START = NOW.minusSeconds(3600);

  @Test
  void everyFieldIsWrittenAsItIs() {
    Quirks quirks = Quirks.newBuilder().build();
    DateTimeFormatter naive =
        DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(quirks.zone());
    CallGenerator generator = CallGenerator.newBuilder().seed(9).build();
    for (Call call : generator.uniform(2000, NOW.minus(Duration.ofDays(400)), NOW)) {
      JsonNode record = written(quirks, call);
      assertThat(text(record, "callSessionId")).isEqualTo(call.callSessionId());
      assertThat(text(record, "callId")).isEqualTo(call.callId());
      assertThat(text(record, "called")).isEqualTo(call.called());
      assertThat(text(record, "calledInfo")).isEqualTo(call.calledInfo());
      assertThat(text(record, "caller")).isEqualTo(call.caller());
      assertThat(text(record, "ccode")).isEqualTo(call.ccode());
      assertThat(text(record, "ccodeName")).isEqualTo(call.ccodeName());
      assertThat(text(record, "agentName")).isEqualTo(call.agentName());
      assertThat(text(record, "agentGroupName")).isEqualTo(call.agentGroupName());
      assertThat(text(record, "agentAccount")).isEqualTo(call.agentAccount());
      assertThat(text(record, "callDuration")).isEqualTo(call.callDuration().toString());
      assertThat(record.get("callType").numberValue()).isEqualTo(call.callType());
      assertThat(text(record, "hangupCode")).isEqualTo(call.hangupCode());
      assertThat(record.get("hangupReason").numberValue()).isEqualTo(call.hangupReason());
      assertThat(record.get("hangingDirection").numberValue()).isEqualTo(call.hangingDirection());
      assertThat(texts(record.get("labels"))).isEqualTo(call.labels());
      assertThat(text(record, "remark")).isEqualTo(call.remark());
      assertThat(text(record, "baseCost")).isEqualTo(call.baseCost()).matches("\\d+\\.\\d{4}");
      assertThat(text(record, "cost")).isEqualTo(call.cost());
      assertThat(text(record, "callStartTime")).isEqualTo(naive.format(call.start()));
      assertThat(text(record, "answerTime"))
          .isEqualTo(call.answer() == null ? null : naive.format(call.answer()));
      assertThat(text(record, "callEndTime")).isEqualTo(naive.format(call.end()));
      assertThat(text(record, "voiceUrl")).isEqualTo(call.voiceUrl());
      assertThat(record).hasSize(23);
    }
  }

  @Test
  void oneCallInSoManyIsMalformedWheneverItIsWritten() {
    Quirks quirks = Quirks.newBuilder().malformedEvery(20).build();
    CallGenerator generator = CallGenerator.newBuilder().seed(9).build();
    int malformed = 0;
    for (Call call : generator.uniform(2000, NOW.minus(Duration.ofDays(400)), NOW)) {
      String duration = text(written(quirks, call), "callDuration");
      assertThat(duration).isIn(call.callDuration().toString(), "unknown");
      assertThat(text(written(quirks, call), "callDuration")).isEqualTo(duration);
      malformed += duration.equals("unknown") ? 1 : 0;
    }
    assertThat(malformed).isBetween(60, 150);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+00:00", "-03:30", "Europe/Berlin", "Asia/Kolkata"})
  void timesAreNaiveInTheChosenZone(String zone) {
    ZoneId chosen = ZoneId.of(zone);
    DateTimeFormatter naive = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(chosen);
    Quirks quirks = Quirks.newBuilder().zone(chosen).build();
    for (String start :
        List.of("2024-02-29T23:59:59Z", "2026-10-25T00:59:59Z", "2026-10-25T01:00:00Z")) {
      Call call = Probe.call(1, Instant.parse(start));
      assertThat(text(written(quirks, call), "callStartTime"))
          .isEqualTo(naive.format(call.start()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN,+08:00,2026-03-10 19:00:00",
    "TENTHS,+08:00,2026-03-10 19:00:00.0",
    "ISO_MILLIS,+08:00,2026-03-10T19:00:00.000",
    "ISO_OFFSET,+08:00,2026-03-10T19:00:00.000+0800",
    "ISO_OFFSET,-03:30,2026-03-10T07:30:00.000-0330"
  })
  void timesHaveTheChosenForm(TimeForm form, String zone, String expected) {
    Quirks quirks = Quirks.newBuilder().zone(ZoneId.of(zone)).timeForm(form).build();

    assertThat(text(written(quirks, Probe.call(1, START)), "callStartTime")).isEqualTo(expected);
  }

  @Test
  void wholeNumbersMayHaveAFraction() {
    Quirks quirks = Quirks.newBuilder().numberForm(NumberForm.FRACTION).build();
    JsonNode record = written(quirks, Probe.call(1, START));

    assertThat(text(record, "callDuration")).isEqualTo("0.0");
    assertThat(record.get("callType").toString()).isEqualTo("3.0");
    assertThat(record.get("hangupReason").isDouble()).isTrue();
  }

  @Test
  void absentValuesHaveTheChosenForm() {
    Call call =
        Probe.call(1, START).with(to -> to.calledInfo(null).callDuration(null).labels(null));
    JsonNode nulls = written(Quirks.newBuilder().build(), call);
    JsonNode empty = written(Quirks.newBuilder().nullStyle(NullStyle.EMPTY_TEXT).build(), call);
    JsonNode absent = written(Quirks.newBuilder().nullStyle(NullStyle.ABSENT).build(), call);

    for (String name : List.of("answerTime", "calledInfo", "callDuration", "labels")) {
      assertThat(nulls.get(name).isNull()).isTrue();
      assertThat(empty.get(name).textValue()).isEmpty();
      assertThat(absent.has(name)).isFalse();
    }
    assertThat(absent).hasSize(19);
  }

  @Test
  void numbersAndTextsHaveTheChosenType() {
    Call call = Probe.call(1, START).with(to -> to.callDuration(7));
    JsonNode documented = written(Quirks.newBuilder().callTypeAsText(true).build(), call);
    JsonNode sampled = written(Quirks.newBuilder().durationAsText(false).build(), call);

    assertThat(documented.get("callDuration").textValue()).isEqualTo("7");
    assertThat(documented.get("callType").textValue()).isEqualTo("3");
    assertThat(sampled.get("callDuration").isInt()).isTrue();
    assertThat(sampled.get("callType").isInt()).isTrue();
  }

  @Test
  void fieldsOfSomeBrandsMayBeMissing() {
    JsonNode record =
        written(
            Quirks.newBuilder().agentAccounts(false).costs(false).build(), Probe.call(1, START));

    assertThat(record.has("agentAccount")).isFalse();
    assertThat(record.has("baseCost")).isFalse();
    assertThat(record.has("cost")).isFalse();
  }

  @Test
  void unknownAndMalformedFieldsCanBeWritten() {
    Call call =
        Probe.call(1, START)
            .with(to -> to.extra(Map.of("mood", "{\"a\":[1]}", "callStartTime", "7")));
    JsonNode record = written(Quirks.newBuilder().unknownFields(true).build(), call);

    assertThat(record.at("/mood/a/0").asInt()).isEqualTo(1);
    assertThat(record.get("callStartTime").asInt()).isEqualTo(7);
    assertThat(record.has("sipTrunk")).isTrue();
    assertThat(record.get("transferTime").isNull()).isTrue();
  }

  @Test
  void theEnvelopeHasTheChosenForm() {
    Probe probe = Probe.with(Quirks.newBuilder().statusAsText(false).recordsLast(true));
    probe.add(Probe.call(1, START));
    String text = probe.post(Probe.question(START, NOW, 1, 1)).text();

    assertThat(Probe.json(text).get("status").isInt()).isTrue();
    assertThat(text.indexOf("\"total\"")).isLessThan(text.indexOf("\"records\""));
    assertThat(text.indexOf("\"records\"")).isLessThan(text.indexOf("\"status\""));
    assertThat(Probe.json(text).at("/data/searchCount").booleanValue()).isTrue();
    Probe plain = Probe.with(Quirks.newBuilder().unknownPageKeys(false));
    assertThat(plain.ask(START, NOW, 1, 1).at("/data").has("searchCount")).isFalse();
  }

  @Test
  void oddTextsSurvive() {
    String odd = "\u0000\b\f\r\n\t\u001f\"\\/ é ☎ 😀 \u2028 \uffff";
    Call call = Probe.call(1, START).with(to -> to.remark(odd).labels(List.of("", odd)));
    JsonNode record = written(Quirks.newBuilder().build(), call);

    assertThat(text(record, "remark")).isEqualTo(odd);
    assertThat(texts(record.get("labels"))).containsExactly("", odd);
    assertThat(
            text(
                written(Quirks.newBuilder().build(), call.with(to -> to.remark("a\ud800b"))),
                "remark"))
        .isEqualTo("a?b");
  }

  private static JsonNode written(Quirks quirks, Call call) {
    JsonBuffer json = new JsonBuffer(16);
    new RecordWriter(quirks).write(call, json);
    byte[] bytes = json.wrapped("", "");
    return Probe.json(new String(bytes, StandardCharsets.UTF_8));
  }

  private static String text(JsonNode record, String name) {
    return record.get(name).textValue();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.textValue()));
    return texts;
  }
}
