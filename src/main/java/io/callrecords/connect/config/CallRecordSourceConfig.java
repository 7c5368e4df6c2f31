package io.callrecords.connect.config;

import io.callrecords.connect.config.ApiOptions.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/** The connector's settings, as typed values. */
public class CallRecordSourceConfig extends AbstractConfig {
  public static final String API_URL = "api.url";
  public static final String API_ALLOW_HTTP = "api.allow.http";
  public static final String API_KEY = "api.key";
  public static final String API_SECRET = "api.secret";
  public static final String API_TIME_ZONE = "api.time.zone";
  public static final String API_RETENTION_DAYS = "api.retention.days";
  public static final String TOPIC = "topic";
  public static final String RECORD_TIMESTAMP = "record.timestamp";
  public static final String AUDIT_TOPIC = "audit.topic";
  public static final String MALFORMED_RECORDS = "malformed.records";
  public static final String MALFORMED_TOPIC = "malformed.topic";
  public static final String START_TIME = "start.time";
  public static final String END_TIME = "end.time";
  public static final String QUERY_TIME_FIELD = "query.time.field";
  public static final String POLL_INTERVAL_MS = "poll.interval.ms";
  public static final String LATE_ARRIVAL_MS = "late.arrival.ms";
  public static final String EMIT_UPDATES = "emit.updates";
  public static final String FILTER_AGENT_GROUP = "filter.agent.group";
  public static final String FILTER_AGENTS = "filter.agents";
  public static final String FILTER_CALL_TYPES = "filter.call.types";
  public static final String FILTER_HANGUP_REASONS = "filter.hangup.reasons";
  public static final String FILTER_NUMBER = "filter.number";
  public static final String FILTER_COUNTRY_CODES = "filter.country.codes";
  public static final String FILTER_HANGING_DIRECTIONS = "filter.hanging.directions";
  public static final String FILTER_LABELS = "filter.labels";
  public static final String PAGE_SIZE = "page.size";
  public static final String REQUESTS_PER_SECOND = "requests.per.second";
  public static final String MAX_CONCURRENT_REQUESTS = "max.concurrent.requests";
  public static final String CONNECT_TIMEOUT_MS = "connect.timeout.ms";
  public static final String REQUEST_TIMEOUT_MS = "request.timeout.ms";
  public static final String RETRY_BACKOFF_MS = "retry.backoff.ms";
  public static final String RETRY_BACKOFF_MAX_MS = "retry.backoff.max.ms";
  public static final String RETRY_TIMEOUT_MS = "retry.timeout.ms";
  public static final String PROXY_URL = "proxy.url";
  public static final String PROXY_USERNAME = "proxy.username";
  public static final String PROXY_PASSWORD = "proxy.password";

  /**
   * Reads settings that have passed {@link #validate}.
   *
   * @throws org.apache.kafka.common.config.ConfigException when a value is missing or wrong
   */
  public CallRecordSourceConfig(Map<String, String> settings) {
    this(configDef(), settings);
  }

  /** For settings that extend the connector's own. */
  protected CallRecordSourceConfig(ConfigDef definition, Map<String, String> settings) {
    super(definition, settings, false);
  }

  /** A new definition of all settings; the caller may add to it. */
  public static ConfigDef configDef() {
    return Settings.definition();
  }

  /**
   * Adds to a validation result what concerns more than one setting; each error stands at the
   * setting that a person would change.
   *
   * @param now the present
   */
  public static Config validate(Config result, Instant now) {
    new CrossChecks(result.configValues(), now).run();
    return result;
  }

  /** The topic that the records go to. */
  public String topic() {
    return text(TOPIC);
  }

  /** The topic that audit records go to, or null when there are none. */
  public @Nullable String auditTopic() {
    return getString(AUDIT_TOPIC);
  }

  /** The topic that malformed records go to, or null when they go to none. */
  public @Nullable String malformedTopic() {
    return malformed() == MalformedPolicy.TOPIC ? getString(MALFORMED_TOPIC) : null;
  }

  /** What a record that cannot be converted does. */
  public MalformedPolicy malformed() {
    String wanted = text(MALFORMED_RECORDS).trim();
    return Arrays.stream(MalformedPolicy.values())
        .filter(p -> p.word().equals(wanted))
        .findFirst()
        .orElseThrow();
  }

  /** Where the range begins. */
  public StartTime startTime() {
    return StartTime.parse(text(START_TIME));
  }

  /** Where the range ends, exclusively, or null when it has no end. */
  public @Nullable Instant endTime() {
    String end = getString(END_TIME);
    return end == null ? null : StartTime.instant(end);
  }

  /** How far back the API answers. */
  public Duration retention() {
    return Duration.ofDays(getInt(API_RETENTION_DAYS));
  }

  /** How long after its time a record may still appear. */
  public Duration lateArrival() {
    return millis(LATE_ARRIVAL_MS);
  }

  /** How often the live edge is asked. */
  public Duration pollInterval() {
    return millis(POLL_INTERVAL_MS);
  }

  /** The zone of the API's naive times. */
  public ZoneId zone() {
    return ZoneId.of(text(API_TIME_ZONE).trim());
  }

  /** The time of a record by which the API filters. */
  public QueryTimeField queryTimeField() {
    String wanted = text(QUERY_TIME_FIELD).trim();
    return Arrays.stream(QueryTimeField.values())
        .filter(f -> f.field().equals(wanted))
        .findFirst()
        .orElseThrow();
  }

  /** Which moment becomes the Kafka record's timestamp. */
  public RecordTimestamp recordTimestamp() {
    String wanted = text(RECORD_TIMESTAMP).trim();
    return Arrays.stream(RecordTimestamp.values())
        .filter(t -> t.word().equals(wanted))
        .findFirst()
        .orElseThrow();
  }

  /** The filters that requests carry. */
  public FilterOptions filters() {
    return new FilterOptions(
        getString(FILTER_AGENT_GROUP),
        getList(FILTER_AGENTS),
        coded(FILTER_CALL_TYPES, List.of(CallType.values())),
        coded(FILTER_HANGUP_REASONS, List.of(HangupReason.values())),
        getString(FILTER_NUMBER),
        getList(FILTER_COUNTRY_CODES),
        coded(FILTER_HANGING_DIRECTIONS, List.of(HangingDirection.values())),
        getList(FILTER_LABELS));
  }

  /** The names of the filter settings that are not empty. */
  public List<String> filtersSet() {
    return values().entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(Settings.FILTER_PREFIX))
        .filter(entry -> entry.getValue() != null && !List.of().equals(entry.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /**
   * How the API is reached.
   *
   * @param share the task's share of the rate
   * @param userAgent what the connector calls itself
   * @throws org.apache.kafka.common.config.ConfigException when a file that the {@code ssl}
   *     settings name cannot be used
   */
  public ApiOptions api(TaskShare share, String userAgent) {
    return new ApiOptions(
        baseUrl(text(API_URL)),
        new Credentials(secret(API_KEY), secret(API_SECRET)),
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
    return TransportSettings.proxy(this::value);
  }

  private @Nullable Object value(String key) {
    return get(key);
  }

  /** How transient faults are retried. */
  public RetryOptions retry() {
    long timeout = getLong(RETRY_TIMEOUT_MS);
    return new RetryOptions(
        millis(RETRY_BACKOFF_MS),
        millis(RETRY_BACKOFF_MAX_MS),
        timeout < 0 ? null : Duration.ofMillis(timeout));
  }

  static URI baseUrl(String text) {
    return URI.create(text.trim().replaceAll("/+$", ""));
  }

  /** The text of a setting that has a default or is required. */
  protected final String text(String key) {
    return Objects.requireNonNull(getString(key), key);
  }

  private String secret(String key) {
    // A secret that a config provider takes from a file often ends with a line feed.
    return getPassword(key).value().trim();
  }

  private Duration millis(String key) {
    return Duration.ofMillis(getLong(key));
  }

  private <E extends ApiCode> List<E> coded(String key, List<E> values) {
    return getList(key).stream().map(text -> ApiCode.find(values, text).orElseThrow()).toList();
  }

  /** The values of one validation, by name, and the checks that need several of them. */
  private record CrossChecks(List<ConfigValue> values, Instant now) {
    void run() {
      if (valid(API_URL)
          && valid(API_ALLOW_HTTP)
          && value(API_ALLOW_HTTP) instanceof Boolean allowed
          && value(API_URL) instanceof String url) {
        checkHttp(baseUrl(url), allowed);
      }
      checkRange();
      checkTopics();
      if (value(RETRY_BACKOFF_MS) instanceof Long first
          && value(RETRY_BACKOFF_MAX_MS) instanceof Long most
          && most < first) {
        error(
            RETRY_BACKOFF_MAX_MS,
            most + " is less than " + RETRY_BACKOFF_MS + " (" + first + "); raise it");
      }
      checkTransport();
    }

    /** What the ssl settings name is loaded for a trial, unless one of them is wrong by itself. */
    private void checkTransport() {
      if (TransportSettings.tlsNames().stream().allMatch(this::valid)) {
        new TlsLoader(this::value).problems().forEach(e -> error(e.key(), e.complaint()));
      }
      if (TransportSettings.proxyNames().stream().allMatch(this::valid)) {
        TransportSettings.proxyProblems(this::value).forEach(e -> error(e.key(), e.complaint()));
      }
    }

    private void checkHttp(URI url, boolean allowed) {
      if ("http".equalsIgnoreCase(url.getScheme())
          && !allowed
          && !Settings.isLoopback(url.getHost())) {
        error(
            API_URL,
            url
                + " would send the key and every call in clear text; use https, or set "
                + API_ALLOW_HTTP
                + "=true");
      }
    }

    private void checkTopics() {
      Map<Object, String> users = new HashMap<>();
      for (String key : List.of(TOPIC, AUDIT_TOPIC, MALFORMED_TOPIC)) {
        Object topic = value(key);
        String other = topic == null ? null : users.putIfAbsent(topic, key);
        if (other != null) {
          error(key, topic + " is " + other + " too; name one of its own");
        }
      }
      if (MalformedPolicy.TOPIC.word().equals(value(MALFORMED_RECORDS))
          && value(MALFORMED_TOPIC) == null) {
        error(
            MALFORMED_TOPIC,
            "it is not set, but " + MALFORMED_RECORDS + "=topic needs it; name a topic");
      }
    }

    private void checkRange() {
      Instant end = null;
      if (valid(END_TIME) && value(END_TIME) instanceof String text) {
        end = StartTime.instant(text);
      }
      if (!valid(START_TIME)
          || !valid(API_RETENTION_DAYS)
          || !(value(START_TIME) instanceof String startText)
          || !(value(API_RETENTION_DAYS) instanceof Integer days)) {
        return;
      }
      StartTime parsed = StartTime.parse(startText);
      Instant kept = now.minus(Duration.ofDays(days)).truncatedTo(ChronoUnit.SECONDS);
      Instant start = parsed.resolve(now, kept);
      String known = API_RETENTION_DAYS + "=" + days + ", which is since " + kept;
      if (start.isAfter(now)) {
        error(START_TIME, startText + " is in the future (it is " + now + " now); move it back");
      } else if (start.isBefore(kept)) {
        error(
            START_TIME,
            startText
                + " lies before all that the API answers for ("
                + known
                + "); set it to earliest, which reads all that there is and goes on where it was");
      }
      if (end != null && !start.isBefore(end)) {
        error(END_TIME, end + " is not after " + START_TIME + " (" + start + "); move either");
      } else if (end != null && !end.isAfter(kept)) {
        error(
            END_TIME,
            end + " lies before all that the API answers for (" + known + "); move it forward");
      }
    }

    private boolean valid(String name) {
      return values.stream().anyMatch(v -> v.name().equals(name) && v.errorMessages().isEmpty());
    }

    private @Nullable Object value(String name) {
      return values.stream()
          .filter(v -> v.name().equals(name))
          .findFirst()
          .map(ConfigValue::value)
          .orElse(null);
    }

    private void error(String name, String text) {
      values.stream()
          .filter(v -> v.name().equals(name))
          .forEach(
              v ->
                  v.addErrorMessage("Invalid value for configuration " + name + ": " + text + "."));
    }
  }
}
