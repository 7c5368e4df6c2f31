package io.callrecords.connect.client;

import static io.callrecords.connect.client.ScriptedTransport.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.Seeds;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import io.callrecords.connect.feed.Row;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what is retried and for how long, what slows requests down, and what is given up. */
class RetryingRequestTest extends ApiClientFixture {
  // ---- what is too large

  /** A page that is asked for in smaller ones is no outage, and not asked for again and again. */
  @Test
  void failsSoonWhereThePageHasToBeRequestedInSmallerOnes() {
    ScriptedResponse large = page(50, "x".repeat(1024 * 1024));
    ScriptedTransport transport = transport(answers(large));
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      assertThat(failed(fetch(client(transport))))
          .isInstanceOfSatisfying(
              PageTooLargeException.class,
              tooLarge -> {
                assertThat(tooLarge.size()).isEqualTo(50);
                assertThat(tellsWhatIsPrivate(tooLarge.getMessage())).isFalse();
              })
          .hasMessageStartingWith(
              "a response of more than 1 MiB: the page has to be requested in smaller ones. ");
      assertThat(transport.sent()).hasSize(4);
      assertThat(log.lines()).isEmpty();
    }
  }

  /** A gateway's body without an end must not make pages smaller. */
  @Test
  void asksAgainForAPageThatIsTooLargeNowAndThen() {
    ScriptedResponse large = page(50, "x".repeat(1024 * 1024));
    ScriptedTransport transport = transport(answers(large, large, large, page(1, "a")));

    assertThat(fetched(fetch(client(transport))).rows()).hasSize(1);
  }

  @Test
  void goesOnAskingForOneRecordThatIsTooLarge() {
    ScriptedResponse large = page(1, "x".repeat(ResponseLimits.MAX_BYTES_OF_ONE));
    ScriptedTransport transport = transport(answers(large, large, page(1, "a")));
    PageRequest one = new PageRequest(REQUEST.from(), REQUEST.to(), 1, 1);

    Page page = fetched(fetch(client(transport), one, Priority.BACKLOG));

    assertThat(page.rows()).extracting(Row::id).containsExactly("a");
    assertThat(transport.sent()).hasSize(3);
  }

  // ---- what may pass

  static Stream<Named<ScriptedResponse>> whatMayPass() {
    return Stream.of(
        Named.of("a broken connection", ScriptedResponse.failure(new IOException("whispered"))),
        Named.of("HTTP 500", ScriptedResponse.of(500, "whispered")),
        Named.of("HTTP 502 with HTML", ScriptedResponse.of(502, "<html>whispered</html>")),
        Named.of(
            "HTTP 503 with Retry-After 0", ScriptedResponse.of(503, "").with("Retry-After", "0")),
        Named.of("HTTP 404", ScriptedResponse.of(404, "whispered")),
        Named.of(
            "HTTP 302",
            ScriptedResponse.of(302, "").with("Location", "https://elsewhere.example.com")),
        Named.of("HTTP 429", ScriptedResponse.of(429, "whispered")),
        Named.of("HTML with HTTP 200", ScriptedResponse.of(200, "<html>whispered</html>")),
        Named.of("an empty body", ScriptedResponse.json("")),
        Named.of(
            "truncated JSON",
            ScriptedResponse.json("{\"status\":\"0\",\"data\":{\"total\":1,\"rec")),
        Named.of(
            "JSON cut in a record", ScriptedResponse.json(page(1, "a").body().substring(0, 60))),
        Named.of(
            "JSON cut before its last brace",
            ScriptedResponse.json("{\"status\":\"0\",\"data\":null")),
        Named.of(
            "two answers in one", ScriptedResponse.json("{\"status\":\"0\"}{\"status\":\"0\"}")),
        Named.of("a JSON list", ScriptedResponse.json("[]")),
        Named.of("a JSON text", ScriptedResponse.json("\"whispered\"")),
        Named.of("no status", ScriptedResponse.json("{\"reason\":\"whispered\"}")),
        Named.of(
            "an unknown status",
            ScriptedResponse.json("{\"status\":\"-99\",\"reason\":\"whispered\"}")),
        Named.of("a status of words", ScriptedResponse.json("{\"status\":\"whispered\"}")),
        Named.of(
            "an HTTP code as status",
            ScriptedResponse.json("{\"status\":500,\"path\":\"whispered\"}")),
        Named.of(
            "records without a total",
            ScriptedResponse.json(page(1, "a").body().replace("total", "x"))),
        Named.of("status -16", ScriptedResponse.json("{\"status\":\"-16\"}")),
        Named.of("status -18", ScriptedResponse.json("{\"status\":\"-18\"}")),
        Named.of("status -12", ScriptedResponse.json("{\"status\":\"-12\"}")),
        Named.of("status -15", ScriptedResponse.json("{\"status\":\"-15\"}")),
        Named.of("status -15 as a number", ScriptedResponse.json("{\"status\":-15}")));
  }

  @ParameterizedTest
  @MethodSource("whatMayPass")
  void triesAgainWhatMayPassUntilItHasPassed(ScriptedResponse fault) {
    ScriptedTransport transport = transport(answers(fault, fault, fault, fault, page(1, "a")));

    Page page = fetched(fetch(client(transport)));

    assertThat(page.rows()).extracting(Row::id).containsExactly("a");
    assertThat(transport.sent()).hasSize(5);
    assertThat(transport.sent())
        .extracting(Sent::body)
        .containsOnly(transport.sent().get(0).body());
  }

  @ParameterizedTest
  @MethodSource("whatMayPass")
  void logsAFaultOnceAndItsEndOnceWithoutAWordOfTheAnswer(ScriptedResponse fault) {
    ScriptedTransport transport =
        transport(answers(fault, fault, fault, fault, fault, fault, EMPTY_PAGE));
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      fetched(fetch(client(transport)));
      loop.runFor(Duration.ofMinutes(1));

      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0)).startsWith("WARN The API does not respond as it should: ");
      assertThat(log.lines().get(1)).startsWith("INFO The API responds as it should again, after ");
      assertThat(log.lines()).noneMatch(ApiClientFixture::tellsWhatIsPrivate);
    }
  }

  @Test
  void keepsSilentAboutAFaultThatPassesAtOnce() {
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(500, ""), EMPTY_PAGE));
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      fetched(fetch(client(transport)));

      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void triesForEverWithWaitsThatGrowToTheirMaximumOnly() {
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(500, "")));
    CompletableFuture<Page> page = fetch(client(transport));

    loop.runFor(Duration.ofDays(1));

    assertThat(page).isNotDone();
    List<Duration> gaps = gaps(transport);
    assertThat(gaps.subList(0, 3))
        .containsExactly(
            Duration.ofSeconds(10).plus(DELAY),
            Duration.ofSeconds(20).plus(DELAY),
            Duration.ofSeconds(40).plus(DELAY));
    assertThat(gaps.subList(3, gaps.size()))
        .hasSizeGreaterThan(1_400)
        .containsOnly(Duration.ofSeconds(60).plus(DELAY));
  }

  @Test
  void givesUpWhenTheTimeToRetryIsOverAndSaysWhatTheLastFaultWas() {
    retryTimeout = Duration.ofMinutes(5);
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(503, "whispered")));

    Throwable failure = failed(fetch(client(transport)));

    assertThat(failure)
        .isInstanceOfSatisfying(
            TransientApiException.class,
            e -> assertThat(e.kind()).isEqualTo(TransientFault.UNAVAILABLE))
        .hasMessageContaining("retry.timeout.ms allows (300000 ms)")
        .hasMessageContaining("HTTP 503")
        .hasMessageContaining("https://api.example.com/v3/voice/ccRecordQuery");
    assertThat(failure.toString()).doesNotContain(PRIVATE);
    Duration tried = loop.uptime().minus(transport.sent().get(0).at());
    assertThat(tried).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(7));
  }

  @Test
  void givesUpAtTheFirstFaultWhereThereIsNoTimeToRetry() {
    retryTimeout = Duration.ZERO;
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(503, ""), EMPTY_PAGE));

    failed(fetch(client(transport)));

    assertThat(transport.sent()).hasSize(1);
  }

  @Test
  void countsTheTimeToRetryAnewForEachRequest() {
    retryTimeout = Duration.ofSeconds(25);
    ScriptedTransport transport =
        transport(
            answers(
                ScriptedResponse.of(500, ""),
                EMPTY_PAGE,
                ScriptedResponse.of(500, ""),
                EMPTY_PAGE,
                ScriptedResponse.of(500, ""),
                EMPTY_PAGE));
    ApiClient client = client(transport);

    for (int i = 0; i < 3; i++) {
      fetched(fetch(client));
    }

    assertThat(transport.sent()).hasSize(6);
  }

  @Test
  void takesAnAnswerThatReportsRecordsAndShowsNoneForAFaultButNotForEver() {
    PageRequest first = REQUEST.withPage(1);
    ScriptedTransport transport = transport(answers(page(7), page(7), page(1, "a")));
    assertThat(fetched(fetch(client(transport), first, Priority.BACKLOG)).rows()).hasSize(1);

    ScriptedTransport stubborn = transport(answers(page(7)));
    assertThat(fetched(fetch(client(stubborn), first, Priority.BACKLOG)).rows()).isEmpty();
    assertThat(stubborn.sent()).hasSizeBetween(10, 20);
  }

  // ---- a request that fails alone

  private CompletableFuture<Page> fetchWhileOthersFail(ApiClient client) {
    return OnLoop.call(
        loop, () -> client.fetchWhileOthersFail(REQUEST, Priority.BACKLOG, () -> true));
  }

  /** Nothing else is requested: an attempt in three asks for a second of the range. */
  @Test
  void failsWhereAPartOfItIsReturned() {
    ScriptedTransport transport =
        transport(sent -> sent.size() == 1 ? page(1, "a") : ScriptedResponse.of(500, ""));
    CompletableFuture<Page> page = fetchWhileOthersFail(client(transport));

    assertThat(loop.runUntil(page::isDone, Duration.ofMinutes(10))).isTrue();

    assertThat(page)
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(FailingRequestException.class)
        .withMessageContaining("HTTP 500")
        .withMessageContaining("while the API answers other requests");
    assertThat(loop.uptime()).isGreaterThan(Duration.ofMinutes(1));
    assertThat(transport.sent()).hasSizeLessThan(15);
  }

  @Test
  void isRetriedThroughAnOutage() {
    Duration outage = Duration.ofHours(5);
    ScriptedTransport transport =
        transport(
            sent -> sent.at().compareTo(outage) < 0 ? ScriptedResponse.of(500, "") : page(1, "a"));
    CompletableFuture<Page> page = fetchWhileOthersFail(client(transport));

    loop.runFor(outage);
    assertThat(page).isNotDone();
    loop.runFor(Duration.ofMinutes(3));

    assertThat(page).isCompleted();
  }

  /** Such a part tells nothing, and is not asked for over and over. */
  @ParameterizedTest
  @ValueSource(strings = {"{\"status\":\"-25\"}", "{\"status\":\"0\",\"data\":null}"})
  void isRetriedAtItsPaceWhereAPartIsNotReturned(String part) {
    ScriptedTransport transport =
        transport(
            sent -> sent.size() == 1 ? ScriptedResponse.json(part) : ScriptedResponse.of(500, ""));
    CompletableFuture<Page> page = fetchWhileOthersFail(client(transport));

    loop.runFor(Duration.ofHours(1));

    assertThat(page).isNotDone();
    assertThat(transport.sent()).hasSizeBetween(60, 120);
  }

  @RepeatedTest(10)
  void getsEveryPageThroughAStormOfFaults(RepetitionInfo repetition) {
    long seed = Seeds.of(repetition);
    RandomGenerator random = new SplittableRandom(seed);
    List<ScriptedResponse> faults = whatMayPass().map(Named::getPayload).toList();
    ScriptedTransport transport =
        transport(
            sent ->
                random.nextInt(10) < 3
                    ? faults.get(random.nextInt(faults.size()))
                    : page(1, "id-" + sent.page()));
    ApiClient client = client(transport, options(4, 5, ZoneOffset.UTC), random);
    List<CompletableFuture<Page>> pages = new ArrayList<>();
    for (int page = 1; page <= 100; page++) {
      pages.add(fetch(client, REQUEST.withPage(page), Priority.BACKLOG));
    }

    loop.runFor(Duration.ofDays(1));

    for (int page = 1; page <= 100; page++) {
      assertThat(pages.get(page - 1)).as("seed %d: page %d", seed, page).isCompleted();
      assertThat(pages.get(page - 1).join().rows())
          .as("seed %d: page %d", seed, page)
          .extracting(Row::id)
          .containsExactly("id-" + page);
    }
    assertSpacing(transport, Duration.ofMillis(200), "seed " + seed);
    assertThat(transport.mostInFlight()).as("seed %d", seed).isLessThanOrEqualTo(4);
  }

  // ---- slowing down

  static Stream<Named<ScriptedResponse>> waitTwentySeconds() {
    ScriptedResponse tooMany = ScriptedResponse.of(429, "").with("Date", http(WALL));
    return Stream.of(
        Named.of("in seconds", tooMany.with("Retry-After", "20")),
        Named.of("as a date", tooMany.with("Retry-After", http(WALL.plusSeconds(20)))),
        Named.of(
            "with the API's own status",
            ScriptedResponse.json("{\"status\":\"-15\"}").with("Retry-After", "20")),
        Named.of(
            "with a fault of the API",
            ScriptedResponse.json("{\"status\":\"-18\"}").with("Retry-After", "20")));
  }

  @ParameterizedTest
  @MethodSource("waitTwentySeconds")
  void sendsNothingForAsLongAsTheApiAsksToWait(ScriptedResponse tooMany) {
    ScriptedTransport transport = transport(answers(tooMany, EMPTY_PAGE));
    ApiClient client = client(transport, options(4, 1_000, ZoneOffset.UTC), () -> 0L);
    CompletableFuture<Page> first = fetch(client, REQUEST, Priority.BACKLOG);
    loop.runFor(DELAY.plusSeconds(5));
    CompletableFuture<Page> other = fetch(client);

    loop.runFor(Duration.ofSeconds(15).minusMillis(1));
    assertThat(transport.sent()).hasSize(1);

    loop.runFor(Duration.ofSeconds(5));
    assertThat(first).isCompleted();
    assertThat(other).isCompleted();
  }

  @Test
  void readsADateToWaitForByTheServersClockAndNotByTheMachines() {
    Instant server = WALL.plus(Duration.ofHours(5));
    ScriptedResponse tooMany =
        ScriptedResponse.of(429, "")
            .with("Date", http(server))
            .with("Retry-After", http(server.plusSeconds(20)));
    ScriptedTransport transport = transport(answers(tooMany, EMPTY_PAGE));
    ApiClient client = client(transport, options(4, 1_000, ZoneOffset.UTC), () -> 0L);
    fetchAndForget(client);

    loop.runFor(LONG);

    assertThat(gaps(transport).get(0)).isEqualTo(DELAY.plusSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "1.5", "1e9", "Sun, 01 Nov 2020 00:00:00 GMT"})
  void backsOffWhenRetryAfterSaysNothingUseful(String retryAfter) {
    ScriptedResponse tooMany =
        ScriptedResponse.of(429, "").with("Date", http(WALL)).with("Retry-After", retryAfter);
    ScriptedTransport transport = transport(answers(tooMany, EMPTY_PAGE));
    ApiClient client = client(transport);
    fetchAndForget(client);

    loop.runFor(LONG);

    assertThat(gaps(transport).get(0)).isEqualTo(DELAY.plusSeconds(10));
  }

  static Stream<Named<ScriptedResponse>> waitForAges() {
    ScriptedResponse tooMany = ScriptedResponse.of(429, "").with("Date", http(WALL));
    return Stream.of(
        Named.of("in seconds", tooMany.with("Retry-After", "999999")),
        Named.of("in a million seconds", tooMany.with("Retry-After", "1000000")),
        Named.of("in all seconds", tooMany.with("Retry-After", "9".repeat(400))),
        Named.of("as a date", tooMany.with("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")));
  }

  @ParameterizedTest
  @MethodSource("waitForAges")
  void asksAgainAfterAQuarterOfAnHourHoweverLongItIsToWait(ScriptedResponse tooMany) {
    ScriptedTransport transport = transport(answers(tooMany, EMPTY_PAGE));
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      fetched(fetch(client, REQUEST, Priority.BACKLOG));

      assertThat(gaps(transport).get(0)).isEqualTo(DELAY.plusMinutes(15));
      assertThat(log.lines()).hasSize(1).first().asString().startsWith("WARN ").contains("900 s");
    }
  }

  @Test
  void slowsAllRequestsDownWhenTheApiIsQueriedTooOften() {
    ScriptedTransport transport =
        transport(answers(ScriptedResponse.json("{\"status\":\"-15\"}"), EMPTY_PAGE));
    ApiClient client = client(transport);
    fetchAndForget(client);
    loop.runFor(DELAY.plusMillis(1));
    CompletableFuture<Page> other = fetch(client);

    loop.runFor(Duration.ofMillis(9_999));
    assertThat(transport.sent()).hasSize(1);

    loop.runFor(Duration.ofSeconds(5));
    assertThat(other).isCompleted();
  }

  // ---- what is given up

  @ParameterizedTest
  @CsvSource({
    "-1, AUTHENTICATION, check api.key and api.secret",
    "-2, ADDRESS, allow-listed",
    "-31, ADDRESS, allow-listed",
    "-22, PARAMETER, filter.*",
    "-11, PARAMETER, filter.*",
    "-14, PARAMETER, filter.*",
    "-21, PARAMETER, filter.*",
    "-25, OUT_OF_RANGE, api.retention.days",
    "-13, LOCKED, administrator",
    "-29, LOCKED, administrator",
    "-30, LOCKED, administrator",
    "-32, LOCKED, administrator"
  })
  void givesUpWhatTheApiRefusesAndSaysWhatToDo(String code, ApiStatus status, String advice) {
    for (String form : List.of("\"" + code + "\"", code)) {
      ScriptedTransport transport =
          transport(
              answers(ScriptedResponse.json("{\"status\":" + form + ",\"reason\":\"whispered\"}")));

      Throwable failure = failed(fetch(client(transport)));

      assertThat(failure)
          .isInstanceOfSatisfying(
              RefusedException.class, e -> assertThat(e.status()).isEqualTo(status))
          .hasMessageStartingWith("Status " + code + ": ")
          .hasMessageContaining(advice);
      assertThat(transport.sent()).hasSize(1);
    }
  }

  @Test
  void namesWhatItAskedForWithoutAWordOfWhatIsPrivate() {
    ScriptedTransport transport =
        transport(
            answers(
                ScriptedResponse.json(
                    "{\"status\":\"-22\",\"reason\":\"whispered\",\"data\":\"8613800001111\"}")));

    Throwable failure = failed(fetch(client(transport)));

    assertThat(failure)
        .hasMessageContaining("https://api.example.com/v3/voice/ccRecordQuery")
        .hasMessageContaining("2026-11-01T00:00:00+08:00")
        .hasMessageContaining("2026-11-02T00:00:00+08:00")
        .hasMessageContaining("page 2")
        .hasMessageContaining("size 50")
        .hasMessageContaining("seatNameList, callType, calledOrCaller")
        .hasNoCause();
    assertThat(failure.toString()).doesNotContain(PRIVATE);
  }

  @Test
  void passesAFaultOfItsOwnOnInsteadOfTryingAgain() {
    IllegalStateException fault = new IllegalStateException("of the code");
    ScriptedTransport transport = transport(answers(ScriptedResponse.failure(fault)));

    assertThat(failed(fetch(client(transport)))).isSameAs(fault);
  }

  @Test
  void givesItsPlaceBackWhenItGivesUp() {
    ScriptedTransport transport =
        transport(answers(ScriptedResponse.json("{\"status\":\"-1\"}"), EMPTY_PAGE));
    ApiClient client = client(transport, options(1, 5, ZoneOffset.UTC), new SplittableRandom(1));

    failed(fetch(client));

    assertThat(fetched(fetch(client)).total()).isZero();
  }

  // ---- how it is retried

  @Test
  void triesOnceWhereItIsToldTo() {
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(503, ""), EMPTY_PAGE));
    ApiClient client = client(transport);

    Throwable failure = failed(OnLoop.call(loop, () -> client.fetchOnce(REQUEST, Priority.LIVE)));

    assertThat(failure)
        .isInstanceOf(TransientApiException.class)
        .hasMessageStartingWith("HTTP 503");
    assertThat(transport.sent()).hasSize(1);
    // Its caller requests something else then, no sooner than this one would have been retried.
    assertThat(loop.uptime().minus(transport.sent().get(0).at())).isEqualTo(DELAY.plusSeconds(10));
  }

  @Test
  void retriesARefusedRangeWhereItIsToldToAndKeepsNoPlaceMeanwhile() {
    ScriptedTransport transport =
        transport(
            sent -> {
              boolean refused = sent.page() == 1 && sent.at().compareTo(LONG) < 0;
              return refused ? ScriptedResponse.json("{\"status\":\"-25\"}") : page(1, "a");
            });
    ApiClient client = client(transport, options(1, 5, ZoneOffset.UTC), new MostRandom());

    CompletableFuture<Page> refused =
        OnLoop.call(loop, () -> client.fetchDespiteRefusal(REQUEST.withPage(1), Priority.BACKLOG));
    loop.runFor(Duration.ofSeconds(5));
    CompletableFuture<Page> other = fetch(client, REQUEST, Priority.BACKLOG);
    loop.runFor(Duration.ofSeconds(1));
    assertThat(other).isCompleted();
    assertThat(refused).isNotDone();

    loop.runFor(LONG.plusMinutes(2));
    assertThat(refused).isCompleted();
  }

  /** A range may be refused for days: what fails meanwhile is another matter. */
  @Test
  void logsAnOutageAlsoWhileARangeIsRefused() {
    Duration begin = Duration.ofMinutes(30);
    Duration end = Duration.ofMinutes(60);
    ScriptedTransport transport =
        transport(
            sent -> {
              boolean isOut = sent.at().compareTo(begin) >= 0 && sent.at().compareTo(end) < 0;
              return isOut
                  ? ScriptedResponse.of(503, "")
                  : sent.page() == 1 ? ScriptedResponse.json("{\"status\":\"-25\"}") : page(1, "a");
            });
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      CompletableFuture<Page> refused =
          OnLoop.call(
              loop, () -> client.fetchDespiteRefusal(REQUEST.withPage(1), Priority.BACKLOG));
      loop.runFor(begin);
      fetchAndForget(client);
      loop.runFor(LONG);

      assertThat(refused).isNotDone();
      assertThat(log.lines()).hasSize(5);
      assertThat(log.lines().get(0))
          .startsWith("WARN The API does not return a range")
          .contains("-25");
      assertThat(log.lines().subList(1, 5))
          .anyMatch(
              line -> line.startsWith("WARN The API does not respond") && line.contains("HTTP 503"))
          .anyMatch(line -> line.startsWith("INFO The API responds as it should again, after "));
      assertThat(client.counts().outageSeconds()).isGreaterThan(0);
    }
  }
}
