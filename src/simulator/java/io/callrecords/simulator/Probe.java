package io.callrecords.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A small account with a client, for the simulator's own tests. */
final class Probe {
  static final String KEY = "key";
  static final String SECRET = "secret";
  static final Instant NOW = Instant.parse("2026-03-10T12:00:00Z");
  static final String PATH = "/v3/voice/ccRecordQuery";
  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter QUERY_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

  final CallStore store;
  final CallGenerator generator;
  final Journal journal = Journal.complete();
  final Faults faults = new Faults(1);
  final SimulatedApi api;
  Instant now = NOW;

  Probe(Quirks quirks) {
    store = new CallStore(quirks.filteredTime());
    generator =
        CallGenerator.newBuilder()
            .seed(5)
            .zone(quirks.zone())
            .lag(quirks.minLag(), quirks.maxLag())
            .build();
    api = new SimulatedApi("/v3", KEY, SECRET, quirks, store, generator, journal, faults, 11);
  }

  static Probe with(Quirks.QuirksBuilder quirks) {
    return new Probe(quirks.build());
  }

  /** A call of ten seconds whose id is its number. */
  static Call call(int number, Instant start) {
    return Call.newBuilder("call-" + number, start, start.plusSeconds(10)).build();
  }

  Probe add(Call... calls) {
    store.addAll(List.of(calls));
    return this;
  }

  static Map<String, String> headers(Instant at) {
    Map<String, String> headers = new LinkedHashMap<>();
    String timestamp = Long.toString(at.getEpochSecond());
    headers.put("content-type", "application/json;charset=UTF-8");
    headers.put("api-key", KEY);
    headers.put("timestamp", timestamp);
    headers.put("sign", md5(KEY + SECRET + timestamp));
    return headers;
  }

  static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode question(Instant from, Instant to, int current, int size) {
    ObjectNode question = JSON.createObjectNode().put("current", current).put("size", size);
    question.putObject("params").put("strTime", time(from)).put("endTime", time(to));
    return question;
  }

  static String time(Instant at) {
    return QUERY_TIME.format(at.atOffset(ZoneOffset.ofHours(8)));
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  Answer post(JsonNode question) {
    return post(headers(api.serverTime(now)), question.toString());
  }

  Answer post(Map<String, String> headers, String body) {
    return api.answer(
        "POST", PATH, headers, body.getBytes(StandardCharsets.UTF_8), api.serverTime(now));
  }

  /** The answer to a question as JSON. */
  JsonNode ask(JsonNode question) {
    return json(post(question).text());
  }

  JsonNode ask(Instant from, Instant to, int current, int size) {
    return ask(question(from, to, current, size));
  }

  /** The ids of one page. */
  List<String> ids(Instant from, Instant to, int current, int size) {
    return ids(ask(from, to, current, size));
  }

  static List<String> ids(JsonNode answer) {
    return answer.at("/data/records").findValuesAsText("callSessionId");
  }

  /** The labels of one call in an answer. */
  static List<String> labels(JsonNode answer, String id) {
    List<String> labels = new ArrayList<>();
    for (JsonNode record : answer.at("/data/records")) {
      if (record.get("callSessionId").asText().equals(id)) {
        record.get("labels").forEach(label -> labels.add(label.asText()));
      }
    }
    return labels;
  }

  /** The ids of all pages, in order. */
  List<String> allIds(Instant from, Instant to, int size) {
    List<String> all = new ArrayList<>();
    for (int page = 1; ; page++) {
      List<String> ids = ids(from, to, page, size);
      if (ids.isEmpty()) {
        return all;
      }
      all.addAll(ids);
    }
  }

  /** The status of the answer to a question. */
  int status(JsonNode question) {
    return ask(question).path("status").asInt(99);
  }

  /** The only record of the last day, as the API writes it. */
  JsonNode record() {
    JsonNode records = ask(now.minus(Duration.ofDays(1)), now, 1, 10).at("/data/records");
    if (records.size() != 1) {
      throw new AssertionError("Not one record: " + records);
    }
    return records.get(0);
  }

  @Nullable JsonNode field(String name) {
    return record().get(name);
  }
}
