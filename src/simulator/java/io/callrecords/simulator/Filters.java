package io.callrecords.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one query. An absent one, and an empty list, let every call through; a list lets
 * through the calls that have one of its items.
 */
final class Filters implements Predicate<Call> {
  private static final Set<String> TEXTS =
      Set.of("strTime", "endTime", "sipGroupName", "calledOrCaller");
  private static final Set<String> TEXT_LISTS = Set.of("seatNameList", "ccode", "labelNames");
  private static final Set<String> NUMBER_LISTS =
      Set.of("callType", "hangupReason", "hangingDirection");

  private final @Nullable String group;
  private final @Nullable String number;
  private final Set<String> agents;
  private final Set<String> countries;
  private final Set<String> labels;
  private final Set<Integer> types;
  private final Set<Integer> reasons;
  private final Set<Integer> directions;

  Filters(JsonNode params) {
    group = params.path("sipGroupName").textValue();
    number = params.path("calledOrCaller").textValue();
    agents = texts(params.path("seatNameList"));
    countries = texts(params.path("ccode"));
    labels = texts(params.path("labelNames"));
    types = numbers(params.path("callType"));
    reasons = numbers(params.path("hangupReason"));
    directions = numbers(params.path("hangingDirection"));
  }

  /**
   * Whether all parameters are known and of their documented type. The real API may well ignore
   * what it does not know: a simulator that did so would hide a misspelled filter.
   */
  static boolean valid(JsonNode params) {
    for (var field : params.properties()) {
      if (!field.getValue().isNull() && !valid(field.getKey(), field.getValue())) {
        return false;
      }
    }
    return params.isObject();
  }

  private static boolean valid(String name, JsonNode value) {
    if (TEXTS.contains(name)) {
      return value.isTextual();
    }
    if (TEXT_LISTS.contains(name)) {
      return value.isArray() && value.valueStream().allMatch(JsonNode::isTextual);
    }
    return NUMBER_LISTS.contains(name)
        && value.isArray()
        && value.valueStream().allMatch(JsonNode::isInt);
  }

  /** Whether every call passes. */
  boolean none() {
    return group == null
        && number == null
        && List.of(agents, countries, labels, types, reasons, directions).stream()
            .allMatch(Set::isEmpty);
  }

  @Override
  public boolean test(Call call) {
    return (group == null || group.equals(call.agentGroupName()))
        && (number == null || number.equals(call.called()) || number.equals(call.caller()))
        && allows(agents, call.agentName())
        && allows(countries, call.ccode())
        && allows(types, call.callType())
        && allows(reasons, call.hangupReason())
        && allows(directions, call.hangingDirection())
        && (labels.isEmpty()
            || Objects.requireNonNullElse(call.labels(), List.<String>of()).stream()
                .anyMatch(labels::contains));
  }

  private static <T> boolean allows(Set<T> wanted, @Nullable T value) {
    return wanted.isEmpty() || (value != null && wanted.contains(value));
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> items = new HashSet<>();
    list.forEach(item -> items.add(item.textValue()));
    return items;
  }

  private static Set<Integer> numbers(JsonNode list) {
    Set<Integer> items = new HashSet<>();
    list.forEach(item -> items.add(item.intValue()));
    return items;
  }
}
