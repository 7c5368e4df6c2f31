package io.callrecords.connect.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of the connector: its name, documentation, default, validator and place in a UI.
 */
final class Settings {

  static final String FILTER_PREFIX = "filter.";

  static final String GROUP_API = "API";
  static final String GROUP_TARGET = "Target";
  static final String GROUP_RANGE = "Range";
  static final String GROUP_FILTER = "Filters";
  static final String GROUP_REQUESTS = "Requests";
  static final String GROUP_TLS = "TLS";
  static final String GROUP_PROXY = "Proxy";

  /** Zones had offsets with seconds long ago. */
  private static final Instant RECENT = Instant.parse("2020-01-01T00:00:00Z");

  private static final Pattern COUNTRY_CODE = Pattern.compile("[0-9]{1,6}");
  private static final Pattern PHONE_NUMBER = Pattern.compile("\\+?[0-9*#]{1,32}");
  private static final Pattern TOPIC_NAME = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  private Settings() {}

  /** A new definition of all settings; the caller may add to it. */
  static ConfigDef definition() {
    ConfigDef def = new ConfigDef();
    api(new Group(def, GROUP_API));
    target(new Group(def, GROUP_TARGET));
    range(new Group(def, GROUP_RANGE));
    filters(new Group(def, GROUP_FILTER));
    requests(new Group(def, GROUP_REQUESTS));
    TransportSettings.tls(new Group(def, GROUP_TLS));
    TransportSettings.proxy(new Group(def, GROUP_PROXY));
    return def;
  }

  private static void api(Group group) {
    group.add(
        new Key(
                CallRecordSourceConfig.API_URL,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH)
            .named("API URL", Width.LONG)
            .checked(
                StringValidator.of("http or https URL with its path prefix", Settings::checkUrl))
            .doc(
                "Base address of the API with its path prefix, for example"
                    + " <code>https://api.example.com/v3</code>. The connector calls"
                    + " <code>POST {api.url}/voice/ccRecordQuery</code>. It has to be"
                    + " <code>https</code>, except for loopback hosts."));
    group.add(
        new Key(
                CallRecordSourceConfig.API_KEY,
                ConfigDef.Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH)
            .named("API key", Width.MEDIUM)
            .checked(SecretValidator.visibleAscii())
            .doc("The account's API key. A config provider keeps it out of the configuration."));
    group.add(
        new Key(
                CallRecordSourceConfig.API_SECRET,
                ConfigDef.Type.PASSWORD,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH)
            .named("API secret", Width.MEDIUM)
            .checked(SecretValidator.visibleAscii())
            .doc("The account's API secret; requests are signed with it, it is never sent."));
    group.add(
        new Key(
                CallRecordSourceConfig.API_TIME_ZONE,
                ConfigDef.Type.STRING,
                "+08:00",
                Importance.MEDIUM)
            .named("Zone of the API's times", Width.SHORT)
            .checked(
                StringValidator.of(
                    "offset such as +08:00, or zone such as Asia/Shanghai", Settings::checkZone))
            .doc(
                "Zone of the times in the API's records, which carry none. The platform's default"
                    + " is <code>+08:00</code>."));
    group.add(
        new Key(CallRecordSourceConfig.API_RETENTION_DAYS, ConfigDef.Type.INT, 59, Importance.LOW)
            .named("API retention (days)", Width.SHORT)
            .checked(Range.between(1, 3650))
            .doc(
                "How many days back the API answers; <code>start.time=earliest</code> begins there,"
                    + " and nothing older is asked for. The platform says two months."));
    group.add(
        new Key(
                CallRecordSourceConfig.API_ALLOW_HTTP,
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.LOW)
            .named("Allow clear text", Width.SHORT)
            .doc("Allows an <code>http</code> address on other hosts than loopback ones."));
  }

  private static void target(Group group) {
    group.add(
        new Key(
                CallRecordSourceConfig.TOPIC,
                ConfigDef.Type.STRING,
                ConfigDef.NO_DEFAULT_VALUE,
                Importance.HIGH)
            .named("Topic", Width.MEDIUM)
            .checked(StringValidator.of("name of a Kafka topic", Settings::checkTopic))
            .doc("Topic that the call records go to, keyed by <code>callSessionId</code>."));
    group.add(
        new Key(CallRecordSourceConfig.AUDIT_TOPIC, ConfigDef.Type.STRING, null, Importance.LOW)
            .named("Audit topic", Width.MEDIUM)
            .checked(StringValidator.of("name of a Kafka topic", Settings::checkTopic))
            .doc(
                "Topic for audit records: one for each window of the range once it is settled, with"
                    + " what the API reported for it and what was sent. Their sums reconcile the"
                    + " topic with the API. They also move the offsets on while there are no"
                    + " calls."));
    group.add(
        new Key(
                CallRecordSourceConfig.MALFORMED_RECORDS,
                ConfigDef.Type.STRING,
                MalformedPolicy.FAIL.word(),
                Importance.MEDIUM)
            .named("Malformed records", Width.SHORT)
            .words(Arrays.stream(MalformedPolicy.values()).map(MalformedPolicy::word).toList())
            .doc(
                "What a record that cannot be converted does: <code>fail</code> stops the task with"
                    + " a message that names its position and field, <code>skip</code> leaves it"
                    + " out and counts it, <code>topic</code> sends it as it came to"
                    + " <code>malformed.topic</code>. The other records of its page are not"
                    + " affected."));
    group.add(
        new Key(CallRecordSourceConfig.MALFORMED_TOPIC, ConfigDef.Type.STRING, null, Importance.LOW)
            .named("Malformed topic", Width.MEDIUM)
            .checked(StringValidator.of("name of a Kafka topic", Settings::checkTopic))
            .doc(
                "Topic for records that cannot be converted, with"
                    + " <code>malformed.records=topic</code>: the record's own JSON, keyed by its"
                    + " id where that can be read, with headers"
                    + " <code>callrecords.malformed.*</code> that say why. It holds what the calls"
                    + " hold, so protect it as well."));
    group.add(
        new Key(
                CallRecordSourceConfig.RECORD_TIMESTAMP,
                ConfigDef.Type.STRING,
                RecordTimestamp.INGEST.word(),
                Importance.LOW)
            .named("Record timestamp", Width.SHORT)
            .words(Arrays.stream(RecordTimestamp.values()).map(RecordTimestamp::word).toList())
            .doc(
                "Timestamp of the Kafka record: <code>ingest</code> (when it is sent),"
                    + " <code>call.start</code>, or <code>call.end</code> (the start where a call"
                    + " has no end). A time more than a day from the one that the API filters by is"
                    + " replaced by that."));
  }

  private static void range(Group group) {
    group.add(
        new Key(
                CallRecordSourceConfig.START_TIME,
                ConfigDef.Type.STRING,
                StartTime.EARLIEST,
                Importance.HIGH)
            .named("Start", Width.MEDIUM)
            .checked(
                StringValidator.of(
                    "earliest, ISO-8601 date-time with offset, or ISO-8601 duration back from now",
                    StartTime::parse))
            .doc(
                "Where to begin: <code>earliest</code> (all that the API still keeps), a date-time"
                    + " with an offset such as <code>2026-11-01T00:00:00+08:00</code>, or a"
                    + " duration back from the first start such as <code>P7D</code>."));
    group.add(
        new Key(CallRecordSourceConfig.END_TIME, ConfigDef.Type.STRING, null, Importance.MEDIUM)
            .named("End", Width.MEDIUM)
            .checked(StringValidator.of("ISO-8601 date-time with offset", StartTime::instant))
            .doc(
                "Where to stop, exclusively: a date-time with an offset. Without it the connector"
                    + " follows new calls for ever."));
    group.add(
        new Key(
                CallRecordSourceConfig.QUERY_TIME_FIELD,
                ConfigDef.Type.STRING,
                QueryTimeField.CALL_START_TIME.field(),
                Importance.LOW)
            .named("Filtered time", Width.SHORT)
            .words(Arrays.stream(QueryTimeField.values()).map(QueryTimeField::field).toList())
            .doc("Which time of a record the API compares with the range of a query."));
    group.add(
        new Key(
                CallRecordSourceConfig.POLL_INTERVAL_MS,
                ConfigDef.Type.LONG,
                30_000L,
                Importance.MEDIUM)
            .named("Poll interval (ms)", Width.SHORT)
            .checked(Range.between(100L, 86_400_000L))
            .doc("How often new calls are asked for."));
    group.add(
        new Key(
                CallRecordSourceConfig.LATE_ARRIVAL_MS,
                ConfigDef.Type.LONG,
                86_400_000L,
                Importance.MEDIUM)
            .named("Late arrival (ms)", Width.SHORT)
            .checked(Range.between(0L, 2_678_400_000L))
            .doc(
                "How long after its time (<code>query.time.field</code>) a record may still appear."
                    + " A call is written when it ends, so this has to be longer than the longest"
                    + " call. What appears later than this is not found."));
    group.add(
        new Key(
                CallRecordSourceConfig.EMIT_UPDATES,
                ConfigDef.Type.BOOLEAN,
                false,
                Importance.MEDIUM)
            .named("Send changed calls", Width.SHORT)
            .doc(
                "Whether a record is sent again, with the same key, when its content has changed"
                    + " (labels, remark, recording, anything), until it is"
                    + " <code>late.arrival.ms</code> old. Costs further requests: what may still"
                    + " change is read anew whenever its age has doubled, about ten times a day."));
  }

  private static void filters(Group group) {
    group.add(
        new Key(
                CallRecordSourceConfig.FILTER_AGENT_GROUP,
                ConfigDef.Type.STRING,
                null,
                Importance.LOW)
            .named("Agent group", Width.MEDIUM)
            .checked(StringValidator.hidden("name of an agent group", Settings::checkNotBlank))
            .doc("Only calls of this agent group."));
    group.add(
        filterList(CallRecordSourceConfig.FILTER_AGENTS, "Agents")
            .checked(
                StringValidator.each(
                    StringValidator.hidden("agent names", Settings::checkNotBlank)))
            .doc("Only calls of these agents, by name."));
    group.add(
        filterList(CallRecordSourceConfig.FILTER_CALL_TYPES, "Call types")
            .coded(List.of(CallType.values()))
            .doc("Only calls of these types, by word or code."));
    group.add(
        filterList(CallRecordSourceConfig.FILTER_HANGUP_REASONS, "Hangup reasons")
            .coded(List.of(HangupReason.values()))
            .doc("Only calls that ended for these reasons, by word or code."));
    group.add(
        new Key(CallRecordSourceConfig.FILTER_NUMBER, ConfigDef.Type.STRING, null, Importance.LOW)
            .named("Phone number", Width.MEDIUM)
            .checked(
                StringValidator.hidden(
                    "phone number: digits, with or without a leading +",
                    text -> checkPattern(PHONE_NUMBER, text, "is not a phone number")))
            .doc("Only calls from or to this number."));
    group.add(
        filterList(CallRecordSourceConfig.FILTER_COUNTRY_CODES, "Country codes")
            .checked(
                StringValidator.each(
                    StringValidator.of(
                        "country codes, digits only, such as 86",
                        text -> checkPattern(COUNTRY_CODE, text, "is not a country code like 86"))))
            .doc("Only calls of these country codes."));
    group.add(
        filterList(CallRecordSourceConfig.FILTER_HANGING_DIRECTIONS, "Hanging directions")
            .coded(List.of(HangingDirection.values()))
            .doc("Only calls that this side hung up, by word or code."));
    group.add(
        filterList(CallRecordSourceConfig.FILTER_LABELS, "Labels")
            .checked(StringValidator.each(StringValidator.of("labels", Settings::checkNotBlank)))
            .doc("Only calls that carry these tags."));
  }

  private static Key filterList(String name, String display) {
    return new Key(name, ConfigDef.Type.LIST, List.of(), Importance.LOW)
        .named(display, Width.MEDIUM);
  }

  private static void requests(Group group) {
    group.add(
        new Key(CallRecordSourceConfig.PAGE_SIZE, ConfigDef.Type.INT, 100, Importance.LOW)
            .named("Page size", Width.SHORT)
            .checked(Range.between(1, 100))
            .doc("Records a page; the API allows 100 at most."));
    group.add(
        new Key(
                CallRecordSourceConfig.REQUESTS_PER_SECOND,
                ConfigDef.Type.DOUBLE,
                5.0,
                Importance.MEDIUM)
            .named("Requests per second", Width.SHORT)
            .checked(StringValidator.of("[0.01,...,10000]", Settings::checkRate))
            .doc("The most requests that all tasks of the connector together send a second."));
    group.add(
        new Key(
                CallRecordSourceConfig.MAX_CONCURRENT_REQUESTS,
                ConfigDef.Type.INT,
                4,
                Importance.LOW)
            .named("Concurrent requests", Width.SHORT)
            .checked(Range.between(1, 64))
            .doc("The most requests that one task has in flight."));
    group.add(
        new Key(
                CallRecordSourceConfig.CONNECT_TIMEOUT_MS,
                ConfigDef.Type.INT,
                10_000,
                Importance.LOW)
            .named("Connect timeout (ms)", Width.SHORT)
            .checked(Range.between(100, 600_000))
            .doc("How long opening a connection may take."));
    group.add(
        new Key(
                CallRecordSourceConfig.REQUEST_TIMEOUT_MS,
                ConfigDef.Type.INT,
                30_000,
                Importance.LOW)
            .named("Request timeout (ms)", Width.SHORT)
            .checked(Range.between(100, 600_000))
            .doc("How long a request may take, to the last byte of its answer."));
    group.add(
        new Key(CallRecordSourceConfig.RETRY_BACKOFF_MS, ConfigDef.Type.LONG, 500L, Importance.LOW)
            .named("Backoff (ms)", Width.SHORT)
            .checked(Range.between(1L, 3_600_000L))
            .doc(
                "Upper bound of the wait after a first transient fault; it doubles with each"
                    + " further one, and the wait is drawn at random between zero and it."));
    group.add(
        new Key(
                CallRecordSourceConfig.RETRY_BACKOFF_MAX_MS,
                ConfigDef.Type.LONG,
                60_000L,
                Importance.LOW)
            .named("Longest backoff (ms)", Width.SHORT)
            .checked(Range.between(1L, 3_600_000L))
            .doc("Upper bound of any wait after a transient fault."));
    group.add(
        new Key(CallRecordSourceConfig.RETRY_TIMEOUT_MS, ConfigDef.Type.LONG, -1L, Importance.LOW)
            .named("Retry timeout (ms)", Width.SHORT)
            .checked(Range.atLeast(-1L))
            .doc(
                "How long a request is tried again after its first transient fault, before the"
                    + " task fails; <code>-1</code> tries for ever, so that nobody has to restart"
                    + " anything when the API is back."));
  }

  private static void checkRate(String text) {
    double rate = Double.parseDouble(text);
    // Not a number is neither less nor more.
    if (!(rate >= 0.01 && rate <= 10_000)) {
      throw new IllegalArgumentException("is not between 0.01 and 10000");
    }
  }

  private static void checkUrl(String text) {
    URI url;
    try {
      url = new URI(text.trim());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("is not a URL, such as https://api.example.com/v3", e);
    }
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalArgumentException("does not begin with https:// (or http://)");
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException(
          "names no host, or one with other characters than letters, digits, dots and dashes");
    }
    if (url.getHost().indexOf('%') >= 0
        || url.getHost().length() > 253
        || Arrays.stream(url.getHost().split("\\.", -1)).anyMatch(part -> part.length() > 63)) {
      throw new IllegalArgumentException(
          "names a host that cannot be: one with a scope, or with a part of more than 63 characters");
    }
    if (url.getPort() == 0 || url.getPort() > 65_535) {
      throw new IllegalArgumentException("names a port that is not between 1 and 65535");
    }
    if (url.getPath() != null && url.getPath().replaceAll("/+$", "").endsWith("/ccRecordQuery")) {
      throw new IllegalArgumentException(
          "names the query itself; leave /voice/ccRecordQuery out, the connector adds it");
    }
    if (url.getRawQuery() != null || url.getRawFragment() != null || url.getUserInfo() != null) {
      throw new IllegalArgumentException("may hold host, port and path only");
    }
  }

  static boolean isLoopback(String host) {
    String bare = host.replaceAll("^\\[|]$", "").toLowerCase(Locale.ROOT);
    return bare.equals("localhost") || bare.equals("::1") || bare.matches("127(\\.[0-9]{1,3}){3}");
  }

  private static void checkZone(String text) {
    ZoneId zone;
    try {
      zone = ZoneId.of(text.trim());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "is neither an offset such as +08:00 nor a zone such as Asia/Shanghai", e);
    }
    if (zone.getRules().getOffset(RECENT).getTotalSeconds() % 60 != 0) {
      throw new IllegalArgumentException("has an offset with seconds, which a query cannot carry");
    }
  }

  private static void checkTopic(String text) {
    checkPattern(
        TOPIC_NAME, text, "is not a topic name: letters, digits, dot, dash and underscore only");
  }

  static void checkNotBlank(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is blank; leave the setting out instead");
    }
  }

  private static void checkPattern(Pattern pattern, String text, String complaint) {
    if (!pattern.matcher(text.trim()).matches()) {
      throw new IllegalArgumentException(complaint);
    }
  }

  /** Adds settings to a definition under one heading, in their order. */
  static final class Group {
    private final ConfigDef def;
    private final String name;
    private int order;

    Group(ConfigDef def, String name) {
      this.def = def;
      this.name = name;
    }

    void add(Key key) {
      order++;
      def.define(
          key.name,
          key.type,
          key.defaultValue,
          key.validator,
          key.importance,
          key.doc,
          name,
          order,
          key.width,
          key.display,
          List.of(),
          key.words.isEmpty() ? null : new Words(key.words));
    }
  }

  /** One setting while it is being put together. */
  static final class Key {
    private final String name;
    private final ConfigDef.Type type;
    private final @Nullable Object defaultValue;
    private final Importance importance;
    private String display = "";
    private Width width = Width.NONE;
    private String doc = "";
    private ConfigDef.@Nullable Validator validator;
    private List<String> words = List.of();

    Key(String name, ConfigDef.Type type, @Nullable Object defaultValue, Importance importance) {
      this.name = name;
      this.type = type;
      this.defaultValue = defaultValue;
      this.importance = importance;
    }

    Key named(String newDisplay, Width newWidth) {
      display = newDisplay;
      width = newWidth;
      return this;
    }

    Key checked(ConfigDef.Validator newValidator) {
      validator = newValidator;
      return this;
    }

    Key words(List<String> newWords) {
      words = newWords;
      return checked(StringValidator.oneOf(newWords));
    }

    Key coded(List<? extends ApiCode> values) {
      words = values.stream().map(ApiCode::word).toList();
      return checked(StringValidator.each(StringValidator.coded(values)));
    }

    Key doc(String newDoc) {
      doc = newDoc;
      return this;
    }
  }

  /** Recommends the words that an enumerated setting takes. */
  private record Words(List<String> words) implements ConfigDef.Recommender {
    @Override
    public List<Object> validValues(String name, Map<String, Object> parsed) {
      return List.copyOf(words);
    }

    @Override
    public boolean visible(String name, Map<String, Object> parsed) {
      return true;
    }
  }
}
