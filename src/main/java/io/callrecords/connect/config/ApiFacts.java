package io.callrecords.connect.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command {@code check} has found out about the API, as far as the connector uses it: what
 * would otherwise take it minutes at each start, and what shows that a setting is wrong.
 *
 * <p>A fact is where a task begins, and no more: what its responses contradict is dropped. How the
 * API counts and pages is not among them. That is learned within a window or two, and believing it
 * unseen has a task take less than all of a window for all of it.
 *
 * @param apiUrl the address that was checked, or null where the report has none
 * @param values the value of each fact that the connector uses and the report has, by name
 */
public record ApiFacts(@Nullable String apiUrl, Map<String, String> values) {
  /** Nothing is known. */
  public static final ApiFacts NONE = new ApiFacts(null, Map.of());

  private static final String RANGE_USE = "range.use";
  private static final String RANGE_OLDEST = "range.oldest";
  private static final String TIME_FILTERED = "time.filtered";
  private static final String TIME_ZONE = "time.zone";
  private static final String EMPTY_ANSWER = "answer.empty";

  private static final String EMPTY_PAGE = "records empty";

  /** As far back as that is answered, and what is older is refused. */
  private static final Pattern KEPT = Pattern.compile("([0-9]{1,4}) days, status .*");

  private static final String FORM =
      "must be what check --facts writes, a JSON object with formatVersion 1 and facts";

  private static final String NO_PATH =
      "; it takes the text of that file, not its path: paste it, or have a config provider read it,"
          + " as ${directory:/folder:facts.json}";

  /** Nothing that begins an object, a list or a text of JSON. */
  private static final Pattern PATH = Pattern.compile("[^{\\[\"\\n]+");

  /** The facts that are used, each with the values that it may have; none for any. */
  private static final Map<String, List<String>> CHOICES =
      Map.of(
          RANGE_USE,
              List.of(
                  "honoured",
                  "ignored",
                  "start-ignored",
                  "end-ignored",
                  "whole-days",
                  "whole-minutes"),
          TIME_FILTERED, List.of("call-start", "call-end", "other"),
          RANGE_OLDEST, List.of(),
          TIME_ZONE, List.of(),
          EMPTY_ANSWER, List.of());

  private static final JsonFactory JSON = new JsonFactory();

  /** Keeps the values that it was given. */
  public ApiFacts {
    values = Map.copyOf(values);
  }

  /**
   * Reads a report of the command {@code check}. What else it has is passed over, so that the
   * report of a later version can be read as well.
   *
   * @throws IllegalArgumentException when it is none, or a fact has a value that none can have;
   *     says what is wrong, and quotes no more of the text than that value
   */
  public static ApiFacts parse(String json) {
    if (PATH.matcher(json.strip()).matches()) {
      throw new IllegalArgumentException(FORM + NO_PATH);
    }
    try (JsonParser parser = JSON.createParser(json)) {
      return read(parser);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      // Without the cause, which quotes the text.
      throw new IllegalArgumentException(
          at == null
              ? FORM
              : FORM
                  + "; it is no JSON at line "
                  + at.getLineNr()
                  + ", column "
                  + at.getColumnNr());
    } catch (IOException e) {
      throw new IllegalArgumentException(FORM);
    }
  }

  private static ApiFacts read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(FORM);
    }
    String version = null;
    String apiUrl = null;
    Map<String, String> facts = null;
    String key;
    while ((key = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      switch (key) {
        case "formatVersion" -> version = parser.getText();
        case "apiUrl" -> apiUrl = value == JsonToken.VALUE_STRING ? parser.getText() : null;
        case "facts" -> facts = facts(parser);
        default -> {}
      }
      parser.skipChildren();
    }
    if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
      throw new IllegalArgumentException(FORM + "; something follows the object");
    }
    if (!"1".equals(version) || facts == null) {
      throw new IllegalArgumentException(FORM);
    }
    return new ApiFacts(apiUrl, facts);
  }

  private static Map<String, String> facts(JsonParser parser) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new IllegalArgumentException(FORM);
    }
    Map<String, String> facts = new HashMap<>();
    String name;
    while ((name = parser.nextFieldName()) != null) {
      JsonToken value = parser.nextToken();
      if (CHOICES.containsKey(name) && value != JsonToken.VALUE_NULL) {
        if (value != JsonToken.VALUE_STRING) {
          throw new IllegalArgumentException("its fact " + name + " must be a text");
        }
        facts.put(name, checked(name, parser.getText()));
      }
      parser.skipChildren();
    }
    return facts;
  }

  private static String checked(String name, String value) {
    List<String> choices = CHOICES.getOrDefault(name, List.of());
    boolean isZone = name.equals(TIME_ZONE);
    if (isZone ? offset(value) == null : !choices.isEmpty() && !choices.contains(value)) {
      throw new IllegalArgumentException(
          "its fact "
              + name
              + " is "
              + LogText.of(value)
              + ", and must be "
              + (isZone ? "an offset such as +08:00" : "one of " + String.join(", ", choices)));
    }
    return value;
  }

  /** Whether the API returns no data, instead of an empty page, where there are no records. */
  public boolean returnsNoData() {
    return !values.getOrDefault(EMPTY_ANSWER, EMPTY_PAGE).equals(EMPTY_PAGE);
  }

  /** For how many days back the API answers and refuses what is older; null where not known. */
  @Nullable Integer keptDays() {
    Matcher kept = KEPT.matcher(values.getOrDefault(RANGE_OLDEST, ""));
    return kept.matches() ? Integer.valueOf(kept.group(1)) : null;
  }

  /** The parameters of a range that the API does not honour, for people; null for none. */
  @Nullable String ignoredRange() {
    return switch (values.getOrDefault(RANGE_USE, "")) {
      case "ignored" -> "strTime and endTime";
      case "start-ignored" -> "strTime";
      case "end-ignored" -> "endTime";
      default -> null;
    };
  }

  /** The time that the API compares with a range; null where it is not known, or another one. */
  @Nullable QueryTimeField queryTimeField() {
    return switch (values.getOrDefault(TIME_FILTERED, "")) {
      case "call-start" -> QueryTimeField.CALL_START_TIME;
      case "call-end" -> QueryTimeField.CALL_END_TIME;
      default -> null;
    };
  }

  /** The offset of the API's times at the calls that were looked at; null where not known. */
  @Nullable ZoneOffset zone() {
    String value = values.get(TIME_ZONE);
    return value == null ? null : offset(value);
  }

  private static @Nullable ZoneOffset offset(String value) {
    try {
      return ZoneOffset.of(value);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Whether the report is of that address, as far as it says. */
  boolean isOf(String url) {
    return apiUrl == null || Objects.equals(ApiSettings.baseUrl(apiUrl), ApiSettings.baseUrl(url));
  }
}
