package io.callrecords.connect.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.callrecords.connect.CallRecordSourceConnector;
import io.callrecords.connect.LogCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new user gets wrong, and what the workers' REST API then says, at which setting. */
@ExtendWith(Clusters.class)
class ClumsyConfigurationIT {
  private static final String NAME = "clumsy";
  private static final String VALIDATOR = "io.callrecords.connect.ApiConnectionValidator";

  /** What is logged of a validation that has ended before the API's answer. */
  private static final Pattern HURRIED =
      Pattern.compile("did not respond within|cannot validate the settings against the API");

  private static final int MOST_ATTEMPTS = 20;

  private final ConnectCluster cluster;
  private final ClusterAccount account = ClusterAccount.open();

  ClumsyConfigurationIT(ConnectCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeEach
  void addCalls() {
    account.addHistory(3, Duration.ofDays(1));
  }

  @AfterEach
  void closeAccount() {
    if (cluster.connectors().contains(NAME)) {
      cluster.delete(NAME);
    }
    account.close();
  }

  /**
   * A mistake.
   *
   * @param setting what is set, or removed
   * @param value what it is set to; null removes it, and {url} stands for the account's address
   * @param key where the error has to stand
   * @param text what it has to say
   */
  private record Mistake(String setting, @Nullable String value, String key, String text) {
    /** The same, with the error at another setting. */
    Mistake at(String otherKey, String otherText) {
      return new Mistake(setting, value, otherKey, otherText);
    }

    @Override
    public String toString() {
      String shown =
          value == null ? " is missing" : "=" + value.replaceAll("(?s)(.{40}).+", "$1...");
      return (setting + shown).replace('\n', '~');
    }
  }

  private static Mistake mistake(String setting, @Nullable String value, String text) {
    return new Mistake(setting, value, setting, text);
  }

  static Stream<Mistake> mistakes() {
    return Stream.of(
        // left out
        mistake("api.url", null, "Missing required configuration \"api.url\""),
        mistake("api.key", null, "Missing required configuration \"api.key\""),
        mistake("topic", null, "Missing required configuration \"topic\""),
        mistake("api.secret", "", "must not be empty; copy it from the account"),
        // misspelt
        mistake("filter.call.type", "outgoing", "If filter.call.types is meant, correct the name"),
        mistake("api.uri", "https://api.example.com", "If api.url is meant"),
        mistake("Topic", "calls", "If topic is meant"),
        mistake("start_time", "P7D", "If start.time is meant"),
        mistake("field.exclude", "remark", "If fields.exclude is meant"),
        mistake("audit.topics", "audit", "If audit.topic is meant"),
        mistake("topic.creation.default.partitions", "1", "")
            .at("topic.creation.default.replication.factor", "Connect requires it"),
        mistake("topic.creation.default.partition", "1", ".partitions is meant"),
        // address
        mistake("api.url", "api.itniotech.com", "must start with https://"),
        mistake("api.url", "{url}/voice/ccRecordQuery", "remove /voice/ccRecordQuery"),
        mistake("api.url", "{url}/v9", "there is nothing at this path: check the path prefix"),
        mistake("api.url", "\"{url}\"", "(without the quotes around it)"),
        mistake("api.url", "https://api.invalid/v3", "the host is unknown: check the host"),
        mistake("api.url", "http://api.example.com", "in clear text; use https"),
        mistake("api.url", "https://api.example.com:443443", "a port between 1 and 65535"),
        mistake("api.url", "https://api.example.com/v3?key=1", "remove user, query and fragment"),
        mistake("api.url", "${env:CALL_RECORDS_API_URL}", "no config provider has resolved"),
        mistake("proxy.url", "proxy.example.com:3128", "must start with http://"),
        mistake("proxy.username", "me", "needs proxy.url; set both or neither"),
        // secrets
        mistake("api.secret", "not-this-one", "Status -1: the API rejects the signature"),
        new Mistake("api.secret", "not-this-one", "api.url", "the API rejects the signature"),
        mistake("api.key", "not-this-one", "check api.key and api.secret"),
        mistake("api.secret", "'not-this-one'", "begins and ends with a quote"),
        mistake("api.secret", "$API_SECRET", "the name of a variable that nothing has replaced"),
        mistake("api.secret", "one\ntwo", "has a blank or a line break in it"),
        mistake("api.secret", "„quoted“", "must consist of visible ASCII characters"),
        mistake("api.secret", "${file:/run/secrets/api:secret}", "allowed.paths of file"),
        // times
        mistake("start.time", "latest", "PT1M begins with the present"),
        mistake("start.time", "2026-11-01", "2026-11-01T00:00:00+08:00"),
        mistake("start.time", "7d", "positive ISO-8601 duration back from now such as P7D"),
        mistake("start.time", "2150-01-01T00:00:00Z", "is in the future"),
        mistake("start.time", "2020-01-01T00:00:00Z", "set it to earliest"),
        mistake("end.time", "2021-01-01T00:00:00Z", "is not after start.time"),
        mistake("end.time", "now", "must be an ISO-8601 date-time with an offset"),
        mistake("api.time.zone", "CST", "must be an offset such as +08:00 or a zone"),
        mistake("api.time.zone", "+00:00", "+08:00 would fit the times of the calls"),
        // numbers and units
        mistake("poll.interval.ms", "30s", "whole number of milliseconds from 100 to 86400000"),
        mistake("late.arrival.ms", "P1D", "Invalid value P1D for"),
        mistake("page.size", "1000", "must be a whole number from 1 to 100"),
        mistake("requests.per.second", "2,5", "such as 2.5, written with a point"),
        mistake("emit.updates", "yes", "must be true or false"),
        mistake("tasks.max", "0", "at least 1"),
        mistake("tasks.max", "many", "Invalid value many for configuration tasks.max"),
        // filters and fields
        mistake("filter.call.types", "incomming", "incoming (2)"),
        mistake("filter.call.types", "incoming,,outgoing", "item 2 of the list is empty"),
        mistake("filter.number", "call me", "must be a phone number"),
        mistake("fields.exclude", "phoneNumber", "is no field of a record; name one of"),
        mistake("fields.exclude", "cost,remarks,caler", "if remark is meant, correct the name"),
        mistake("fields.exclude", "cost,remarks,caler", "if caller is meant, correct the name"),
        mistake("fields.pseudonymize", "called", "").at("fields.pseudonymize.key", "needs a key"),
        // topics
        mistake("topic", "x".repeat(300), "it has 300 characters"),
        mistake("topic", "call records", "must be a topic name"),
        mistake("audit.topic", NAME, "is already the value of topic"),
        mistake("malformed.records", "topic", "").at("malformed.topic", "needs malformed.topic"),
        mistake("malformed.records", "ignore", "must be one of fail, skip, topic"),
        mistake("ssl.truststore.location", "/no/such.jks", "does not exist on this worker"),
        mistake("value.converter", "JsonConvertor", "Invalid value JsonConvertor"));
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(account.settings());
    settings.put("connector.class", CallRecordSourceConnector.class.getName());
    settings.put("name", NAME);
    settings.put("topic", NAME);
    settings.put("tasks.max", "1");
    settings.put("start.time", "earliest");
    return settings;
  }

  private Map<String, String> settings(Mistake mistake) {
    Map<String, String> settings = settings();
    if (mistake.value() == null) {
      settings.remove(mistake.setting());
    } else {
      settings.put(mistake.setting(), mistake.value().replace("{url}", settings.get("api.url")));
    }
    return settings;
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void standsAtTheSettingWithTheWayOutAndCreatesNothing(Mistake mistake) {
    Map<String, String> settings = settings(mistake);

    Map<String, List<String>> errors = unhurried(() -> cluster.errors(settings));

    assertThat(errors).containsKey(mistake.key());
    assertThat(String.join("\n", errors.get(mistake.key()))).contains(mistake.text());
    assertThat(unhurried(() -> catchThrowable(() -> createAnew(settings))))
        .isInstanceOfSatisfying(
            ConnectRestException.class, e -> assertThat(e.statusCode()).isEqualTo(400))
        // The message has JSON in it.
        .hasMessageContaining(mistake.text().replace("\"", "\\\""));
    assertThat(cluster.connectors()).doesNotContain(NAME);
  }

  /**
   * What comes of a validation that had the time to ask the API: one waits for no longer than
   * people do, which on a busy machine may be too short.
   */
  private static <T> T unhurried(Supplier<T> validation) {
    for (int attempt = 1; ; attempt++) {
      try (LogCapture log = new LogCapture(VALIDATOR)) {
        T outcome = validation.get();
        if (attempt == MOST_ATTEMPTS || log.lines().stream().noneMatch(HURRIED.asPredicate())) {
          return outcome;
        }
      }
    }
  }

  private void createAnew(Map<String, String> settings) {
    if (cluster.connectors().contains(NAME)) {
      cluster.delete(NAME);
    }
    cluster.create(NAME, settings);
  }

  /** Blanks that nobody sees, and settings that are for others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "api.url={url} ",
        "api.url={url}/",
        "api.secret={secret}\n",
        "start.time= P7D",
        "start.time=2026-02-01T00:00:00Z",
        "start.time=2026-02-01T00:00:00Z\nend.time=2026-02-02T00:00:00Z",
        "description=calls of the service desk",
        "value.converter.replace.null.with.default=false",
        "transforms=",
        "producer.override.compression.type=zstd",
        "topic.creation.default.partitions=-1\ntopic.creation.default.replication.factor=-1"
      })
  void passes(String lines) {
    Map<String, String> settings = settings();
    Map<String, String> account = Map.copyOf(settings);
    for (String line : lines.contains("{secret}") ? new String[] {lines} : lines.split("\n", -1)) {
      String[] parts = line.split("=", 2);
      settings.put(
          parts[0],
          parts[1]
              .replace("{url}", account.get("api.url"))
              .replace("{secret}", account.get("api.secret")));
    }

    assertThat(cluster.errors(settings)).isEmpty();
  }

  @Test
  void refusesASecondConnectorOfTheName() {
    Map<String, String> settings = settings();
    settings.put("end.time", Instant.now().toString());
    cluster.create(NAME, settings);

    assertThatThrownBy(() -> cluster.create(NAME, settings))
        .isInstanceOfSatisfying(
            ConnectRestException.class, e -> assertThat(e.statusCode()).isEqualTo(409))
        .hasMessageContaining("already exists");
  }
}
