package io.callrecords.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.feed.Feed;
import io.callrecords.connect.feed.NaiveTime;
import io.callrecords.connect.feed.QueryRange;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of an answer, as it came.
 *
 * @param id the call's id
 * @param start the call's start as the API writes it, in seconds of no zone; null where it has none
 * @param end the call's end, likewise
 * @param labels the call's labels
 * @param statesOffset whether its times carry an offset
 * @param json all that came
 */
record SeenRow(
    String id,
    @Nullable Long start,
    @Nullable Long end,
    List<String> labels,
    boolean statesOffset,
    JsonNode json) {
  private static final NaiveTime LOCAL = new NaiveTime(ZoneOffset.UTC);
  private static final QueryRange ANY = new QueryRange(Long.MIN_VALUE, Long.MAX_VALUE);
  private static final Pattern OFFSET = Pattern.compile(" ?([Zz]|[+-][0-9]{2}:?([0-9]{2})?)$");
  private static final int DATE_LENGTH = "2026-01-31".length();

  /** Without what the call says. */
  @Override
  public String toString() {
    return "SeenRow";
  }

  static SeenRow of(JsonNode json, Feed feed) {
    List<String> labels = new ArrayList<>();
    json.path("labels").forEach(label -> labels.add(label.asText()));
    String start = json.path(feed.startField()).asText("");
    return new SeenRow(
        json.path(feed.idField()).asText(""),
        local(start),
        local(json.path(feed.endField()).asText("")),
        List.copyOf(labels),
        start.length() > DATE_LENGTH && OFFSET.matcher(start.substring(DATE_LENGTH)).find(),
        json);
  }

  private static @Nullable Long local(String text) {
    if (text.length() <= DATE_LENGTH) {
      return null;
    }
    String rest = OFFSET.matcher(text.substring(DATE_LENGTH)).replaceFirst("");
    try {
      return LOCAL.epochSecond(text.substring(0, DATE_LENGTH) + rest, ANY);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** How many rows of a join with the labels this one stands for. */
  int joined() {
    return Math.max(1, labels.size());
  }
}
