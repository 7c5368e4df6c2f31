package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.API_ALLOW_HTTP;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_RETENTION_DAYS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_URL;
import static io.callrecords.connect.config.CallRecordSourceConfig.AUDIT_TOPIC;
import static io.callrecords.connect.config.CallRecordSourceConfig.END_TIME;
import static io.callrecords.connect.config.CallRecordSourceConfig.LATE_ARRIVAL_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.MALFORMED_RECORDS;
import static io.callrecords.connect.config.CallRecordSourceConfig.MALFORMED_TOPIC;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_PASSWORD;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_URL;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_USERNAME;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_BACKOFF_MAX_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_BACKOFF_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.START_TIME;
import static io.callrecords.connect.config.CallRecordSourceConfig.TOPIC;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * Validates settings against one another, and against the files that they name. Each error is added
 * to the value of the setting to change; a rule that involves an invalid setting is left out.
 */
final class CrossFieldValidator {
  /** The rules that depend neither on the clock nor on files. */
  private static final List<Rule> CONSISTENCY =
      List.of(
          new Rule(List.of(API_URL, API_ALLOW_HTTP), CrossFieldValidator::clearText),
          Rule.distinctTopics(TOPIC, AUDIT_TOPIC),
          Rule.distinctTopics(TOPIC, MALFORMED_TOPIC),
          Rule.distinctTopics(AUDIT_TOPIC, MALFORMED_TOPIC),
          new Rule(List.of(MALFORMED_RECORDS, MALFORMED_TOPIC), CrossFieldValidator::malformed),
          new Rule(List.of(RETRY_BACKOFF_MS, RETRY_BACKOFF_MAX_MS), CrossFieldValidator::backoff),
          Rule.needs(PROXY_PASSWORD, PROXY_USERNAME),
          Rule.needs(PROXY_USERNAME, PROXY_URL));

  /** Earlier versions took what this refuses: a connector that has it goes on all the same. */
  private static final Rule LATE_ARRIVAL =
      new Rule(List.of(LATE_ARRIVAL_MS, API_RETENTION_DAYS), CrossFieldValidator::lateArrival);

  private final Map<String, ConfigValue> values;
  private final Instant now;

  /**
   * Creates a validator of one configuration.
   *
   * @param values the settings after each was validated individually; errors are added to them
   * @param now the current time
   */
  CrossFieldValidator(List<ConfigValue> values, Instant now) {
    this.values = values.stream().collect(Collectors.toMap(ConfigValue::name, Function.identity()));
    this.now = now;
  }

  /** Adds the errors. */
  void validate() {
    List<String> tls = values.keySet().stream().filter(TlsSettings::isOne).toList();
    List<Rule> others =
        List.of(
            LATE_ARRIVAL,
            new Rule(List.of(START_TIME, API_RETENTION_DAYS), this::start),
            new Rule(List.of(START_TIME, API_RETENTION_DAYS, END_TIME), this::end),
            new Rule(tls, settings -> new TlsLoader(settings).problems()));
    // All problems are found before the first one is added, which makes its setting invalid.
    List<SettingException> problems =
        Stream.concat(CONSISTENCY.stream(), others.stream())
            .filter(rule -> rule.settings().stream().allMatch(this::isValid))
            .flatMap(rule -> rule.problems().apply(this::value).stream())
            .toList();
    for (SettingException problem : problems) {
      Objects.requireNonNull(values.get(problem.key())).addErrorMessage(problem.getMessage());
    }
  }

  private boolean isValid(String name) {
    ConfigValue value = values.get(name);
    return value != null && value.errorMessages().isEmpty();
  }

  private @Nullable Object value(String name) {
    ConfigValue value = values.get(name);
    return value == null ? null : value.value();
  }

  /**
   * Rejects valid settings that contradict one another, whatever the time and the files are.
   *
   * @param settings returns the value of a setting by name, or null if it is not set
   * @throws SettingException when they do
   */
  static void ensureConsistent(Function<String, @Nullable Object> settings) {
    CONSISTENCY.stream()
        .flatMap(rule -> rule.problems().apply(settings).stream())
        .findFirst()
        .ifPresent(
            problem -> {
              throw problem;
            });
  }

  private static List<SettingException> clearText(Function<String, @Nullable Object> settings) {
    URI url = ApiSettings.baseUrl(String.valueOf(settings.apply(API_URL)));
    boolean allowed = Boolean.TRUE.equals(settings.apply(API_ALLOW_HTTP));
    if (allowed
        || "https".equalsIgnoreCase(url.getScheme())
        || ApiSettings.isLoopback(url.getHost())) {
      return List.of();
    }
    return List.of(
        new SettingException(
            API_URL,
            url
                + " would send the API key and every call in clear text; use https, or set "
                + API_ALLOW_HTTP
                + "=true"));
  }

  private static List<SettingException> malformed(Function<String, @Nullable Object> settings) {
    if (!MalformedPolicy.TOPIC.configValue().equals(settings.apply(MALFORMED_RECORDS))
        || settings.apply(MALFORMED_TOPIC) != null) {
      return List.of();
    }
    return List.of(
        new SettingException(
            MALFORMED_TOPIC,
            "malformed.records=topic needs malformed.topic; set a topic, or set malformed.records"
                + " to fail or skip"));
  }

  /** A record that the API no longer returns can be neither found late nor compared. */
  private static List<SettingException> lateArrival(Function<String, @Nullable Object> settings) {
    if (!(settings.apply(LATE_ARRIVAL_MS) instanceof Long late)
        || !(settings.apply(API_RETENTION_DAYS) instanceof Integer days)
        || late <= Duration.ofDays(days).toMillis()) {
      return List.of();
    }
    return List.of(
        new SettingException(
            LATE_ARRIVAL_MS,
            late
                + " is longer than the API keeps records ("
                + API_RETENTION_DAYS
                + "="
                + days
                + "); lower late.arrival.ms to "
                + Duration.ofDays(days).toMillis()
                + " or less, or raise api.retention.days if the API keeps records longer"));
  }

  private static List<SettingException> backoff(Function<String, @Nullable Object> settings) {
    if (!(settings.apply(RETRY_BACKOFF_MS) instanceof Long first)
        || !(settings.apply(RETRY_BACKOFF_MAX_MS) instanceof Long max)
        || max >= first) {
      return List.of();
    }
    return List.of(
        new SettingException(
            RETRY_BACKOFF_MAX_MS,
            max + " is less than retry.backoff.ms (" + first + "); raise it or lower the latter"));
  }

  private List<SettingException> start(Function<String, @Nullable Object> settings) {
    Instant start = startTime(settings);
    Object text = settings.apply(START_TIME);
    if (start.isAfter(now)) {
      return List.of(
          new SettingException(
              START_TIME, text + " is in the future (it is " + now + " now); set an earlier time"));
    }
    if (start.isBefore(keptSince(settings))) {
      return List.of(
          new SettingException(
              START_TIME,
              text
                  + " is older than what the API keeps ("
                  + kept(settings)
                  + "); set it to earliest to read all that is left and to continue where the"
                  + " connector stopped"));
    }
    return List.of();
  }

  private List<SettingException> end(Function<String, @Nullable Object> settings) {
    if (!(settings.apply(END_TIME) instanceof String text)) {
      return List.of();
    }
    Instant end = StartTime.instant(text);
    Instant start = startTime(settings);
    if (!start.isBefore(end)) {
      return List.of(
          new SettingException(
              END_TIME, end + " is not after start.time (" + start + "); move one of them"));
    }
    if (!end.isAfter(keptSince(settings))) {
      return List.of(
          new SettingException(
              END_TIME,
              end + " is older than what the API keeps (" + kept(settings) + "); move it forward"));
    }
    return List.of();
  }

  private Instant startTime(Function<String, @Nullable Object> settings) {
    return StartTime.parse(String.valueOf(settings.apply(START_TIME)))
        .resolve(now, keptSince(settings));
  }

  private Instant keptSince(Function<String, @Nullable Object> settings) {
    int days = settings.apply(API_RETENTION_DAYS) instanceof Integer set ? set : 0;
    return now.minus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
  }

  private String kept(Function<String, @Nullable Object> settings) {
    return "since "
        + keptSince(settings)
        + ", by "
        + API_RETENTION_DAYS
        + "="
        + settings.apply(API_RETENTION_DAYS);
  }

  /**
   * What several settings must agree on.
   *
   * @param settings the settings involved; the rule holds for valid ones only
   * @param problems finds the problems, given a function that returns the value of a setting by
   *     name, or null if it is not set
   */
  private record Rule(
      List<String> settings,
      Function<Function<String, @Nullable Object>, List<SettingException>> problems) {

    /** A topic that must differ from another one; the second is the one to change. */
    static Rule distinctTopics(String other, String key) {
      return new Rule(
          List.of(other, key),
          settings -> {
            Object topic = settings.apply(key);
            return topic == null || !topic.equals(settings.apply(other))
                ? List.of()
                : List.of(
                    new SettingException(
                        key,
                        topic + " is already the value of " + other + "; set a topic of its own"));
          });
    }

    /** A setting that has no meaning without another one. */
    static Rule needs(String key, String needed) {
      return new Rule(
          List.of(key, needed),
          settings ->
              settings.apply(key) == null || settings.apply(needed) != null
                  ? List.of()
                  : List.of(
                      new SettingException(
                          key, key + " needs " + needed + "; set both or neither")));
    }
  }
}
