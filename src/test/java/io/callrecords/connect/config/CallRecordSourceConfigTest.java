package io.callrecords.connect.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.callrecords.connect.TestSettings;
import io.callrecords.connect.config.ApiOptions.Credentials;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that settings become the typed values that they mean, and that secrets stay hidden. */
class CallRecordSourceConfigTest {
  @Test
  void hasSensibleValuesForAllThatIsNotSet() {
    CallRecordSourceConfig config = new CallRecordSourceConfig(TestSettings.minimal());

    assertThat(config.topic()).isEqualTo("calls");
    assertThat(config.startTime()).isEqualTo(new StartTime.Earliest());
    assertThat(config.endTime()).isNull();
    assertThat(config.retention()).isEqualTo(Duration.ofDays(59));
    assertThat(config.lateArrival()).isEqualTo(Duration.ofDays(1));
    assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.zone()).isEqualTo(ZoneOffset.ofHours(8));
    assertThat(config.queryTimeField()).isEqualTo(QueryTimeField.CALL_START_TIME);
    assertThat(config.recordTimestamp()).isEqualTo(RecordTimestamp.INGEST);
    assertThat(config.retry())
        .isEqualTo(new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(60), null));
    assertThat(config.filters())
        .isEqualTo(
            new FilterOptions(
                null, List.of(), List.of(), List.of(), null, List.of(), List.of(), List.of()));
    assertThat(config.privacy()).isEqualTo(PrivacyOptions.NONE);
    assertThat(config.api(TaskShare.ALONE, "agent"))
        .isEqualTo(
            new ApiOptions(
                URI.create("https://api.example.com/v3"),
                new Credentials(TestSettings.KEY, TestSettings.SECRET),
                ZoneOffset.ofHours(8),
                100,
                Duration.ofSeconds(10),
                Duration.ofSeconds(40),
                4,
                5,
                TaskShare.ALONE,
                "agent"));
  }

  @Test
  void leavesOutAndReplacesTheFieldsThatAreNamed() {
    String key = "bDqJFiq9bDqJFiq9bDqJFiq9bDqJFiq9";
    PrivacyOptions privacy =
        config(
                "fields.exclude", "remark, labels",
                "fields.pseudonymize", "called,caller",
                "fields.pseudonymize.key", key,
                "fields.pseudonymize.keep.country.code", "true",
                "fields.extra", "queue, score")
            .privacy();

    assertThat(privacy)
        .isEqualTo(
            new PrivacyOptions(
                Set.of("remark", "labels"),
                Set.of("called", "caller"),
                new Password(key),
                true,
                Set.of("queue", "score")));
    assertThat(privacy.toString()).doesNotContain(key);
  }

  /** What the API adds tomorrow must not pass by itself once something is to be hidden. */
  @Test
  void deniesUnknownFieldsOnceAFieldIsHiddenUnlessItIsToldOtherwise() {
    String key = "bDqJFiq9bDqJFiq9bDqJFiq9bDqJFiq9";

    assertThat(config("fields.exclude", "remark").privacy().extra()).isEmpty();
    assertThat(
            config("fields.pseudonymize", "called", "fields.pseudonymize.key", key)
                .privacy()
                .extra())
        .isEmpty();
    assertThat(config("fields.exclude", "remark", "fields.extra", "allow").privacy().extra())
        .isNull();
    assertThat(config("fields.extra", "deny").privacy().extra()).isEmpty();
    assertThat(config("fields.extra", "queue").privacy().extra()).containsExactly("queue");
    assertThat(config("fields.extra", "allow").privacy()).isEqualTo(PrivacyOptions.NONE);
  }

  @Test
  void takesEverySettingThatIsSet() {
    CallRecordSourceConfig config =
        config(
            "api.time.zone", "Asia/Shanghai",
            "api.retention.days", "30",
            "record.timestamp", "call.end",
            "start.time", "2026-11-01T00:00:00+08:00",
            "end.time", "2026-11-02T00:00:00+08:00",
            "query.time.field", "callEndTime",
            "poll.interval.ms", "1000",
            "late.arrival.ms", "0",
            "page.size", "50",
            "requests.per.second", "2.5",
            "max.concurrent.requests", "8",
            "connect.timeout.ms", "1000",
            "request.timeout.ms", "2000",
            "retry.backoff.ms", "10",
            "retry.backoff.max.ms", "20");

    assertThat(config.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(config.retention()).isEqualTo(Duration.ofDays(30));
    assertThat(config.recordTimestamp()).isEqualTo(RecordTimestamp.CALL_END);
    assertThat(config.startTime())
        .isEqualTo(new StartTime.At(Instant.parse("2026-10-31T16:00:00Z")));
    assertThat(config.endTime()).isEqualTo(Instant.parse("2026-11-01T16:00:00Z"));
    assertThat(config.queryTimeField()).isEqualTo(QueryTimeField.CALL_END_TIME);
    assertThat(config.pollInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.lateArrival()).isEqualTo(Duration.ZERO);
    assertThat(config.retry())
        .isEqualTo(new RetryOptions(Duration.ofMillis(10), Duration.ofMillis(20), null));
    ApiOptions api = config.api(TaskShare.ALONE, "agent");
    assertThat(api.pageSize()).isEqualTo(50);
    assertThat(api.requestsPerSecond()).isEqualTo(2.5);
    assertThat(api.maxConcurrentRequests()).isEqualTo(8);
    assertThat(api.connectTimeout()).isEqualTo(Duration.ofSeconds(1));
    assertThat(api.requestTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(api.zone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
  }

  @Test
  void takesFiltersByWordAndByCode() {
    FilterOptions filters =
        config(
                "filter.agent.group", "Sales East",
                "filter.agents", "Alice A, Bob",
                "filter.call.types", "incoming, 3",
                "filter.hangup.reasons", "BUSY,out_of_area,0",
                "filter.number", "+8613800001111",
                "filter.country.codes", "86 , 91",
                "filter.hanging.directions", "3,agent",
                "filter.labels", "Intended customers,High level")
            .filters();

    assertThat(filters)
        .isEqualTo(
            new FilterOptions(
                "Sales East",
                List.of("Alice A", "Bob"),
                List.of(CallType.INCOMING, CallType.OUTGOING),
                List.of(
                    HangupReason.BUSY,
                    HangupReason.OUT_OF_AREA,
                    HangupReason.OUTGOING_NOT_ANSWERED),
                "+8613800001111",
                List.of("86", "91"),
                List.of(HangingDirection.SYSTEM, HangingDirection.AGENT),
                List.of("Intended customers", "High level")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.example.com/v3",
        "https://api.example.com/v3/",
        " https://api.example.com/v3// "
      })
  void takesTheAddressWithoutSlashesAtItsEnd(String url) {
    assertThat(config("api.url", url).api(TaskShare.ALONE, "agent").baseUrl())
        .isEqualTo(URI.create("https://api.example.com/v3"));
  }

  @ParameterizedTest
  @EnumSource(RecordTimestamp.class)
  void knowsEveryRecordTimestampByItsWord(RecordTimestamp timestamp) {
    assertThat(config("record.timestamp", timestamp.configValue()).recordTimestamp())
        .isEqualTo(timestamp);
  }

  @ParameterizedTest
  @EnumSource(QueryTimeField.class)
  void knowsEveryQueryTimeFieldByItsName(QueryTimeField field) {
    assertThat(config("query.time.field", field.field()).queryTimeField()).isEqualTo(field);
  }

  @Test
  void takesALineFeedOffTheEndOfASecretThatComesFromAFile() {
    ApiOptions api =
        config("api.key", "key\n", "api.secret", "secret\r\n").api(TaskShare.ALONE, "agent");

    assertThat(api.credentials()).isEqualTo(new Credentials("key", "secret"));
  }

  /** Connect trims values and the elements of lists before anything else sees them. */
  @Test
  void takesValuesWithBlanksAroundThem() {
    CallRecordSourceConfig config =
        config(
            "start.time", " EARLIEST ",
            "end.time", " 2026-11-01T00:00:00-05:30 ",
            "api.time.zone", " UTC\n",
            "filter.hanging.directions", " customer , 3 ",
            "malformed.records", " skip ",
            "record.timestamp", " call.end ",
            "query.time.field", " callEndTime ");

    assertThat(config.startTime()).isEqualTo(new StartTime.Earliest());
    assertThat(config.endTime()).isEqualTo(Instant.parse("2026-11-01T05:30:00Z"));
    assertThat(config.zone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(config.filters().hangingDirections())
        .containsExactly(HangingDirection.CUSTOMER, HangingDirection.SYSTEM);
    assertThat(config.malformed()).isEqualTo(MalformedPolicy.SKIP);
    assertThat(config.recordTimestamp()).isEqualTo(RecordTimestamp.CALL_END);
    assertThat(config.queryTimeField()).isEqualTo(QueryTimeField.CALL_END_TIME);
    assertThat(config("start.time", " P2W ").startTime()).isEqualTo(StartTime.parse("P2W"));
  }

  @Test
  void showsNoSecretInAnyTextForm() {
    CallRecordSourceConfig config =
        config("filter.number", "8613800001111", "filter.agents", "Alice");

    assertThat(config.values().toString()).doesNotContain(TestSettings.KEY, TestSettings.SECRET);
    assertThat(config.toString()).doesNotContain(TestSettings.KEY, TestSettings.SECRET);
    assertThat(config.api(TaskShare.ALONE, "agent").toString())
        .contains("credentials=[hidden]")
        .doesNotContain(TestSettings.KEY, TestSettings.SECRET);
    assertThat(config.filters()).hasToString("FilterOptions[hidden]");
  }

  @Test
  void refusesAMissingSettingByItsName() {
    for (String name : List.of("api.url", "api.key", "api.secret", "topic")) {
      Map<String, String> settings = TestSettings.minimal();
      settings.remove(name);

      assertThatThrownBy(() -> new CallRecordSourceConfig(settings))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("\"" + name + "\"");
    }
  }

  private static CallRecordSourceConfig config(String... namesAndValues) {
    return new CallRecordSourceConfig(TestSettings.with(namesAndValues));
  }
}
