package io.callrecords.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.callrecords.connect.feed.Feed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/** What all rows that a check has seen say of each field: forms and numbers, and no value. */
final class SeenFields {
  private static final String ABSENT = "absent";
  private static final Pattern FRACTION = Pattern.compile("-?[0-9]+\\.[0-9]+");

  private final Feed feed;
  private final Map<String, SeenRow> rows = new LinkedHashMap<>();

  private SeenFields(Feed feed) {
    this.feed = feed;
  }

  static SeenFields of(Survey survey) throws InterruptedException {
    survey.sample();
    SeenFields fields = new SeenFields(survey.feed());
    for (ApiAnswer answer : survey.caller().answers()) {
      answer.rows().forEach(row -> fields.rows.putIfAbsent(row.id(), row));
    }
    return fields;
  }

  /** How many calls were seen. */
  int calls() {
    return rows.size();
  }

  List<Fact.FactEvidence> evidence() {
    return List.of(new Fact.FactEvidence("all ranges of this check", calls() + " different calls"));
  }

  /** The fields of the schema, but the one that takes all others. */
  List<Field> schema() {
    return feed.schema().fields().stream()
        .filter(field -> !field.name().equals(feed.extraField()))
        .toList();
  }

  /** The forms of all fields that came, and of those that should, without texts of calls. */
  List<String> formsByField() {
    List<String> each = new ArrayList<>();
    schema().forEach(field -> each.add(withForms(field.name())));
    others().forEach(name -> each.add(SafeText.isKey(name) ? withForms(name) : name));
    return each;
  }

  private String withForms(String name) {
    return name
        + ": "
        + forms(name).entrySet().stream()
            .map(form -> form.getKey() + " " + form.getValue())
            .collect(Collectors.joining(", "));
  }

  /** Fields that are not in the schema, as far as they may be shown. */
  List<String> others() {
    Set<String> known =
        schema().stream().map(Field::name).collect(Collectors.toCollection(TreeSet::new));
    Set<String> others = new TreeSet<>();
    rows.values().forEach(row -> row.json().fieldNames().forEachRemaining(others::add));
    others.removeAll(known);
    return SafeText.keys(others);
  }

  /** How often a field came in which form: text, empty text, number, null, absent and so on. */
  Map<String, Integer> forms(String name) {
    Map<String, Integer> forms = new TreeMap<>();
    rows.values().forEach(row -> forms.merge(form(row.json().path(name)), 1, Integer::sum));
    return forms;
  }

  /** Whether a field came in any row. */
  boolean came(String name) {
    return !forms(name).keySet().equals(Set.of(ABSENT));
  }

  private static String form(JsonNode node) {
    return switch (node.getNodeType()) {
      case MISSING -> ABSENT;
      case NULL -> "null";
      case ARRAY -> "list";
      case OBJECT, POJO -> "object";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      default -> node.asText().isEmpty() ? "empty text" : "text";
    };
  }

  /** The shapes of texts: with d for each digit and a for each letter. */
  Set<String> shapes(String name) {
    return texts(name).stream().map(SafeText::shape).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a number came with a fraction, whole as it should be. */
  boolean hasFraction(String name) {
    return texts(name).stream().anyMatch(text -> FRACTION.matcher(text).matches());
  }

  /** How many rows have something in a field of numbers that is none. */
  long malformed() {
    return rows.values().stream().filter(this::isMalformed).count();
  }

  private boolean isMalformed(SeenRow row) {
    if (row.id().isEmpty() || row.start() == null) {
      return true;
    }
    return schema().stream()
        .filter(field -> field.schema().type() == Schema.Type.INT32)
        .map(field -> row.json().path(field.name()))
        .filter(JsonNode::isTextual)
        .map(node -> node.asText().strip())
        .anyMatch(text -> !text.isEmpty() && !text.matches("-?[0-9]+(\\.0*)?"));
  }

  private List<String> texts(String name) {
    return rows.values().stream()
        .map(row -> row.json().path(name))
        .filter(node -> node.isNumber() || (node.isTextual() && !node.asText().isEmpty()))
        .map(JsonNode::asText)
        .toList();
  }
}
