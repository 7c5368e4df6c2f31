package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.callrecords.connect.config.CallRecordSourceConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.runtime.AbstractHerder;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfos;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that a wrong setting is refused at its own key, with what is wrong and the way out. */
class CallRecordSourceConnectorValidateTest {
  private static final Instant NOW = Instant.parse("2026-11-20T00:00:00Z");

  @Test
  void acceptsTheSmallestConfiguration() {
    assertThat(errors(TestSettings.minimal())).isEmpty();
  }

  @Test
  void namesEverySettingThatIsMissing() {
    assertThat(errors(Map.of("name", "calls")))
        .containsOnlyKeys("api.url", "api.key", "api.secret", "topic");
  }

  /** JSON can say that a setting is null: it is not set. */
  @Test
  void takesASettingThatIsNullForOneThatIsNotSet() {
    for (String name : CallRecordSourceConfig.configDef().names()) {
      Map<String, String> settings = TestSettings.minimal();
      settings.remove(name);
      Map<String, List<String>> withoutIt = errors(settings);
      settings.put(name, null);

      Map<String, List<String>> withNull = errors(settings);
      boolean isList = List.of("fields.exclude", "fields.pseudonymize").contains(name);
      assertThat(withNull.keySet()).as(name).isEqualTo(isList ? Set.of(name) : withoutIt.keySet());
      if (withNull.isEmpty()) {
        assertThatCode(() -> new CallRecordSourceConfig(settings).privacy())
            .doesNotThrowAnyException();
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter.agent.group | Sales, East",
        "filter.agents | Alice A, Bob",
        "filter.agents | ''",
        "filter.call.types | group,incoming,outgoing",
        "filter.call.types | 1, 2, 3",
        "filter.call.types | INCOMING",
        "filter.hangup.reasons | outgoing-not-answered,outgoing-hung-up,transfer-ringing-hung-up",
        "filter.hangup.reasons | transfer_hung_up,Abnormal,no-service,out-of-area,busy",
        "filter.hangup.reasons | 0,1,2,3,4,5,6,7,8,9",
        "filter.number | 8613800001111",
        "filter.number | +8613800001111",
        "filter.number | 10086",
        "filter.country.codes | 86, 91",
        "filter.hanging.directions | customer,agent,system",
        "filter.hanging.directions | 0,1,3",
        "filter.labels | Intended customers,High level",
        "api.time.zone | Asia/Shanghai",
        "api.time.zone | Z",
        "api.time.zone | -05:30",
        "api.retention.days | 1",
        "api.allow.http | true",
        "topic | calls.v1_a-B",
        "record.timestamp | call.start",
        "start.time | P7D",
        "start.time | 2026-11-01T00:00:00+08:00",
        "end.time | 2026-11-01T00:00:00+08:00",
        "query.time.field | callEndTime",
        "poll.interval.ms | 100",
        "late.arrival.ms | 0",
        "page.size | 1",
        "requests.per.second | 0.01",
        "max.concurrent.requests | 64",
        "connect.timeout.ms | 100",
        "request.timeout.ms | 600000",
        "retry.backoff.ms | 60000",
        "retry.backoff.max.ms | 500"
      })
  void acceptsARightValue(String name, String value) {
    assertThat(errors(TestSettings.with(name, value))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "filter.call.types | incomming | incoming (2)",
        "filter.call.types | 4 | outgoing (3)",
        "filter.call.types | incoming,sideways | group (1)",
        "filter.hangup.reasons | 10 | incoming-hung-up (9)",
        "filter.hangup.reasons | lazy | busy (7)",
        "filter.hanging.directions | 2 | system (3)",
        "filter.hanging.directions | caller | customer (0)",
        "filter.country.codes | +86 | 86",
        "filter.country.codes | China | 86",
        "filter.country.codes | 86,1234567 | 86",
        "api.url | api.example.com/v3 | https://",
        "api.url | ftp://api.example.com | https://",
        "api.url | https:///v3 | host",
        "api.url | http://my_api:8080 | letters, digits, dots and dashes",
        "api.url | https://api.example.com:99999 | between 1 and 65535",
        "api.url | https://api.example.com/v3/voice/ccRecordQuery/ | remove /voice/ccRecordQuery",
        "api.url | https://api.example.com/v 3 | https://api.example.com/v3",
        "api.url | https://api.example.com/v3?x=1 | path only",
        "api.url | https://api.example.com/v3#top | path only",
        "api.url | https://[fe80::1%25eth0]/v3 | with a scope",
        "api.url | https://a234567890123456789012345678901234567890123456789012345678901234.example"
            + " | more than 63 characters",
        "api.time.zone | +08:00:30 | offset with seconds",
        "api.time.zone | Mars/Olympus | Asia/Shanghai",
        "api.time.zone | 8 | +08:00",
        "api.time.zone | +25:00 | +08:00",
        "api.retention.days | 0 | from 1 to 3650",
        "api.retention.days | 3651 | from 1 to 3650",
        "api.retention.days | many | whole number of days from 1 to 3650, written in digits alone",
        "api.allow.http | maybe | true or false",
        "topic | my topic | letters",
        "topic | anrufe-ü | letters",
        "topic | .. | letters",
        "audit.topic | my audit | letters",
        "audit.topic | calls | a topic of its own",
        "emit.updates | sometimes | true or false",
        "record.timestamp | now | ingest, call.start, call.end",
        "start.time | latest | 2026-11-01T00:00:00+08:00",
        "start.time | 2026-11-01 | 2026-11-01T00:00:00+08:00",
        "start.time | P7X | P7D",
        "start.time | P-7D | P7D",
        "start.time | P2147483647Y | P7D",
        "start.time | PT2562047788015215H | P7D",
        "end.time | earliest | 2026-11-01T00:00:00+08:00",
        "end.time | P7D | 2026-11-01T00:00:00+08:00",
        "query.time.field | callTime | callStartTime, callEndTime",
        "poll.interval.ms | 99 | from 100 to 86400000",
        "poll.interval.ms | soon | whole number of milliseconds",
        "poll.interval.ms | 30s | in digits alone",
        "poll.interval.ms | \"30000\" | (without the quotes around it)",
        "poll.interval.ms | 1e4 | from 100 to 86400000",
        "poll.interval.ms | ${env:OTHER} | allowlist.pattern",
        "requests.per.second | 2,5 | such as 2.5, written with a point",
        "emit.updates | yes | must be true or false",
        "emit.updates | ${env:OTHER} | no config provider has resolved",
        "api.url | ${env:OTHER} | no config provider has resolved",
        "topic | ${file:/run/x.properties:topic} | allowed.paths",
        "start.time | ${env:OTHER} | config.providers",
        "start.time | \"P7D\" | (without the quotes around it)",
        "start.time | 30s | must be earliest",
        "start.time | Pfingsten | must be earliest",
        "start.time | latest | PT1M begins with the present",
        "filter.labels | ${env:OTHER} | no config provider has resolved",
        "late.arrival.ms | -1 | from 0 to 2678400000",
        "page.size | 0 | from 1 to 100",
        "page.size | 101 | from 1 to 100",
        "requests.per.second | 0 | between 0.01 and 10000",
        "requests.per.second | NaN | between 0.01 and 10000",
        "requests.per.second | 10001 | between 0.01 and 10000",
        "max.concurrent.requests | 65 | from 1 to 64",
        "connect.timeout.ms | 99 | from 100 to 600000",
        "request.timeout.ms | 600001 | from 100 to 600000",
        "retry.backoff.ms | 0 | from 1 to 3600000",
        "retry.backoff.max.ms | 3600001 | from 1 to 3600000"
      })
  void refusesAWrongValueAtItsKeyWithTheValueAndTheWayOut(
      String name, String value, String wayOut) {
    Map<String, List<String>> errors = errors(TestSettings.with(name, value));

    assertThat(errors).containsOnlyKeys(name);
    // A query may hold a secret.
    String wrong =
        value.substring(value.lastIndexOf(',') + 1).replaceFirst("([?#]).*", "$1[hidden]");
    assertThat(errors.get(name).get(0)).contains(wrong, "configuration " + name, wayOut);
  }

  @ParameterizedTest
  @CsvSource({
    "filter.number, call me at 8613800001111, phone number",
    "filter.number, 86-138-0000-1111, phone number",
    "filter.number, '+', phone number",
    "filter.agent.group, '', blank",
    "filter.agents, 'Alice A,,Bob', item 2 of the list is empty",
    "filter.call.types, ',incoming', item 1 of the list is empty",
    "fields.exclude, 'remark,', item 2 of the list is empty",
    "api.key, '', empty",
    "api.secret, '   ', empty",
    "api.key, key with gap, copy it from the account again",
    "api.secret, geheimnis-ü, copy it from the account again",
    "api.key, 'key\u0007-1', copy it from the account again"
  })
  void refusesWhatIsPrivateWithoutShowingIt(String name, String value, String wayOut) {
    Map<String, List<String>> errors = errors(TestSettings.with(name, value));

    // Secrets stand at api.url as well, where their workers do not hide them.
    if (!value.isBlank() && name.startsWith("api.")) {
      assertThat(errors.remove("api.url").toString())
          .contains("configuration " + name, wayOut)
          .doesNotContain("with gap", "geheimnis", "-1");
    }
    assertThat(errors).containsOnlyKeys(name);
    assertThat(errors.get(name))
        .singleElement()
        .asString()
        .contains("configuration " + name, wayOut)
        .doesNotContain("8613800001111", "0000", "Alice", "Bob", "with gap", "geheimnis", "-1");
  }

  @Test
  void showsNoPasswordThatStandsInTheAddress() {
    Map<String, List<String>> errors =
        errors(TestSettings.with("api.url", "https://user:hunter2@api.example.com/v3?x=a@b"));

    assertThat(errors).containsOnlyKeys("api.url");
    assertThat(errors.get("api.url").toString()).contains("path only").doesNotContain("hunter2");
  }

  // ---- clear text

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8080/v3",
        "HTTP://LOCALHOST/v3",
        "http://127.0.0.1",
        "http://127.1.2.3:80/x",
        "http://[::1]:8080/v3",
        "https://api.example.com",
        "HTTPS://API.EXAMPLE.COM/v3"
      })
  void acceptsClearTextOnlyWithinTheMachine(String url) {
    assertThat(errors(TestSettings.with("api.url", url))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example.com/v3",
        "HTTP://api.example.com/v3",
        "http://10.0.0.1/v3",
        "http://0.0.0.0/v3",
        "http://localhost.example.com/v3",
        "http://127.0.0.1.example.com/v3",
        "http://[::2]/v3"
      })
  void refusesClearTextToOtherHostsUnlessItIsAllowed(String url) {
    Map<String, List<String>> errors = errors(TestSettings.with("api.url", url));

    assertThat(errors).containsOnlyKeys("api.url");
    assertThat(errors.get("api.url"))
        .singleElement()
        .asString()
        .contains(url, "https", "api.allow.http=true");
    assertThat(errors(TestSettings.with("api.url", url, "api.allow.http", "true"))).isEmpty();
  }

  // ---- settings that belong together

  @ParameterizedTest
  @CsvSource({
    "2026-11-02T00:00:00Z, 2026-11-01T00:00:00Z",
    "2026-11-01T00:00:00Z, 2026-11-01T00:00:00Z",
    "2026-11-01T00:00:00Z, 2026-11-01T07:59:59+08:00"
  })
  void refusesAnEndThatIsNotAfterTheStartAtTheEnd(String start, String end) {
    Map<String, List<String>> errors =
        errors(TestSettings.with("start.time", start, "end.time", end));

    assertThat(errors).containsOnlyKeys("end.time");
    assertThat(errors.get("end.time")).singleElement().asString().contains("start.time", "move");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-01T00:00:00Z, 2026-11-01T00:00:01Z",
    "2026-11-01T00:00:00+08:00, 2026-11-01T00:00:00Z",
    "earliest, 2026-11-19T00:00:00Z",
    "P7D, 2026-12-01T00:00:00Z"
  })
  void acceptsAnEndThatMayBeAfterTheStart(String start, String end) {
    assertThat(errors(TestSettings.with("start.time", start, "end.time", end))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "start.time, 2026-11-20T00:00:01Z, is in the future",
    "start.time, 2025-09-20T00:00:00Z, set it to earliest",
    "start.time, P60D, set it to earliest",
    "end.time, 2025-09-20T00:00:00Z, move",
    "end.time, 2000-01-01T00:00:00Z, move"
  })
  void refusesATimeForWhichThereIsNothingToRead(String key, String time, String wayOut) {
    Map<String, List<String>> errors = errors(TestSettings.with(key, time));

    assertThat(errors).containsOnlyKeys(key);
    assertThat(errors.get(key)).singleElement().asString().contains(time, wayOut);
  }

  @Test
  void takesAllThatTheApiKeepsFromTheSetting() {
    assertThat(errors(TestSettings.with("start.time", "P70D", "api.retention.days", "70")))
        .isEmpty();
    assertThat(errors(TestSettings.with("start.time", "P70D", "api.retention.days", "69")))
        .containsOnlyKeys("start.time");
  }

  /** A connector that has run has such settings one day, and goes on being changed. */
  @ParameterizedTest
  @CsvSource({
    "2026-09-20T00:00:00Z,",
    "2026-06-01T00:00:00Z, 2026-07-01T00:00:00Z",
    "earliest, 2026-07-01T00:00:00Z",
    "P7D, 2026-11-01T00:00:00Z"
  })
  void acceptsARangeThatHasExpiredSince(String start, @Nullable String end) {
    Map<String, String> settings = TestSettings.with("start.time", start);
    if (end != null) {
      settings.put("end.time", end);
    }

    assertThat(errors(settings)).isEmpty();
  }

  @Test
  void wantsATopicForMalformedRecordsWhereTheyAreToGoToOne() {
    Map<String, List<String>> errors = errors(TestSettings.with("malformed.records", "topic"));

    assertThat(errors).containsOnlyKeys("malformed.topic");
    assertThat(errors.get("malformed.topic")).singleElement().asString().contains("set a topic");
    assertThat(
            errors(TestSettings.with("malformed.records", "topic", "malformed.topic", "malformed")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"audit.topic, calls", "malformed.topic, calls"})
  void wantsATopicOfItsOwnForWhatIsNoCall(String key, String topic) {
    Map<String, String> settings = TestSettings.with(key, topic);
    if (key.equals("malformed.topic")) {
      settings.put("malformed.records", "topic");
    }
    assertThat(errors(settings)).containsOnlyKeys(key);
  }

  @Test
  void wantsTwoTopicsForAuditAndMalformedRecords() {
    assertThat(
            errors(
                TestSettings.with(
                    "audit.topic", "aside",
                    "malformed.records", "topic",
                    "malformed.topic", "aside")))
        .containsOnlyKeys("malformed.topic");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fail", "skip"})
  void refusesATopicForMalformedRecordsThatNoneGetsInto(String policy) {
    Map<String, String> settings =
        TestSettings.with("malformed.records", policy, "malformed.topic", "malformed");
    Map<String, List<String>> errors = errors(settings);

    assertThat(errors).containsOnlyKeys("malformed.topic");
    assertThat(errors.get("malformed.topic"))
        .singleElement()
        .asString()
        .contains("malformed.records is " + policy, "set malformed.records to topic");
    // A configuration that was stored before this rule goes on.
    assertThatCode(() -> new CallRecordSourceConfig(settings)).doesNotThrowAnyException();
  }

  @Test
  void refusesUpdatesThatAreNotLookedFor() {
    Map<String, String> settings =
        TestSettings.with("emit.updates", "true", "late.arrival.ms", "0");
    Map<String, List<String>> errors = errors(settings);

    assertThat(errors).containsOnlyKeys("emit.updates");
    assertThat(errors.get("emit.updates"))
        .singleElement()
        .asString()
        .contains("late.arrival.ms is 0", "raise late.arrival.ms, or remove emit.updates");
    assertThat(errors(TestSettings.with("emit.updates", "true", "late.arrival.ms", "1"))).isEmpty();
    assertThat(errors(TestSettings.with("emit.updates", "false", "late.arrival.ms", "0")))
        .isEmpty();
    // A configuration that was stored before this rule goes on.
    assertThatCode(() -> new CallRecordSourceConfig(settings)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"2678400000, 30", "1728000001, 20", "86400001, 1"})
  void refusesLateArrivalsThatTheApiNoLongerReturns(long lateArrival, int days) {
    Map<String, String> settings =
        TestSettings.with(
            "late.arrival.ms", Long.toString(lateArrival),
            "api.retention.days", Integer.toString(days));
    Map<String, List<String>> errors = errors(settings);

    assertThat(errors).containsOnlyKeys("late.arrival.ms");
    assertThat(errors.get("late.arrival.ms"))
        .singleElement()
        .asString()
        .contains(
            Long.toString(lateArrival),
            "api.retention.days=" + days,
            "lower late.arrival.ms to " + days * 86_400_000L)
        .contains("raise api.retention.days");
    // A configuration that was stored before this rule goes on.
    assertThatCode(() -> new CallRecordSourceConfig(settings)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"2678400000, 31", "1728000000, 20", "86400000, 1"})
  void acceptsLateArrivalsUpToWhatTheApiKeeps(String lateArrival, String days) {
    Map<String, String> settings =
        TestSettings.with("late.arrival.ms", lateArrival, "api.retention.days", days);

    assertThat(errors(settings)).isEmpty();
    assertThat(new CallRecordSourceConfig(settings).lateArrival())
        .isEqualTo(Duration.ofMillis(Long.parseLong(lateArrival)));
  }

  @Test
  void namesEachOfTwoWrongTimesOnce() {
    assertThat(errors(TestSettings.with("start.time", "soon", "end.time", "late")))
        .containsOnlyKeys("start.time", "end.time")
        .allSatisfy((name, messages) -> assertThat(messages).hasSize(1));
  }

  @Test
  void refusesALongestBackoffThatIsShorterThanTheFirstAtTheLongest() {
    Map<String, List<String>> errors =
        errors(TestSettings.with("retry.backoff.ms", "1000", "retry.backoff.max.ms", "999"));

    assertThat(errors).containsOnlyKeys("retry.backoff.max.ms");
    assertThat(errors.get("retry.backoff.max.ms"))
        .singleElement()
        .asString()
        .contains("999", "1000", "retry.backoff.ms", "raise it");
  }

  // ---- names that no setting has

  /** What Connect makes of it: an error of a setting that nobody defines. */
  @ParameterizedTest
  @CsvSource({
    "field.exclude, fields.exclude",
    "fields.excludes, fields.exclude",
    "fields.pseudonymise, fields.pseudonymize",
    "FIELDS_EXCLUDE, fields.exclude",
    "late.arival.ms, late.arrival.ms",
    "api.retention, api.retention.days",
    "malformed-topic, malformed.topic",
    "filter.call.type, filter.call.types"
  })
  void refusesAMisspeltNameAtThatNameWithTheSettingThatIsMeant(String name, String meant) {
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(
            Clock.fixed(NOW, ZoneOffset.UTC),
            (result, config) -> {
              throw new AssertionError("No request goes out for a configuration that is refused");
            });
    ConfigInfos answer =
        AbstractHerder.generateResult(
            "calls",
            connector.config().configKeys(),
            connector.validate(TestSettings.with(name, "hunter2")).configValues(),
            List.of());

    assertThat(answer.errorCount()).isEqualTo(1);
    assertThat(answer.configs())
        .filteredOn(info -> !info.configValue().errors().isEmpty())
        .singleElement()
        .satisfies(
            info -> {
              assertThat(info.configKey()).isNull();
              assertThat(info.configValue().name()).isEqualTo(name);
              assertThat(info.configValue().value()).isNull();
              assertThat(info.configValue().errors())
                  .containsExactly(
                      "Unknown setting "
                          + name
                          + ": this connector has none of that name, and would ignore it. If "
                          + meant
                          + " is meant, correct the name; otherwise remove it.");
            });
    assertThat(answer.toString()).doesNotContain("hunter2");
  }

  @Test
  void showsNoValueThatStandsInTheNameOfASetting() {
    assertThat(errors(TestSettings.with("api.secret=hunter2", "x")))
        .containsOnlyKeys("api.secret=...")
        .asString()
        .doesNotContain("hunter2");
  }

  @Test
  void saysHowLongATopicIs() {
    assertThat(errors(TestSettings.with("topic", "x".repeat(300))).get("topic").get(0))
        .contains("x...", "at most 249 letters", "it has 300 characters");
  }

  @Test
  void showsTheTimeOfDayInSeconds() {
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(
            Clock.fixed(NOW.plusNanos(123_456_789), ZoneOffset.UTC), (result, config) -> {});

    assertThat(
            connector
                .validate(TestSettings.with("start.time", "2027-11-01T00:00:00Z"))
                .configValues())
        .flatExtracting(ConfigValue::errorMessages)
        .singleElement()
        .asString()
        .contains("(it is " + NOW + " now)");
  }

  /** Whatever stands in place of a number, a long one may be a secret. */
  @Test
  void showsNoLongValueInPlaceOfANumber() {
    assertThat(errors(TestSettings.with("page.size", "hunter2-hunter2")).get("page.size").get(0))
        .isEqualTo(
            "Invalid value for configuration page.size: must be a whole number from 1 to 100,"
                + " written in digits alone");
  }

  @Test
  void acceptsWhatIsMeantForOthers() {
    assertThat(
            errors(
                TestSettings.with(
                    "tasks.max", "2",
                    "transforms", "plain",
                    "transforms.plain.field", "labels",
                    "topic.creation.default.partitions", "3",
                    "topic.creation.default.replication.factor", "3",
                    "errors.retry.timeout", "1",
                    "description", "calls of the service desk")))
        .isEmpty();
  }

  // ---- secrets in the wrong place

  @ParameterizedTest
  @ValueSource(strings = {"fields.exclude", "fields.pseudonymize", "fields.extra"})
  void showsNoKeyThatStandsInAListOfFields(String name) {
    String key = "QmFzZTY0IGtleSBvZiBmb3J0eS1laWdodCBieXRlcy4uLiE+/Zz01234567890==";
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(Clock.fixed(NOW, ZoneOffset.UTC), (result, config) -> {});
    for (String value :
        List.of(key + ".x", "remark," + key, key + ".x,caller", "4915199887766,EXTRA")) {
      ConfigInfos answer =
          AbstractHerder.generateResult(
              "calls",
              connector.config().configKeys(),
              connector
                  .validate(TestSettings.with(name, value, "audit.topic", "calls"))
                  .configValues(),
              List.of());

      assertThat(answer.errorCount()).as(value).isGreaterThan(1);
      assertThat(answer.toString()).doesNotContain(key).doesNotContain("4915199887766");
    }
  }

  private static Map<String, List<String>> errors(Map<String, String> settings) {
    Map<String, List<String>> errors = new TreeMap<>();
    CallRecordSourceConnector connector =
        new CallRecordSourceConnector(Clock.fixed(NOW, ZoneOffset.UTC), (result, config) -> {});
    for (ConfigValue value : connector.validate(settings).configValues()) {
      if (!value.errorMessages().isEmpty()) {
        errors.put(value.name(), value.errorMessages());
      }
    }
    return errors;
  }
}
