package io.callrecords.cli.check;

import io.callrecords.connect.config.CallRecordSourceConfig;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Whether the settings fit what a check has found, and which of them should be changed. */
final class CheckVerdict {
  private static final Map<String, String> FIELDS =
      Map.of("call-start", "callStartTime", "call-end", "callEndTime");
  private static final Pattern DAYS = Pattern.compile("([0-9]{1,4}) days, .*");
  private static final Pattern ROWS = Pattern.compile("([0-9]{1,5}), .*");

  /** What settings depend on and calls tell. */
  private static final List<String> NEEDED = List.of("range.use", "time.zone", "time.filtered");

  private final Map<String, String> values;
  private final List<String> changes = new ArrayList<>();

  private CheckVerdict(List<Fact> facts) {
    values =
        facts.stream()
            .collect(
                Collectors.toMap(
                    Fact::name,
                    fact -> Objects.requireNonNullElse(fact.value(), ""),
                    (a, b) -> a,
                    TreeMap::new));
  }

  /**
   * The lines of it, the first of which says all in short.
   *
   * @param refused the settings that a worker would refuse because of api.facts as it is
   */
  static List<String> of(
      List<Fact> facts, CallRecordSourceConfig config, Instant now, Set<String> refused) {
    CheckVerdict verdict = new CheckVerdict(facts);
    verdict.compare(config, now);
    verdict.compareFacts(refused);
    return verdict.lines();
  }

  private List<String> lines() {
    String use = value("range.use");
    if (!use.isEmpty() && !use.equals("honoured")) {
      return List.of("No settings fit: the API does not honour ranges (" + use + ").");
    }
    if (!changes.isEmpty()) {
      List<String> lines = new ArrayList<>();
      lines.add("Change these settings:");
      changes.forEach(change -> lines.add("  " + change));
      return lines;
    }
    String unknown =
        NEEDED.stream().filter(name -> value(name).isEmpty()).collect(Collectors.joining(", "));
    return List.of(
        unknown.isEmpty()
            ? "These settings fit."
            : "These settings fit as far as could be seen; unknown: " + unknown + ".");
  }

  private String value(String fact) {
    return values.getOrDefault(fact, "");
  }

  private void compare(CallRecordSourceConfig config, Instant now) {
    String zone = value("time.zone");
    if (!zone.isEmpty() && !hasOffset(config, now, zone)) {
      change("api.time.zone", zone, "the API's times have that offset");
    }
    String filtered = value("time.filtered");
    String field = FIELDS.get(filtered);
    if (filtered.equals("other")) {
      changes.add("query.time.field: neither value fits, the API compares another time");
    } else if (field != null && !field.equals(config.queryTimeField().configValue())) {
      change("query.time.field", field, "that is the time that the API compares");
    }
    lower("api.retention.days", DAYS, "range.oldest", config.retention().toDays());
    lower("page.size", ROWS, "paging.cap", config.getInt("page.size"));
    if (!value("rate.limit").isEmpty()) {
      changes.add(
          "requests.per.second: less than "
              + config.originalsStrings().getOrDefault("requests.per.second", "its default")
              + ", at which requests were too many");
    }
  }

  /** What is refused and has to be changed anyway, api.facts is right about. */
  private void compareFacts(Set<String> refused) {
    boolean isRight =
        refused.stream()
            .allMatch(setting -> changes.stream().anyMatch(one -> one.startsWith(setting + ": ")));
    if (!isRight) {
      changes.add(
          "api.facts: replace it by what --facts writes, or leave it out, since a worker would"
              + " refuse it");
    }
  }

  private static boolean hasOffset(CallRecordSourceConfig config, Instant now, String offset) {
    Function<Instant, ZoneOffset> offsets = config.zone().getRules()::getOffset;
    try {
      ZoneOffset found = ZoneOffset.of(offset);
      // A zone may have changed its offset since the calls that were looked at.
      return LongStream.rangeClosed(0, 2)
          .mapToObj(times -> offsets.apply(now.minus(Duration.ofDays(times * 15))))
          .anyMatch(found::equals);
    } catch (DateTimeException e) {
      return true;
    }
  }

  private void lower(String setting, Pattern form, String fact, long configured) {
    Matcher most = form.matcher(value(fact));
    if (most.matches() && Long.parseLong(most.group(1)) < configured) {
      change(setting, most.group(1), "the API gives no more");
    }
  }

  private void change(String setting, String to, String reason) {
    changes.add(setting + ": " + to + ", since " + reason);
  }
}
