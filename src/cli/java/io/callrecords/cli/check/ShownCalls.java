package io.callrecords.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.cli.PhoneMask;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.FieldDescription;
import io.callrecords.connect.feed.PersonalData;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Shows a few calls to whoever runs the check, personal data hidden unless it is asked for. */
final class ShownCalls {
  private static final int CALLS = 3;
  private static final Set<String> NUMBERS = Set.of("called", "caller");

  private static final Map<String, PersonalData> PERSONAL =
      CallCenterFeed.recordSchema().fields().stream()
          .collect(Collectors.toMap(FieldDescription::name, FieldDescription::personalData));

  /** A code, a small number or a time: whatever else stands in place of one is hidden. */
  private static final Pattern CODE_OR_TIME =
      Pattern.compile(
          "-?[0-9]{1,8}(\\.[0-9]{1,6})?"
              + "|[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,18} ?(Z|[+-][0-9:]{2,6})?");

  private ShownCalls() {}

  /** The lines that show the newest calls. */
  static List<String> lines(Survey survey, boolean isPlain) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    ApiAnswer page = survey.ask(survey.now().minus(survey.month()), survey.now(), 1, CALLS);
    for (SeenRow row : page.rows().stream().limit(CALLS).toList()) {
      List<String> fields = new ArrayList<>();
      row.json()
          .properties()
          .forEach(
              field ->
                  fields.add(
                      (isPlain || SafeText.isKey(field.getKey()) ? field.getKey() : "(hidden)")
                          + "="
                          + shown(field.getKey(), field.getValue(), isPlain)));
      lines.add(String.join("  ", fields));
    }
    return lines;
  }

  private static String shown(String name, JsonNode value, boolean isPlain) {
    String text = value.isValueNode() ? value.asText() : value.toString();
    boolean isEmpty = value.isNull() || text.isEmpty() || (value.isArray() && value.isEmpty());
    PersonalData personal = PERSONAL.getOrDefault(name, PersonalData.UNKNOWN);
    boolean isHarmless =
        personal == PersonalData.NO
            || (personal == PersonalData.INDIRECT && !name.equals("callSessionId"));
    if (isPlain || isEmpty || (isHarmless && CODE_OR_TIME.matcher(text).matches())) {
      return value.isNull() ? "null" : text;
    }
    return NUMBERS.contains(name) ? PhoneMask.of(text) : "(hidden)";
  }
}
