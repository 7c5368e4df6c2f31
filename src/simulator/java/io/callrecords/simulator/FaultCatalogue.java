package io.callrecords.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** Every way in which an answer is known to go wrong, each with a name of its own. */
final class FaultCatalogue {
  private static final String JSON_TYPE = "application/json;charset=UTF-8";
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int HUGE = 9 * 1024 * 1024;

  private FaultCatalogue() {}

  static List<Fault> honest() {
    List<Fault> all = new ArrayList<>();
    IntStream.of(-16, -18, -12, -15, -25, -777).mapToObj(Fault::status).forEach(all::add);
    all.addAll(ofGateways());
    all.addAll(ofTheNetwork());
    all.addAll(brokenBodies());
    all.addAll(oddForms());
    return all;
  }

  static List<Fault> refusals() {
    return IntStream.of(-1, -2, -31, -22, -11, -14, -21, -13, -29, -30, -32)
        .mapToObj(Fault::status)
        .toList();
  }

  private static List<Fault> ofGateways() {
    List<Fault> all = new ArrayList<>();
    for (int status : new int[] {301, 302, 307, 308}) {
      all.add(Fault.http(status, Map.of("Location", "http://127.0.0.1:1/elsewhere")));
    }
    IntStream.of(204, 400, 401, 403, 404, 405, 407, 408, 410, 413, 415, 429, 500, 502, 503, 504)
        .mapToObj(Fault::http)
        .forEach(all::add);
    all.add(Fault.retryAfter(429, PAUSE));
    all.add(Fault.retryAt(429, PAUSE));
    all.add(Fault.retryAfter(503, PAUSE));
    all.add(Fault.retryAfter(503, Duration.ZERO));
    return all;
  }

  private static List<Fault> ofTheNetwork() {
    return List.of(
        Fault.reset(),
        Fault.truncated(),
        Fault.hang(),
        Fault.stall(),
        Fault.endless(),
        Fault.slow(Duration.ofMillis(100)));
  }

  private static List<Fault> brokenBodies() {
    return List.of(
        Fault.empty(),
        Fault.body("html", "text/html", "<html><body>Please log in</body></html>"),
        Fault.body("array", JSON_TYPE, "[]"),
        Fault.body("number", JSON_TYPE, "42"),
        Fault.body("text", JSON_TYPE, "\"success\""),
        Fault.body("null", JSON_TYPE, "null"),
        Fault.body("no status", JSON_TYPE, "{\"reason\":\"success\",\"data\":null}"),
        Fault.json("status null", answer -> answer.putNull("status")),
        Fault.rewritten("cut", body -> body.substring(0, body.length() / 2)),
        Fault.rewritten("two answers", body -> body + body),
        Fault.bytes("invalid UTF-8", Map.of(), FaultCatalogue::invalid),
        Fault.rewritten("deep nesting", body -> with(body, "[".repeat(5_000) + "]".repeat(5_000))),
        Fault.rewritten("huge text", body -> with(body, '"' + "x".repeat(900_000) + '"')),
        Fault.bytes("more than 8 MiB", Map.of(), FaultCatalogue::huge));
  }

  /** Right answers, as nobody expects them. */
  private static List<Fault> oddForms() {
    return List.of(
        Fault.json("status as a number", answer -> answer.put("status", 0)),
        Fault.page("total as text", data -> data.put("total", data.path("total").asText())),
        Fault.bytes("text/plain", Map.of("Content-Type", "text/plain"), UnaryOperator.identity()),
        Fault.bytes("no type", Map.of("Content-Type", ""), UnaryOperator.identity()),
        Fault.rewritten("byte order mark", body -> '\ufeff' + body),
        Fault.bytes("gzip", Map.of("Content-Encoding", "gzip"), FaultCatalogue::zipped),
        Fault.rewritten("huge number", body -> with(body, "9".repeat(150))));
  }

  static List<Fault> lies() {
    return List.of(
        Fault.json("data null", answer -> answer.putNull("data")),
        Fault.json("data missing", answer -> answer.remove("data")),
        Fault.json("data empty", answer -> answer.putObject("data")),
        Fault.json("data a list", answer -> answer.putArray("data")),
        Fault.page("records null", data -> data.putNull("records")),
        Fault.page("records missing", data -> data.remove("records")),
        Fault.page("records empty", data -> data.putArray("records")),
        Fault.page("total missing", data -> data.remove("total")),
        Fault.page("total null", data -> data.putNull("total")),
        Fault.page("total too small", data -> data.put("total", Math.max(0, rows(data) - 1))),
        Fault.page("total too large", data -> data.put("total", data.path("total").asInt() + 7)),
        Fault.page("total much too large", data -> data.put("total", 50_000_000)),
        Fault.page("total absurd", data -> data.put("total", Long.MAX_VALUE)),
        Fault.page("total negative", data -> data.put("total", -5)),
        Fault.page("total negative, no records", FaultCatalogue::nothing),
        Fault.page("total a word", data -> data.put("total", "many")),
        Fault.page("half of the records", FaultCatalogue::half),
        Fault.page("records twice", data -> records(data).addAll(records(data).deepCopy())),
        Fault.page("records a thousand times", FaultCatalogue::tooMany),
        Fault.answerTo("page 1 again", request -> request.withCurrent(1)));
  }

  static List<Fault> outages() {
    return List.of(
        Fault.json("data null", answer -> answer.putNull("data")),
        Fault.json("data empty", answer -> answer.putObject("data")),
        Fault.json("data an error", FaultCatalogue::error),
        Fault.json("data a text", answer -> answer.put("data", "temporarily unavailable")),
        Fault.json("data a list", answer -> answer.putArray("data")),
        Fault.noContent(),
        Fault.empty(),
        Fault.page("an empty page", FaultCatalogue::emptyPage));
  }

  private static void error(ObjectNode answer) {
    answer.putObject("data").put("error", "timeout").putArray("records");
  }

  private static void emptyPage(ObjectNode data) {
    data.put("total", 0).put("pages", 0).putArray("records");
  }

  static List<Fault> malformed() {
    return List.of(
        Fault.page("a time that is none", data -> first(data, "callStartTime", "soon")),
        Fault.page("an id that is empty", data -> first(data, "callSessionId", "")),
        Fault.page("a time of another year", FaultCatalogue::longAgo),
        Fault.page("a row that is none", data -> setFirst(data, data.textNode("row"))));
  }

  private static ArrayNode records(ObjectNode data) {
    return data.get("records") instanceof ArrayNode records ? records : data.arrayNode();
  }

  private static int rows(ObjectNode data) {
    return records(data).size();
  }

  private static void nothing(ObjectNode data) {
    data.put("total", -5);
    data.putArray("records");
  }

  private static void half(ObjectNode data) {
    ArrayNode records = records(data);
    int half = records.size() / 2;
    while (records.size() > half) {
      records.remove(records.size() - 1);
    }
  }

  private static void tooMany(ObjectNode data) {
    ArrayNode records = records(data);
    List<JsonNode> rows = new ArrayList<>();
    records.forEach(rows::add);
    while (!rows.isEmpty() && records.size() < 1_001) {
      records.addAll(rows);
    }
  }

  private static void first(ObjectNode data, String field, String value) {
    if (records(data).path(0) instanceof ObjectNode row) {
      row.put(field, value);
    }
  }

  private static void setFirst(ObjectNode data, JsonNode row) {
    if (rows(data) > 0) {
      records(data).set(0, row);
    }
  }

  private static void longAgo(ObjectNode data) {
    for (String field : List.of("callStartTime", "callEndTime")) {
      if (records(data).path(0).path(field).asText().length() < 4) {
        return;
      }
      first(data, field, "1999" + records(data).path(0).path(field).asText().substring(4));
    }
  }

  /** The answer with a field that nobody knows. */
  private static String with(String body, String json) {
    return "{\"unknown\":" + json + "," + body.substring(1);
  }

  private static byte[] invalid(byte[] body) {
    byte[] broken = body.clone();
    int comma = new String(body, StandardCharsets.ISO_8859_1).indexOf("success");
    broken[Math.max(comma, 1)] = (byte) 0xC3;
    return broken;
  }

  private static byte[] huge(byte[] body) {
    byte[] padded = Arrays.copyOf(body, HUGE);
    Arrays.fill(padded, body.length, HUGE, (byte) ' ');
    return padded;
  }

  private static byte[] zipped(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
