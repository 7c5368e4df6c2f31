package io.callrecords.connect.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A call that has arrived in the topic.
 *
 * @param value the record's value
 * @param arrivedAt when a consumer got it
 */
record Arrival(JsonNode value, Instant arrivedAt) {
  /** What stands over the columns of {@link #line}. */
  static final String HEADER =
      "ended     type      caller        callee         agent         talk       in the topic";

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final int SECONDS_A_MINUTE = 60;

  String id() {
    return value.path("callSessionId").asText();
  }

  /** One line for the terminal. */
  String line(ZoneId zone) {
    Instant end = Instant.ofEpochMilli(value.path("callEndTime").asLong());
    double seconds = Duration.between(end, arrivedAt).toMillis() / 1000.0;
    return String.format(
        Locale.ROOT,
        "%s  %-8s  %-11s → %-13s  %-12s  %-9s  %.1f s after it ended",
        TIME.format(end.atZone(zone)),
        type(),
        value.path("caller").asText(),
        value.path("called").asText(),
        value.path("agentName").asText(),
        talk(),
        seconds);
  }

  private String type() {
    return switch (value.path("callType").asInt()) {
      case 1 -> "group";
      case 2 -> "incoming";
      case 3 -> "outgoing";
      default -> "other";
    };
  }

  private String talk() {
    if (value.path("answerTime").isNull()) {
      return "no answer";
    }
    int seconds = value.path("callDuration").asInt();
    return seconds < SECONDS_A_MINUTE
        ? seconds + " s"
        : seconds / SECONDS_A_MINUTE + " min " + seconds % SECONDS_A_MINUTE + " s";
  }
}
