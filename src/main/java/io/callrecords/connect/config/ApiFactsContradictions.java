package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.API_FACTS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_RETENTION_DAYS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_TIME_ZONE;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_URL;
import static io.callrecords.connect.config.CallRecordSourceConfig.QUERY_TIME_FIELD;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds settings that {@code api.facts} contradicts. */
final class ApiFactsContradictions {
  /** Offsets of a zone at the first of each month from here on, for so many months. */
  private static final LocalDate ZONES_FROM = LocalDate.of(2020, 1, 1);

  private static final int ZONE_MONTHS = 240;

  /** A check tries whole days, by a clock that may differ from the API's. */
  private static final int TOLERATED_DAYS = 1;

  private static final String CHECK_AGAIN =
      "; correct it, or if it is right, run the command check again and replace api.facts";

  private ApiFactsContradictions() {}

  /**
   * Finds them.
   *
   * @param settings returns the value of a valid setting by name, or null if it is not set
   */
  static List<SettingException> find(Function<String, @Nullable Object> settings) {
    if (!(settings.apply(API_FACTS) instanceof String report)) {
      return List.of();
    }
    ApiFacts facts = ApiFacts.parse(report);
    String url = String.valueOf(settings.apply(API_URL));
    if (!facts.isOf(url)) {
      return List.of(
          new SettingException(
              API_FACTS,
              "it is the report of "
                  + LogText.of(StringValidator.withoutSecrets(String.valueOf(facts.apiUrl())))
                  + ", and api.url is "
                  + LogText.of(url)
                  + "; run the command check with this configuration"));
    }
    return Stream.of(
            range(facts),
            zone(facts, ZoneId.of(String.valueOf(settings.apply(API_TIME_ZONE)))),
            field(facts, String.valueOf(settings.apply(QUERY_TIME_FIELD))),
            retention(facts, settings.apply(API_RETENTION_DAYS)))
        .filter(Objects::nonNull)
        .toList();
  }

  private static @Nullable SettingException range(ApiFacts facts) {
    String ignored = facts.ignoredRange();
    return ignored == null
        ? null
        : new SettingException(
            API_FACTS,
            "by it, the API does not honour "
                + ignored
                + ", without which no range of calls can be read; have the API mended, then run the"
                + " command check again and replace api.facts");
  }

  private static @Nullable SettingException zone(ApiFacts facts, ZoneId zone) {
    ZoneOffset offset = facts.zone();
    boolean isPossible =
        offset == null
            || Stream.iterate(ZONES_FROM, month -> month.plusMonths(1))
                .limit(ZONE_MONTHS)
                .map(month -> zone.getRules().getOffset(month.atStartOfDay()))
                .anyMatch(offset::equals);
    return isPossible
        ? null
        : new SettingException(
            API_TIME_ZONE,
            zone + " never has the offset " + offset + ", which api.facts has found" + CHECK_AGAIN);
  }

  private static @Nullable SettingException field(ApiFacts facts, String configured) {
    QueryTimeField field = facts.queryTimeField();
    return field == null || field.configValue().equals(configured)
        ? null
        : new SettingException(
            QUERY_TIME_FIELD,
            configured
                + " is not the time that the API compares, which is "
                + field.configValue()
                + " by api.facts"
                + CHECK_AGAIN);
  }

  /** What is older is refused for a minute before the connector believes that it is gone. */
  private static @Nullable SettingException retention(ApiFacts facts, @Nullable Object configured) {
    Integer kept = facts.keptDays();
    return kept == null || !(configured instanceof Integer days) || days <= kept + TOLERATED_DAYS
        ? null
        : new SettingException(
            API_RETENTION_DAYS,
            days
                + " is more than the "
                + kept
                + " days back for which the API answers by api.facts"
                + CHECK_AGAIN);
  }
}
