package io.callrecords.connect.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.OffsetDateTime;

/**
 * What a request asks for.
 *
 * @param current the page, from 1
 * @param size rows in a page
 * @param from the first second of the range
 * @param to the last one, which belongs to it as well
 */
record PageQuestion(int current, int size, long from, long to) {
  /** Reads the body of a request. */
  static PageQuestion of(JsonNode body) {
    JsonNode params = body.path("params");
    return new PageQuestion(
        body.path("current").asInt(),
        body.path("size").asInt(),
        second(params.path("strTime").asText()),
        second(params.path("endTime").asText()));
  }

  private static long second(String time) {
    return OffsetDateTime.parse(time).toEpochSecond();
  }

  /** How many rows of the range come before the page. */
  int skipped(int total) {
    return Math.min(total, (current - 1) * size);
  }

  /** How many rows the page has. */
  int rows(int total) {
    return Math.min(size, total - skipped(total));
  }
}
