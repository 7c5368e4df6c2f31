package io.callrecords.connect.config;

import io.callrecords.connect.config.ApiOptions.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
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
  public static final String API_TIME_ZONE = "api.time.zone";
  public static final String API_RETENTION_DAYS = "api.retention.days";
  public static final String API_ALLOW_HTTP = "api.allow.http";

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
    this(configDef(), settings);
  }

  /** Parses settings that extend those of the connector. */
  protected CallRecordSourceConfig(ConfigDef definition, Map<String, String> settings) {
    super(definition, settings, false);
    // A configuration may be older than the rules, and the worker validates changes only.
    CrossFieldValidator.ensureConsistent(this::value);
  }

  /** A new definition of all settings; the caller may add to it. */
  public static ConfigDef configDef() {
    ConfigDef def = new ConfigDef();
    ApiSettings.define(def);
    TopicSettings.define(def);
    RangeSettings.define(def);
    FilterSettings.define(def);
    RequestSettings.define(def);
    TlsSettings.define(def);
    ProxySettings.define(def);
    return def;
  }

  /**
   * Adds the errors that concern more than one setting to the result of a validation, each at the
   * setting to change.
   *
   * @param result the result of validating each setting individually
   * @param now the current time
   * @return the same result
   */
  public static Config validate(Config result, Instant now) {
    new CrossFieldValidator(result.configValues(), now).validate();
    return result;
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

  /** The names of the filter settings that are set, sorted. */
  public List<String> filtersSet() {
    return values().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(FilterSettings.PREFIX))
        .filter(entry -> entry.getValue() != null && !List.of().equals(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * How to reach the API; loads the stores that the {@code ssl} settings name.
   *
   * @param share the task's share of the rate limit
   * @param userAgent the value of the User-Agent header
   * @throws ConfigException when a store cannot be used
   */
  public ApiOptions api(TaskShare share, String userAgent) {
    return new ApiOptions(
        ApiSettings.baseUrl(text(API_URL)),
        new Credentials(getPassword(API_KEY).value(), getPassword(API_SECRET).value()),
        zone(),
        getInt(PAGE_SIZE),
        Duration.ofMillis(getInt(CONNECT_TIMEOUT_MS)),
        Duration.ofMillis(getInt(REQUEST_TIMEOUT_MS)),
        getInt(MAX_CONCURRENT_REQUESTS),
        getDouble(REQUESTS_PER_SECOND),
        share,
        userAgent,
        new TransportOptions(new TlsLoader(this::value).load(), proxy()));
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
