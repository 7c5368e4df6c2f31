package io.callrecords.connect.config;

import static io.callrecords.connect.config.CallRecordSourceConfig.API_ALLOW_HTTP;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_FACTS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_RETENTION_DAYS;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_TIME_ZONE;
import static io.callrecords.connect.config.CallRecordSourceConfig.API_URL;
import static io.callrecords.connect.config.CallRecordSourceConfig.AUDIT_TOPIC;
import static io.callrecords.connect.config.CallRecordSourceConfig.COST_FORMAT;
import static io.callrecords.connect.config.CallRecordSourceConfig.EMIT_UPDATES;
import static io.callrecords.connect.config.CallRecordSourceConfig.END_TIME;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_EXCLUDE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_EXTRA;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE;
import static io.callrecords.connect.config.CallRecordSourceConfig.FIELDS_PSEUDONYMIZE_KEY;
import static io.callrecords.connect.config.CallRecordSourceConfig.LATE_ARRIVAL_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.MALFORMED_RECORDS;
import static io.callrecords.connect.config.CallRecordSourceConfig.MALFORMED_TOPIC;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_PASSWORD;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_URL;
import static io.callrecords.connect.config.CallRecordSourceConfig.PROXY_USERNAME;
import static io.callrecords.connect.config.CallRecordSourceConfig.QUERY_TIME_FIELD;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_BACKOFF_MAX_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.RETRY_BACKOFF_MS;
import static io.callrecords.connect.config.CallRecordSourceConfig.START_TIME;
import static io.callrecords.connect.config.CallRecordSourceConfig.TOPIC;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
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
          new Rule(List.of(API_URL, PROXY_URL), CrossFieldValidator::hosts),
          Rule.distinctTopics(TOPIC, AUDIT_TOPIC),
          Rule.distinctTopics(TOPIC, MALFORMED_TOPIC),
          Rule.distinctTopics(AUDIT_TOPIC, MALFORMED_TOPIC),
          new Rule(List.of(MALFORMED_RECORDS, MALFORMED_TOPIC), CrossFieldValidator::malformed),
          new Rule(
              List.of(
                  FIELDS_PSEUDONYMIZE,
                  FIELDS_PSEUDONYMIZE_KEY,
                  FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE),
              CrossFieldValidator::pseudonyms),
          new Rule(
              List.of(FIELDS_EXCLUDE, FIELDS_PSEUDONYMIZE), CrossFieldValidator::fieldsInBothLists),
          new Rule(List.of(FIELDS_EXTRA), CrossFieldValidator::extra),
          new Rule(List.of(FIELDS_PSEUDONYMIZE, COST_FORMAT), CrossFieldValidator::costs),
          new Rule(List.of(RETRY_BACKOFF_MS, RETRY_BACKOFF_MAX_MS), CrossFieldValidator::backoff),
          Rule.needs(PROXY_PASSWORD, PROXY_USERNAME),
          Rule.needs(PROXY_USERNAME, PROXY_URL));

  /**
   * A connector that has what these refuse goes on all the same: earlier versions took it, or a
   * file that a config provider reads says something else by now.
   */
  private static final List<Rule> TOLERATED =
      List.of(
          new Rule(List.of(LATE_ARRIVAL_MS, API_RETENTION_DAYS), CrossFieldValidator::lateArrival),
          new Rule(List.of(MALFORMED_RECORDS, MALFORMED_TOPIC), CrossFieldValidator::unusedTopic),
          new Rule(List.of(EMIT_UPDATES, LATE_ARRIVAL_MS), CrossFieldValidator::unusedUpdates),
          new Rule(List.of(FIELDS_PSEUDONYMIZE_KEY), CrossFieldValidator::unreplacedKey),
          new Rule(
              List.of(API_FACTS, API_URL, API_TIME_ZONE, QUERY_TIME_FIELD, API_RETENTION_DAYS),
              ApiFactsContradictions::find));

  private static final Set<String> PHONE_FIELDS = Set.of("called", "caller");

  /**
   * Before the first version was released. Back from here two months are as short as they can be,
   * so that a duration in months is accepted at all times or never.
   */
  private static final Instant FIRST_CONNECTOR = Instant.parse("2026-03-01T00:00:00Z");

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
    // A person reads it.
    this.now = now.truncatedTo(ChronoUnit.SECONDS);
  }

  /** Adds the errors. */
  void validate() {
    List<String> tls = values.keySet().stream().filter(TlsSettings::isOne).toList();
    List<Rule> others =
        List.of(
            new Rule(List.of(START_TIME, API_RETENTION_DAYS), this::start),
            new Rule(List.of(START_TIME, API_RETENTION_DAYS, END_TIME), this::end),
            new Rule(tls, settings -> new TlsLoader(settings).problems()));
    // All problems are found before the first one is added, which makes its setting invalid.
    List<SettingException> problems =
        Stream.of(CONSISTENCY, TOLERATED, others)
            .flatMap(List::stream)
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

  /**
   * What is wrong with valid settings, though a connector that has them goes on: the messages.
   *
   * @param settings returns the value of a setting by name, or null if it is not set
   */
  static List<String> tolerated(Function<String, @Nullable Object> settings) {
    return TOLERATED.stream()
        .flatMap(rule -> rule.problems().apply(settings).stream())
        .map(problem -> String.valueOf(problem.getMessage()))
        .toList();
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

  /** A list that is the worker's holds for connectors that were created before it, too. */
  private static List<SettingException> hosts(Function<String, @Nullable Object> settings) {
    AllowedHosts allowed = AllowedHosts.ofSystem();
    List<SettingException> refused = new ArrayList<>();
    for (String key : List.of(API_URL, PROXY_URL)) {
      URI address = settings.apply(key) instanceof String text ? URI.create(text) : null;
      if (address != null && !allowed.permit(address)) {
        refused.add(
            new SettingException(
                key,
                address.getHost()
                    + " is not among the hosts that this worker allows; have its administrator"
                    + " add it to the system property "
                    + AllowedHosts.PROPERTY
                    + malformedHost(allowed)));
      }
    }
    return refused;
  }

  /** What may be the reason: an entry that was meant for the host, but matches none. */
  private static String malformedHost(AllowedHosts allowed) {
    return allowed.malformed().stream()
        .findFirst()
        .map(
            entry ->
                ", whose entries are bare host names, such as api.example.com or *.example.com,"
                    + " which "
                    + LogText.of(StringValidator.withoutSecrets(entry))
                    + " is not")
        .orElse("");
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

  private static List<SettingException> unusedTopic(Function<String, @Nullable Object> settings) {
    Object policy = settings.apply(MALFORMED_RECORDS);
    if (settings.apply(MALFORMED_TOPIC) == null
        || MalformedPolicy.TOPIC.configValue().equals(policy)) {
      return List.of();
    }
    return List.of(
        new SettingException(
            MALFORMED_TOPIC,
            "no record gets into it while malformed.records is "
                + policy
                + "; set malformed.records to topic, or remove malformed.topic"));
  }

  private static List<SettingException> unusedUpdates(Function<String, @Nullable Object> settings) {
    if (!Boolean.TRUE.equals(settings.apply(EMIT_UPDATES))
        || !Long.valueOf(0).equals(settings.apply(LATE_ARRIVAL_MS))) {
      return List.of();
    }
    return List.of(
        new SettingException(
            EMIT_UPDATES,
            "no update is looked for while late.arrival.ms is 0, since a record is rechecked until it is"
                + " that old; raise late.arrival.ms, or remove emit.updates"));
  }

  /** What is meant to be hidden must not pass because a part of the settings is missing. */
  private static List<SettingException> pseudonyms(Function<String, @Nullable Object> settings) {
    boolean hasKey = settings.apply(FIELDS_PSEUDONYMIZE_KEY) != null;
    boolean keepsCountryCode =
        Boolean.TRUE.equals(settings.apply(FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE));
    List<String> names = names(settings, FIELDS_PSEUDONYMIZE);
    if (!names.isEmpty()) {
      if (hasKey && keepsCountryCode && names.stream().noneMatch(PHONE_FIELDS::contains)) {
        return List.of(
            new SettingException(
                FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE,
                "it concerns called and caller, neither of which is in fields.pseudonymize; add one"
                    + " of them, or remove the setting"));
      }
      return hasKey
          ? List.of()
          : List.of(
              new SettingException(
                  FIELDS_PSEUDONYMIZE_KEY,
                  "fields.pseudonymize needs a key; set fields.pseudonymize.key to one of at least"
                      + " 32 characters from a config provider, or remove fields.pseudonymize"));
    }
    return hasKey || keepsCountryCode
        ? List.of(
            new SettingException(
                FIELDS_PSEUDONYMIZE,
                (hasKey ? FIELDS_PSEUDONYMIZE_KEY : FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE)
                    + " is set, but no field is; name fields in fields.pseudonymize, or remove the"
                    + " other setting"))
        : List.of();
  }

  /** The name of a variable is as long as a key, but known to everybody. */
  private static List<SettingException> unreplacedKey(Function<String, @Nullable Object> settings) {
    return settings.apply(FIELDS_PSEUDONYMIZE_KEY) instanceof Password key
            && SecretForm.isVariable(key.value())
        ? List.of(SecretForm.unreplaced(FIELDS_PSEUDONYMIZE_KEY))
        : List.of();
  }

  private static List<SettingException> fieldsInBothLists(
      Function<String, @Nullable Object> settings) {
    List<String> excluded = names(settings, FIELDS_EXCLUDE);
    return names(settings, FIELDS_PSEUDONYMIZE).stream()
        .filter(excluded::contains)
        .map(
            name ->
                new SettingException(
                    FIELDS_PSEUDONYMIZE,
                    name + " is in fields.exclude as well; remove it from one of the two"))
        .toList();
  }

  private static List<SettingException> costs(Function<String, @Nullable Object> settings) {
    if (!CostFormat.DECIMAL.configValue().equals(settings.apply(COST_FORMAT))) {
      return List.of();
    }
    return names(settings, FIELDS_PSEUDONYMIZE).stream()
        .filter(PrivacySettings.COST_FIELDS::contains)
        .map(
            name ->
                new SettingException(
                    COST_FORMAT,
                    "the token that fields.pseudonymize makes of "
                        + name
                        + " is no decimal number; set cost.format to text, or take "
                        + name
                        + " out of that list"))
        .toList();
  }

  private static List<SettingException> extra(Function<String, @Nullable Object> settings) {
    List<String> names = names(settings, FIELDS_EXTRA);
    if (settings.apply(FIELDS_EXTRA) != null && names.isEmpty()) {
      return List.of(
          new SettingException(
              FIELDS_EXTRA, "it is empty; set allow, deny, or names of fields, or remove it"));
    }
    boolean hasWord = names.contains(PrivacySettings.ALLOW) || names.contains(PrivacySettings.DENY);
    return hasWord && names.size() > 1
        ? List.of(
            new SettingException(
                FIELDS_EXTRA,
                "it has more beside allow or deny; set one of these two, or names of fields"))
        : List.of();
  }

  private static List<String> names(Function<String, @Nullable Object> settings, String key) {
    return settings.apply(key) instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of();
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
    StartTime parsed = StartTime.parse(String.valueOf(settings.apply(START_TIME)));
    Object text = settings.apply(START_TIME);
    if (startTime(settings).isAfter(now)) {
      return List.of(
          new SettingException(
              START_TIME, text + " is in the future (it is " + now + " now); set an earlier time"));
    }
    Instant first = first();
    Instant keptThen = first.minus(retention(settings));
    if (parsed.resolve(first, keptThen).isBefore(keptThen)) {
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
    StartTime parsed = StartTime.parse(String.valueOf(settings.apply(START_TIME)));
    Instant first = first();
    Instant keptThen = first.minus(retention(settings));
    if (!parsed.resolve(first, keptThen).isBefore(end)) {
      return List.of(
          new SettingException(
              END_TIME,
              end + " is not after start.time (" + startTime(settings) + "); move one of them"));
    }
    if (!end.isAfter(keptThen)) {
      return List.of(
          new SettingException(
              END_TIME,
              end + " is older than what the API keeps (" + kept(settings) + "); move it forward"));
    }
    return List.of();
  }

  /**
   * The earliest time at which a connector may have been created. A range that it could have had
   * then is accepted for ever: it is refused no change because time has passed. What of a range can
   * no longer be read is said where the offsets are known, at the start.
   */
  private Instant first() {
    return now.isBefore(FIRST_CONNECTOR) ? now : FIRST_CONNECTOR;
  }

  private Instant startTime(Function<String, @Nullable Object> settings) {
    return StartTime.parse(String.valueOf(settings.apply(START_TIME)))
        .resolve(now, keptSince(settings));
  }

  private Instant keptSince(Function<String, @Nullable Object> settings) {
    return now.minus(retention(settings)).truncatedTo(ChronoUnit.SECONDS);
  }

  private static Duration retention(Function<String, @Nullable Object> settings) {
    return Duration.ofDays(settings.apply(API_RETENTION_DAYS) instanceof Integer days ? days : 0);
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
