package io.callrecords.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request as it came in, understood as far as it can be, whatever is wrong with it.
 *
 * @param number counts all requests of a simulator from 1
 * @param receivedAt the server's time when it was complete
 * @param apiKey the header as sent, or null
 * @param timestamp the header as sent, or null
 * @param sign the header as sent, or null
 * @param signed whether key, secret and timestamp give that signature
 * @param body the whole body, or a missing node when it is no JSON
 */
public record ApiRequest(
    long number,
    Instant receivedAt,
    String method,
    String path,
    @Nullable String contentType,
    @Nullable String apiKey,
    @Nullable String timestamp,
    @Nullable String sign,
    boolean signed,
    JsonNode body) {

  /** The page that is asked for, or -1 without a whole number there. */
  public int current() {
    return wholeNumber("current");
  }

  /** The records per page that are asked for, or -1 without a whole number there. */
  public int size() {
    return wholeNumber("size");
  }

  /** Range and filters; a missing node when there are none. */
  public JsonNode params() {
    return body.path("params");
  }

  /** The start of the range as sent, or null. */
  public @Nullable String strTime() {
    return params().path("strTime").textValue();
  }

  /** The end of the range as sent, or null. */
  public @Nullable String endTime() {
    return params().path("endTime").textValue();
  }

  /** The start of the range, or null when it is not in the form that the API takes. */
  public @Nullable Instant from() {
    return QueryTime.parse(strTime());
  }

  /** The end of the range, or null when it is not in the form that the API takes. */
  public @Nullable Instant to() {
    return QueryTime.parse(endTime());
  }

  /** The same request for another page. */
  ApiRequest withCurrent(int page) {
    ObjectNode other = body.deepCopy();
    other.put("current", page);
    return withBody(other);
  }

  /** The same request for a range that lies so much later. */
  ApiRequest shifted(Duration by) {
    Instant from = from();
    Instant to = to();
    if (from == null || to == null) {
      return this;
    }
    ObjectNode other = body.deepCopy();
    other.withObject("/params").put("strTime", QueryTime.text(from.plus(by)));
    other.withObject("/params").put("endTime", QueryTime.text(to.plus(by)));
    return withBody(other);
  }

  private ApiRequest withBody(JsonNode other) {
    return new ApiRequest(
        number, receivedAt, method, path, contentType, apiKey, timestamp, sign, signed, other);
  }

  private int wholeNumber(String name) {
    JsonNode value = body.path(name);
    return value.isInt() ? value.intValue() : -1;
  }
}
