package io.callrecords.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.simulator.Call;
import io.callrecords.simulator.CallGenerator;
import io.callrecords.simulator.Fault;
import io.callrecords.simulator.FilteredTime;
import io.callrecords.simulator.Journal;
import io.callrecords.simulator.Quirks;
import io.callrecords.simulator.RangeUse;
import io.callrecords.simulator.Simulator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What validating a configuration learns from the API itself, and to which setting it is tied. */
class ApiConnectionValidatorTest {
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void acceptsSettingsThatTheApiAcceptsAndEstimatesTheBacklog() {
    try (Simulator api = Simulator.builder().calls(6_000, DAY.multipliedBy(59)).start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      assertThat(TestSettings.errors(settings(api, "requests.per.second", "5"))).isEmpty();

      assertThat(api.journal().count()).isEqualTo(2);
      assertThat(api.journal().entries().get(0).request().size()).isEqualTo(1);
      assertThat(messages(log)).hasSize(1);
      String line = messages(log).get(0);
      assertThat(line).startsWith("INFO calls: the API accepts the settings. It has ");
      // 6,000 calls are 60 pages, and each of 60 days costs a request or two; five a second.
      assertThat(number(line, "has ([0-9]+) records")).isBetween(5_000L, 7_000L);
      assertThat(number(line, "about ([0-9]+) requests")).isBetween(100L, 250L);
      assertThat(number(line, "per.second. about ([0-9]+) s\\.")).isBetween(20L, 50L);
    }
  }

  /** What is logged without being asked for. */
  private static List<String> messages(LogCapture log) {
    return log.lines().stream().filter(line -> !line.startsWith("DEBUG")).toList();
  }

  @Test
  void logsAtDebugWhatItRequestsAndWhatTheApiReports() {
    try (Simulator api = Simulator.builder().calls(50, DAY).start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      assertThat(TestSettings.errors(settings(api))).isEmpty();

      assertThat(log.lines())
          .filteredOn(line -> line.startsWith("DEBUG"))
          .satisfiesExactly(
              line -> assertThat(line).startsWith("DEBUG calls: requesting a record from 2"),
              line ->
                  assertThat(line)
                      .matches(
                          "DEBUG calls: the API reports [0-9]+ records; verifying the time"
                              + " settings"));
    }
  }

  /** Whoever may validate may not write the worker's log. */
  @Test
  void showsTheNameOfAConnectorOnOneShortLine() {
    String name = "calls\r\nERROR all is lost " + "x".repeat(1_000);
    try (Simulator api = Simulator.builder().start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      assertThat(TestSettings.errors(settings(api, "name", name))).isEmpty();
      api.faults().next(2, Fault.http(503));
      assertThat(TestSettings.errors(settings(api, "name", name))).isEmpty();

      assertThat(log.lines())
          .hasSizeGreaterThan(3)
          .allSatisfy(
              line ->
                  assertThat(line)
                      .contains(" calls??ERROR all is lost xxx")
                      .doesNotContain("\n", "\r", "x".repeat(100)));
    }
  }

  private static long number(String line, String pattern) {
    return Long.parseLong(line.replaceAll(".*" + pattern + ".*", "$1"));
  }

  /** A second request would come after a hundred seconds. */
  @Test
  void estimatesTheBacklogAtTheLowestRateToo() {
    try (Simulator api = Simulator.builder().calls(6_000, DAY.multipliedBy(59)).start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      assertThat(TestSettings.errors(settings(api, "requests.per.second", "0.01"))).isEmpty();

      assertThat(api.journal().count()).isEqualTo(1);
      assertThat(messages(log))
          .singleElement()
          .asString()
          .startsWith("INFO calls: the API accepts the settings. It has ")
          .contains("at 0.01 requests per second");
    }
  }

  @Test
  void sendsOneRequestWhereThereAreNoCalls() {
    try (Simulator api = Simulator.builder().start()) {
      assertThat(TestSettings.errors(settings(api))).isEmpty();

      assertThat(api.journal().count()).isEqualTo(1);
      assertThat(api.journal().count(Journal.Entry::succeeded)).isEqualTo(1);
    }
  }

  /** The API would refuse the range, and nothing would be known of the secret. */
  @Test
  void asksForThePresentWhereTheRangeHasExpired() {
    try (Simulator api = Simulator.builder().calls(50, DAY).start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      assertThat(TestSettings.errors(settings(api, "end.time", "2026-02-01T00:00:00Z"))).isEmpty();

      assertThat(messages(log)).singleElement().asString().contains("accepts the settings");
    }
  }

  @Test
  void requestsNoLargerPagesThanTheSettingSays() {
    try (Simulator api = Simulator.builder().calls(600, DAY.multipliedBy(59)).start()) {
      assertThat(TestSettings.errors(settings(api, "page.size", "10"))).isEmpty();

      assertThat(api.journal().entries())
          .hasSizeGreaterThan(1)
          .allSatisfy(entry -> assertThat(entry.request().size()).isLessThanOrEqualTo(10));
    }
  }

  @Test
  void tiesAWrongSecretToKeyAndSecret() {
    try (Simulator api = Simulator.builder().start()) {
      Map<String, List<String>> errors =
          TestSettings.errors(settings(api, "api.secret", "not-this-one"));

      assertThat(errors).containsOnlyKeys("api.key", "api.secret", "api.url");
      assertThat(errors.get("api.secret"))
          .singleElement()
          .asString()
          .startsWith("Invalid value for configuration api.secret: Status -1: ")
          .contains("check api.key and api.secret")
          .doesNotContain("not-this-one", api.key());
    }
  }

  /** What a shell, a template or a file with quotes leaves in place of a secret. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '~',
      value = {
        "'hunter2' remove_both",
        "\"hunter2\" remove_both",
        "`hunter2` remove_both",
        "\"$API_SECRET\" remove_both",
        "\"$API_SECRET\" ${env:NAME}",
        "$API_SECRET ${env:NAME}",
        "$env:ApiSecret ${env:NAME}",
        "$(API_SECRET) ${env:NAME}",
        "%API_SECRET% ${env:NAME}",
        "{{api_secret}} ${env:NAME}"
      })
  void saysWhatIsOddAboutARefusedSecretAndShowsNothingOfIt(String secret, String wayOut) {
    String advice = wayOut.replace('_', ' ');
    try (Simulator api = Simulator.builder().start();
        LogCapture log = new LogCapture("io.callrecords.connect.config.ValidationErrors")) {
      Map<String, List<String>> errors = TestSettings.errors(settings(api, "api.secret", secret));

      assertThat(errors).containsOnlyKeys("api.key", "api.secret", "api.url");
      assertThat(errors.get("api.key")).singleElement().asString().contains("Status -1");
      assertThat(errors.get("api.secret")).hasSizeBetween(2, 3).anyMatch(e -> e.contains(advice));
      assertThat(errors.get("api.url")).anyMatch(e -> e.contains(advice));
      assertThat(log.lines()).singleElement().asString().contains(advice);
      assertThat(errors + " " + log.lines())
          .doesNotContainIgnoringCase("hunter2", "api_secret", "ApiSecret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pa$$word", "100%sure%", "it's", "$", "%%", "\"", "{{", "$4b", "a$B"})
  void hintsAtNothingWhereASecretLooksLikeOne(String secret) {
    try (Simulator api = Simulator.builder().start()) {
      assertThat(TestSettings.errors(settings(api, "api.secret", secret)).get("api.secret"))
          .singleElement()
          .asString()
          .contains("Status -1");
    }
  }

  @Test
  void logsARefusalOnceHoweverOftenItIsValidated() {
    try (Simulator api = Simulator.builder().start();
        LogCapture log = new LogCapture("io.callrecords.connect.config.ValidationErrors")) {
      ApiConnectionValidator patient =
          new ApiConnectionValidator(Clock.systemUTC(), TimeLimits.LONG, TimeLimits.LONG);
      CallRecordSourceConnector connector =
          new CallRecordSourceConnector(Clock.systemUTC(), patient::validate);
      connector.validate(settings(api, "api.secret", "not-this-one"));
      connector.validate(settings(api, "api.secret", "nor-this-one"));

      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith("WARN calls: validation refuses the configuration. api.key, api.secret: ")
          .contains("the API rejects the signature")
          .doesNotContain("-this-one", api.key());
    }
  }

  /** While the account's secret is changed. */
  @Test
  void triesBothSecretsAndSaysWhichIsTaken() {
    try (Simulator api = Simulator.builder().start();
        LogCapture log = new LogCapture("io.callrecords.connect.client.CredentialSelector")) {
      Map<String, String> settings = settings(api, "api.secret", "not-this-one");
      settings.put("api.secret.previous", api.secret());
      assertThat(TestSettings.errors(settings)).isEmpty();
      assertThat(log.lines())
          .containsExactly("INFO The API accepts api.secret.previous, and not api.secret yet.");
      settings.put("api.secret.previous", "nor-this-one");

      assertThat(TestSettings.errors(settings))
          .containsOnlyKeys("api.key", "api.secret", "api.url");
    }
  }

  @Test
  void tiesAnAddressThatIsNotAllowedToTheAccountsKey() {
    Quirks quirks = Quirks.newBuilder().addressAllowed(false).build();
    try (Simulator api = Simulator.builder().quirks(quirks).start()) {
      assertThat(TestSettings.errors(settings(api)))
          .containsOnlyKeys("api.key", "api.url")
          .allSatisfy((key, messages) -> assertThat(messages.get(0)).contains("allow-listed"));
    }
  }

  @Test
  void tiesARefusedParameterToTheFiltersThatAreSet() {
    try (Simulator api = Simulator.builder().start()) {
      api.faults().next(1, Fault.status(-22));

      assertThat(
              TestSettings.errors(
                  settings(api, "filter.agents", "Alice", "filter.number", "8613800001111")))
          .containsOnlyKeys("filter.agents", "filter.number")
          .allSatisfy(
              (key, messages) ->
                  assertThat(messages.get(0)).doesNotContain("Alice", "8613800001111"));
    }
  }

  static Stream<Named<Fault>> wrongAddresses() {
    return Stream.of(
        Named.of("a path at which nothing answers", Fault.http(404)),
        Named.of("a redirect", Fault.http(302, Map.of("Location", "https://other.example.com/"))),
        Named.of("a gateway's refusal", Fault.http(403)),
        Named.of("somebody's home page", Fault.body("text/html", "<html>Welcome</html>")),
        Named.of("another API's answer", Fault.body("application/json", "{\"ok\":true}")));
  }

  @ParameterizedTest
  @MethodSource("wrongAddresses")
  void tiesAnAnswerThatIsNotTheApisToTheAddress(Fault answer) {
    try (Simulator api = Simulator.builder().start()) {
      api.faults().next(1, answer);

      assertThat(TestSettings.errors(settings(api)))
          .containsOnlyKeys("api.url")
          .allSatisfy((key, messages) -> assertThat(messages).hasSize(1))
          .allSatisfy((key, messages) -> assertThat(messages.get(0)).doesNotContain("Welcome"));
    }
  }

  @Test
  void tiesAHostThatNobodyKnowsToTheAddress() {
    assertThat(TestSettings.errors(TestSettings.with("api.url", "https://no-such-host.invalid/v3")))
        .containsOnlyKeys("api.url")
        .allSatisfy((key, messages) -> assertThat(messages.get(0)).contains("the host is unknown"));
  }

  private static Fault duration(String json) {
    return Fault.rewritten(
        "another duration", body -> body.replaceAll("(\"callDuration\":)[^,}]*", "$1" + json));
  }

  @Test
  void tiesARecordThatCannotBeConvertedToWhatIsDoneWithSuchRecords() {
    try (Simulator api = Simulator.builder().calls(50, DAY).start()) {
      api.faults().when(request -> true, duration("\"a while\""));

      Map<String, List<String>> errors = TestSettings.errors(settings(api));

      assertThat(errors).containsOnlyKeys("malformed.records");
      assertThat(errors.get("malformed.records"))
          .singleElement()
          .asString()
          .contains("Record 1 of the page: callDuration is not a whole number of 32 bits")
          .doesNotContain("a while");
    }
  }

  @Test
  void leavesARecordThatCannotBeConvertedToThePolicyThatDealsWithIt() {
    try (Simulator api = Simulator.builder().calls(50, DAY).start()) {
      api.faults().when(request -> true, duration("\"a while\""));

      assertThat(TestSettings.errors(settings(api, "malformed.records", "skip"))).isEmpty();
    }
  }

  @Test
  void acceptsTheFormsThatBackendsWrite() {
    try (Simulator api = Simulator.builder().calls(50, DAY).start()) {
      api.faults().when(request -> true, duration("12.0"));

      assertThat(TestSettings.errors(settings(api))).isEmpty();
    }
  }

  /** Success whose data is no object: no page of this API, however long one waits for it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"status\":\"0\",\"data\":\"ok\"}",
        "{\"status\":\"0\",\"data\":[]}",
        "{\"status\":\"0\",\"data\":[{\"callSessionId\":\"1\"}]}",
        "{\"status\":\"0\",\"data\":true}",
        ""
      })
  void refusesWhatIsNoPage(String body) {
    try (Simulator api = Simulator.builder().calls(50, DAY).start()) {
      api.faults().when(request -> true, Fault.body("application/json", body));

      assertThat(TestSettings.errors(settings(api)))
          .containsOnlyKeys("api.url")
          .allSatisfy(
              (key, messages) ->
                  assertThat(messages.get(0)).contains("the response is not the API's JSON"));
    }
  }

  static Stream<Named<Fault>> transientFaults() {
    return Stream.of(
        Named.of("HTTP 503", Fault.http(503)),
        Named.of("HTTP 429", Fault.http(429, Map.of("Retry-After", "3600"))),
        Named.of("status -18", Fault.status(-18)),
        Named.of("status -15", Fault.status(-15)),
        Named.of("a reset", Fault.reset()),
        Named.of("half an answer", Fault.truncated()),
        Named.of("a body without an end", Fault.endless()));
  }

  @ParameterizedTest
  @MethodSource("transientFaults")
  void letsAnApiThatIsDownBlockNothing(Fault fault) {
    try (Simulator api = Simulator.builder().start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      api.faults().when(request -> true, fault);

      assertThat(TestSettings.errors(settings(api))).isEmpty();
      assertThat(messages(log))
          .singleElement()
          .asString()
          .startsWith("WARN calls: cannot validate the settings against the API: ");
    }
  }

  @Test
  void letsAPortThatNobodyListensAtBlockNothing() {
    assertThat(TestSettings.errors(TestSettings.with("api.url", "http://" + TestSettings.NOBODY)))
        .isEmpty();
  }

  /** Where it waited as long as the settings say, it would run out of time. */
  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void waitsAFewSecondsAtTheMost() {
    try (Simulator api = Simulator.builder().start()) {
      api.faults().next(1, Fault.hang());
      String never = Long.toString(TimeLimits.NEVER.toMillis());
      Map<String, String> settings = settings(api, "request.timeout.ms", never);

      assertThat(new CallRecordSourceConnector().validate(settings).configValues())
          .allSatisfy(value -> assertThat(value.errorMessages()).isEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-5 * 3600, 9 * 3600})
  void correctsTheWorkersClock(long serverAhead) {
    Quirks quirks = Quirks.newBuilder().clockOffset(Duration.ofSeconds(serverAhead)).build();
    try (Simulator api = Simulator.builder().quirks(quirks).calls(50, DAY).start();
        LogCapture log = new LogCapture(ApiConnectionValidator.class)) {
      assertThat(TestSettings.errors(settings(api))).isEmpty();
      assertThat(messages(log)).singleElement().asString().contains("accepts the settings");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "+08:00, +09:00",
    "+08:00, UTC",
    "UTC, +08:00",
    "Asia/Kolkata, +05:00",
    "-03:00, +05:45"
  })
  void tiesAWrongZoneToItsSettingAndNamesTheOneThatFits(ZoneId api, String set) {
    Quirks quirks = Quirks.newBuilder().zone(api).build();
    try (Simulator account =
        Simulator.builder().quirks(quirks).calls(2_000, DAY.multipliedBy(20)).start()) {
      Map<String, List<String>> errors =
          TestSettings.errors(settings(account, "api.time.zone", set));

      String fits = api.getRules().getOffset(Instant.now()).getId();
      assertThat(errors).containsOnlyKeys("api.time.zone");
      assertThat(errors.get("api.time.zone"))
          .singleElement()
          .asString()
          .contains("it is " + set)
          .contains("but " + fits + " would fit");
    }
  }

  /** Whoever may validate must not learn so who has had calls. */
  @ParameterizedTest
  @ValueSource(strings = {"filter.number", "filter.agents"})
  void tellsNothingOfTheCallsOfAPerson(String filter) {
    Quirks quirks = Quirks.newBuilder().zone(ZoneId.of("+08:00")).build();
    try (Simulator account =
        Simulator.builder().quirks(quirks).calls(2_000, DAY.multipliedBy(20)).start()) {
      Call call =
          account.store().visible(account.now(), Instant.EPOCH, account.now()).iterator().next();
      String person = filter.equals("filter.number") ? call.called() : call.agentName();
      account
          .faults()
          .when(
              request -> true,
              Fault.rewritten(
                  "durations that are texts",
                  body -> body.replace("\"callDuration\":", "\"callDuration\":\"long\",\"was\":")));

      for (String asked : List.of(String.valueOf(person), "4915100000000")) {
        assertThat(TestSettings.errors(settings(account, "api.time.zone", "+03:00", filter, asked)))
            .isEmpty();
      }
      assertThat(TestSettings.errors(settings(account))).containsOnlyKeys("malformed.records");
    }
  }

  @ParameterizedTest
  @CsvSource({"CALL_END, callStartTime, callEndTime", "CALL_START, callEndTime, callStartTime"})
  void tiesAWrongTimeFieldToItsSettingAndNamesTheOneThatFits(
      FilteredTime api, String set, String fits) {
    Quirks quirks = Quirks.newBuilder().filteredTime(api).build();
    try (Simulator account =
        Simulator.builder().quirks(quirks).load(ApiConnectionValidatorTest::longCalls).start()) {
      Map<String, List<String>> errors =
          TestSettings.errors(settings(account, "query.time.field", set));

      assertThat(errors).containsOnlyKeys("query.time.field");
      assertThat(errors.get("query.time.field"))
          .singleElement()
          .asString()
          .contains("it is " + set, "but " + fits + " would fit");
    }
  }

  @ParameterizedTest
  @CsvSource({"IGNORED, 5030", "IGNORED, 40", "WHOLE_DAYS, 5030", "START_IGNORED, 5030"})
  void tiesARangeThatTheApiDoesNotHonourToTheAddress(RangeUse use, int calls) {
    // In the middle of the API's day: right after midnight, that day has no other calls.
    ZoneOffset zone = ZoneOffset.ofHours(12 - Instant.now().atOffset(ZoneOffset.UTC).getHour());
    Quirks quirks = Quirks.newBuilder().rangeUse(use).zone(zone).build();
    try (Simulator api =
        Simulator.builder().quirks(quirks).calls(calls, DAY.multipliedBy(20)).start()) {
      Map<String, List<String>> errors =
          TestSettings.errors(settings(api, "api.time.zone", zone.getId()));

      assertThat(errors).containsOnlyKeys("api.url");
      assertThat(errors.get("api.url"))
          .singleElement()
          .asString()
          .contains("does not honour the range of a request", "strTime");
      assertThat(api.journal().count()).isLessThan(8);
    }
  }

  /** A call that ends as it starts cannot tell the fields apart. */
  private static List<Call> longCalls(CallGenerator generator, Instant now) {
    return generator.realistic(2_000, now.minus(DAY.multipliedBy(20)), now).stream()
        .filter(call -> call.start().plusSeconds(10).isBefore(call.end()))
        .toList();
  }

  @Test
  void sendsNothingWhileASettingIsWrongByItself() {
    try (Simulator api = Simulator.builder().start()) {
      assertThat(TestSettings.errors(settings(api, "page.size", "0")))
          .containsOnlyKeys("page.size");

      assertThat(api.journal().count()).isZero();
    }
  }

  @Test
  void keepsToTheRate() {
    Quirks quirks =
        Quirks.newBuilder()
            .filteredTime(FilteredTime.CREATION)
            .lag(Duration.ofSeconds(20), Duration.ofSeconds(30))
            .build();
    try (Simulator api =
        Simulator.builder().quirks(quirks).calls(2_000, Duration.ofDays(20)).start()) {
      Map<String, String> settings = TestSettings.with("requests.per.second", "40");
      settings.put("api.url", api.url());
      settings.put("api.key", api.key());
      settings.put("api.secret", api.secret());
      settings.put("start.time", "earliest");
      TestSettings.errors(settings);
      assertThat(api.journal().count()).isGreaterThan(41);
      // Those that are under way arrive together where the machine has kept them waiting.
      int underWay = 4;
      assertThat(api.journal().mostWithin(Duration.ofSeconds(1)))
          .isLessThanOrEqualTo(41 + underWay);
    }
  }

  private static Map<String, String> settings(Simulator api, String... more) {
    Map<String, String> settings = TestSettings.with(more);
    settings.put("api.url", api.url());
    settings.put("api.key", api.key());
    settings.putIfAbsent("start.time", "earliest");
    settings.putIfAbsent("requests.per.second", "100");
    if (settings.get("api.secret").equals(TestSettings.SECRET)) {
      settings.put("api.secret", api.secret());
    }
    return settings;
  }
}
