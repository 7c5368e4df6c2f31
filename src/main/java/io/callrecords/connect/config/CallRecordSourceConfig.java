package io.callrecords.connect.config;

import io.callrecords.connect.config.ApiOptions.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of the connector: the names of its settings, their definition, and their values
 * as domain types. Each group of settings is defined in a class of its own, such as {@link
 * ApiSettings}.
 */
public class CallRecordSourceConfig extends AbstractConfig {
  // API
  public static final String API_URL = "api.url";
  public static final String API_KEY = "api.key";
  public static final String API_SECRET = "api.secret";
  public static final String API_SECRET_PREVIOUS = "api.secret.previous";
  public static final String API_TIME_ZONE = "api.time.zone";
  public static final String API_RETENTION_DAYS = "api.retention.days";
  public static final String API_ALLOW_HTTP = "api.allow.http";
  public static final String API_FACTS = "api.facts";

  // Target
  public static final String TOPIC = "topic";
  public static final String AUDIT_TOPIC = "audit.topic";
  public static final String MALFORMED_RECORDS = "malformed.records";
  public static final String MALFORMED_TOPIC = "malformed.topic";
  public static final String RECORD_TIMESTAMP = "record.timestamp";

  // Range
  public static final String START_TIME = "start.time";
  public static final String END_TIME = "end.time";
  public static final String QUERY_TIME_FIELD = "query.time.field";
  public static final String POLL_INTERVAL_MS = "poll.interval.ms";
  public static final String LATE_ARRIVAL_MS = "late.arrival.ms";
  public static final String EMIT_UPDATES = "emit.updates";

  // Filters
  public static final String FILTER_AGENT_GROUP = "filter.agent.group";
  public static final String FILTER_AGENTS = "filter.agents";
  public static final String FILTER_CALL_TYPES = "filter.call.types";
  public static final String FILTER_HANGUP_REASONS = "filter.hangup.reasons";
  public static final String FILTER_NUMBER = "filter.number";
  public static final String FILTER_COUNTRY_CODES = "filter.country.codes";
  public static final String FILTER_HANGING_DIRECTIONS = "filter.hanging.directions";
  public static final String FILTER_LABELS = "filter.labels";

  // Privacy
  public static final String FIELDS_EXCLUDE = "fields.exclude";
  public static final String FIELDS_PSEUDONYMIZE = "fields.pseudonymize";
  public static final String FIELDS_PSEUDONYMIZE_KEY = "fields.pseudonymize.key";
  public static final String FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE =
      "fields.pseudonymize.keep.country.code";
  public static final String FIELDS_EXTRA = "fields.extra";

  // Record form
  public static final String LABELS_FORMAT = "labels.format";
  public static final String EXTRA_FORMAT = "extra.format";
  public static final String TIMES_FORMAT = "times.format";
  public static final String COST_FORMAT = "cost.format";
  public static final String TEXTS_KEEP_NUL = "texts.keep.nul";
  public static final String ADD_FIELDS = "add.fields";

  // Requests
  public static final String PAGE_SIZE = "page.size";
  public static final String REQUESTS_PER_SECOND = "requests.per.second";
  public static final String MAX_CONCURRENT_REQUESTS = "max.concurrent.requests";
  public static final String CONNECT_TIMEOUT_MS = "connect.timeout.ms";
  public static final String REQUEST_TIMEOUT_MS = "request.timeout.ms";
  public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
  public static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";
  public static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";

  // Proxy; the names of the TLS settings are those of Kafka's SslConfigs
  public static final String PROXY_URL = "proxy.url";
  public static final String PROXY_USERNAME = "proxy.username";
  public static final String PROXY_PASSWORD = "proxy.password";

  /**
   * Parses the settings of a connector.
   *
   * @throws ConfigException when a value is missing or invalid, or contradicts another one
   */
  public CallRecordSourceConfig(Map<String, String> settings) {
    this(DEFINITION, settings);
  }

  /** Parses settings that extend those of the connector. */
  protected CallRecordSourceConfig(ConfigDef definition, Map<String, String> settings) {
    super(definition, SettingValues.set(settings), false);
    PrivacySettings.ensureNoListIsEmpty(settings);
    // A configuration may be older than the rules, and the worker validates changes only.
    new SettingNameValidator(definition.names()).ensureNothingPasses(settings.keySet());
    CrossFieldValidator.ensureConsistent(this::value);
  }

  /** Told once, since a worker may have hundreds of connectors. */
  private static final ConfigDef DEFINITION = define();

  /** A new definition of all settings; the caller may add to it. */
  public static ConfigDef configDef() {
    return new ConfigDef(DEFINITION);
  }

  private static ConfigDef define() {
    ConfigDef def = new ConfigDef();
    ApiSettings.define(def);
    TopicSettings.define(def);
    RangeSettings.define(def);
    FilterSettings.define(def);
    PrivacySettings.define(def);
    FormatSettings.define(def);
    RequestSettings.define(def);
    TlsSettings.define(def);
    ProxySettings.define(def);
    return def;
  }

  /**
   * Adds the errors that concern more than one setting to the result of a validation, each at the
   * setting to change, and those of misspelt names, each at that name.
   *
   * @param result the result of validating each setting individually
   * @param settings all that is set
   * @param now the current time
   * @return the result with these errors
   */
  public static Config validate(Config result, Map<String, String> settings, Instant now) {
    ConfigDef definition = configDef();
    ValueTypeValidator types = new ValueTypeValidator(definition.configKeys(), settings);
    List<ConfigValue> values =
        new ArrayList<>(
            result.configValues().stream()
                .map(types::explained)
                .map(value -> ListValidator.explained(value, definition.configKeys()))
                .toList());
    new CrossFieldValidator(values, now).validate();
    values.addAll(new SettingNameValidator(definition.names()).errors(settings.keySet()));
    values.addAll(new TopicCreationSettings(settings).errors());
    PrivacySettings.rejectEmptyLists(values, settings);
    values.replaceAll(new SecretCopies(values)::checked);
    PrivacySettings.hideSecrets(values);
    return new Config(values);
  }

  /** What validation refuses, and earlier versions accepted: a connector that has it goes on. */
  public List<String> tolerated() {
    return Stream.of(
            CrossFieldValidator.tolerated(this::value).stream(),
            settingNames().find(originals().keySet()).stream().map(UnknownSetting::message),
            new TopicCreationSettings(originals()).problems().values().stream())
        .flatMap(Function.identity())
        .toList();
  }

  /** The names that are set, but that neither this connector nor Connect reads. */
  public List<String> unusedNames() {
    return Stream.concat(
            settingNames().unused(originals().keySet()).stream(),
            new TopicCreationSettings(originals()).unused().stream())
        .toList();
  }

  private static SettingNameValidator settingNames() {
    return new SettingNameValidator(configDef().names());
  }

  /** The topic for the call records. */
  public String topic() {
    return text(TOPIC);
  }

  /** The topic for audit records, or null if none are written. */
  public @Nullable String auditTopic() {
    return getString(AUDIT_TOPIC);
  }

  /** The topic for malformed records, or null unless they go to a topic. */
  public @Nullable String malformedTopic() {
    return malformed() == MalformedPolicy.TOPIC ? getString(MALFORMED_TOPIC) : null;
  }

  /** What to do with a record that cannot be converted. */
  public MalformedPolicy malformed() {
    return choice(MALFORMED_RECORDS, MalformedPolicy.values(), MalformedPolicy::configValue);
  }

  /** The time of a call that becomes the timestamp of the Kafka record. */
  public RecordTimestamp recordTimestamp() {
    return choice(RECORD_TIMESTAMP, RecordTimestamp.values(), RecordTimestamp::configValue);
  }

  /** The form in which records are written. */
  public FormatOptions format() {
    List<String> added = getList(ADD_FIELDS);
    return new FormatOptions(
        choice(LABELS_FORMAT, LabelsFormat.values(), LabelsFormat::configValue),
        choice(EXTRA_FORMAT, ExtraFormat.values(), ExtraFormat::configValue),
        choice(TIMES_FORMAT, TimesFormat.values(), TimesFormat::configValue),
        choice(COST_FORMAT, CostFormat.values(), CostFormat::configValue),
        getBoolean(TEXTS_KEEP_NUL),
        Arrays.stream(AddedField.values())
            .filter(field -> added.contains(field.configValue()))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Where the range begins. */
  public StartTime startTime() {
    return StartTime.parse(text(START_TIME));
  }

  /** The exclusive end of the range, or null if it has none. */
  public @Nullable Instant endTime() {
    String end = getString(END_TIME);
    return end == null ? null : StartTime.instant(end);
  }

  /** How far back the API returns records. */
  public Duration retention() {
    return Duration.ofDays(getInt(API_RETENTION_DAYS));
  }

  /** How long after its time a record may still appear. */
  public Duration lateArrival() {
    return millis(LATE_ARRIVAL_MS);
  }

  /** How often the live edge is requested. */
  public Duration pollInterval() {
    return millis(POLL_INTERVAL_MS);
  }

  /** The zone of the API's naive times. */
  public ZoneId zone() {
    return ZoneId.of(text(API_TIME_ZONE));
  }

  /** The time of a record that the API compares with the range of a request. */
  public QueryTimeField queryTimeField() {
    return choice(QUERY_TIME_FIELD, QueryTimeField.values(), QueryTimeField::configValue);
  }

  /** The filters to send with each request. */
  public FilterOptions filters() {
    return new FilterOptions(
        getString(FILTER_AGENT_GROUP),
        getList(FILTER_AGENTS),
        codes(FILTER_CALL_TYPES, List.of(CallType.values())),
        codes(FILTER_HANGUP_REASONS, List.of(HangupReason.values())),
        getString(FILTER_NUMBER),
        getList(FILTER_COUNTRY_CODES),
        codes(FILTER_HANGING_DIRECTIONS, List.of(HangingDirection.values())),
        getList(FILTER_LABELS));
  }

  /** Whether requests may go over http to a host other than a loopback host. */
  public boolean allowsHttp() {
    return getBoolean(API_ALLOW_HTTP);
  }

  /** Whether the server's certificate must name its host. */
  public boolean checksHostName() {
    return new TlsLoader(this::value).checksHostName();
  }

  /** The names of the filter settings that are set, sorted. */
  public List<String> filtersSet() {
    return values().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(FilterSettings.PREFIX))
        .filter(entry -> entry.getValue() != null && !List.of().equals(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Whether a filter asks for the calls of a person. */
  public boolean filtersByPerson() {
    return filtersSet().stream().anyMatch(FilterSettings::isOfPerson);
  }

  /** What is left of the fields of a record when it is read. */
  public PrivacyOptions privacy() {
    Set<String> excluded = Set.copyOf(getList(FIELDS_EXCLUDE));
    Set<String> pseudonymized = Set.copyOf(getList(FIELDS_PSEUDONYMIZE));
    return new PrivacyOptions(
        excluded,
        pseudonymized,
        getPassword(FIELDS_PSEUDONYMIZE_KEY),
        getBoolean(FIELDS_PSEUDONYMIZE_KEEP_COUNTRY_CODE),
        extra(excluded.isEmpty() && pseudonymized.isEmpty()));
  }

  /** The unknown fields that pass, or null where all do. */
  private @Nullable Set<String> extra(boolean allowedByDefault) {
    List<String> names = getList(FIELDS_EXTRA);
    if (names == null) {
      return allowedByDefault ? null : Set.of();
    }
    if (names.contains(PrivacySettings.ALLOW)) {
      return null;
    }
    return names.contains(PrivacySettings.DENY) ? Set.of() : Set.copyOf(names);
  }

  /**
   * How to reach the API; loads the stores that the {@code ssl} settings name.
   *
   * @param share the task's share of the rate limit
   * @param userAgent the value of the User-Agent header
   * @throws ConfigException when a store cannot be used
   */
  public ApiOptions api(TaskShare share, String userAgent) {
    int requests = share.requests(getInt(MAX_CONCURRENT_REQUESTS));
    return new ApiOptions(
        ApiSettings.baseUrl(text(API_URL)),
        credentials(),
        zone(),
        getInt(PAGE_SIZE),
        Duration.ofMillis(getInt(CONNECT_TIMEOUT_MS)),
        Duration.ofMillis(getInt(REQUEST_TIMEOUT_MS)),
        requests,
        getDouble(REQUESTS_PER_SECOND),
        share,
        userAgent,
        new TransportOptions(new TlsLoader(this::value).load(), proxy()),
        MemoryBudget.ample(requests),
        facts());
  }

  /** What is known of the API before it is asked; nothing where no report is given. */
  public ApiFacts facts() {
    String report = getString(API_FACTS);
    return report == null ? ApiFacts.NONE : ApiFacts.parse(report);
  }

  private Credentials credentials() {
    Password previous = getPassword(API_SECRET_PREVIOUS);
    return new Credentials(
        getPassword(API_KEY).value(),
        getPassword(API_SECRET).value(),
        previous == null ? null : previous.value());
  }

  private @Nullable ProxyOptions proxy() {
    String url = getString(PROXY_URL);
    if (url == null) {
      return null;
    }
    URI address = ProxySettings.address(url);
    String host = address.getHost().replaceAll("^\\[|]$", "");
    return new ProxyOptions(host, address.getPort(), proxyCredentials());
  }

  private ProxyOptions.@Nullable ProxyCredentials proxyCredentials() {
    String username = getString(PROXY_USERNAME);
    if (username == null) {
      return null;
    }
    Password password = getPassword(PROXY_PASSWORD);
    return new ProxyOptions.ProxyCredentials(username, password == null ? "" : password.value());
  }

  /** How to retry transient faults. */
  public RetryOptions retry() {
    long timeout = getLong(RETRY_TIMEOUT_MS);
    return new RetryOptions(
        millis(RETRY_BACKOFF_MS),
        millis(RETRY_BACKOFF_MAX_MS),
        timeout < 0 ? null : Duration.ofMillis(timeout));
  }

  /** The text of a setting that is required or has a default. */
  protected final String text(String key) {
    return Objects.requireNonNull(getString(key), key);
  }

  private @Nullable Object value(String key) {
    return get(key);
  }

  private Duration millis(String key) {
    return Duration.ofMillis(getLong(key));
  }

  private <E> E choice(String key, E[] choices, Function<E, String> configValue) {
    String text = text(key);
    return Arrays.stream(choices)
        .filter(choice -> configValue.apply(choice).equals(text))
        .findFirst()
        .orElseThrow();
  }

  private <E extends ApiCode> List<E> codes(String key, List<E> values) {
    return getList(key).stream().map(text -> ApiCode.find(values, text).orElseThrow()).toList();
  }
}
