package io.callrecords.connect.client;

import static io.callrecords.connect.client.ScriptedTransport.answers;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.Answer;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import io.callrecords.connect.config.ApiOptions;
import io.callrecords.connect.config.ApiOptions.Credentials;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.config.TaskShare;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import io.callrecords.connect.feed.Row;
import io.callrecords.connect.loop.VirtualLoop;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves what the client sends, what it tries again, and what it gives up with which words. */
class ApiClientTest {
  private static final Instant WALL = Instant.parse("2026-11-01T08:00:00Z");
  private static final PageRequest REQUEST =
      new PageRequest(
          Instant.parse("2026-10-31T16:00:00Z"), Instant.parse("2026-11-01T16:00:00Z"), 2, 50);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Duration DELAY = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofHours(1);

  private static final Answer EMPTY_PAGE =
      Answer.json("{'status':'0','data':{'total':0,'records':[]}}".replace('\'', '"'));

  /** What must appear in no message: key, secret, filters' values, what the API answered. */
  private static final String[] PRIVATE = {
    "key-4711", "secret-0815", "8613800001111", "Alice", "whispered", "91861"
  };

  private final VirtualLoop loop = new VirtualLoop(WALL);

  // ---- what is sent and what comes back

  @Test
  void sendsTheQueryAsTheApiDocumentsIt() {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE));
    fetched(fetch(client(transport)));

    Sent sent = transport.sent().get(0);
    assertThat(sent.url()).isEqualTo(URI.create("https://api.example.com/v3/voice/ccRecordQuery"));
    assertThat(sent.body())
        .hasToString(
            """
            {"current":2,"size":50,"params":{"strTime":"2026-11-01T00:00:00+08:00",\
            "endTime":"2026-11-02T00:00:00+08:00","seatNameList":["Alice Agent"],\
            "callType":[2,3],"calledOrCaller":"8613800001111"}}\
            """);
  }

  @Test
  void signsTheRequestAndNeverSendsTheSecret() {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE));
    fetched(fetch(client(transport)));

    Sent sent = transport.sent().get(0);
    assertThat(sent.headers())
        .containsAllEntriesOf(signed(WALL))
        .containsEntry("User-Agent", "agent-of-the-test/1");
    assertThat(sent.toString()).doesNotContain("secret-0815");
  }

  @Test
  void writesTimesWithTheOffsetOfAZoneAtThatTime() {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE));
    ApiClient client =
        client(transport, options(4, 1_000, ZoneOffset.UTC), new SplittableRandom(1));

    fetched(fetch(client));

    assertThat(transport.sent().get(0).param("strTime").asText())
        .isEqualTo("2026-10-31T16:00:00+00:00");
  }

  @Test
  void returnsThePageWithItsRecordsAndItsTotal() {
    ScriptedTransport transport = transport(answers(page(120, "a", "b")));

    Page page = fetched(fetch(client(transport)));

    assertThat(page.total()).isEqualTo(120);
    assertThat(page.rows()).extracting(Row::id).containsExactly("a", "b");
  }

  @Test
  void saysWhenThePageWasAskedForByTheServersClock() {
    Instant answeredAt = Instant.parse("2026-11-01T05:00:10Z");
    ScriptedTransport transport =
        new ScriptedTransport(
            loop, Duration.ofSeconds(10), answers(EMPTY_PAGE.with("Date", http(answeredAt))));

    Page page = fetched(fetch(client(transport)));

    assertThat(page.requestedAt()).isEqualTo(answeredAt.minusSeconds(10));
  }

  @Test
  void saysWhenTheAttemptThatSucceededWasMade() {
    ScriptedTransport transport = transport(answers(Answer.of(500, ""), EMPTY_PAGE));
    ApiClient client = client(transport);

    Page page = fetched(fetch(client));

    assertThat(page.requestedAt()).isEqualTo(WALL.plus(transport.sent().get(1).at()));
  }

  // ---- rate and number

  @Test
  void keepsToTheRateAndToItsNumberOfRequestsInFlight() {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE));
    ApiClient client = client(transport, options(3, 20, ZoneOffset.UTC), new SplittableRandom(1));
    List<CompletableFuture<Page>> pages = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      pages.add(fetch(client, REQUEST, Priority.BACKLOG));
    }

    loop.runFor(LONG);

    assertThat(pages).allMatch(CompletableFuture::isDone);
    assertThat(transport.mostInFlight()).isEqualTo(3);
    assertSpacing(transport, Duration.ofMillis(50), "");
  }

  @Test
  void countsFurtherAttemptsAgainstTheRateToo() {
    ScriptedTransport transport = transport(answers(Answer.of(503, "")));
    ApiClient client =
        client(transport, options(4, 2, ZoneOffset.UTC), () -> 0L /* no backoff at all */);
    for (int i = 0; i < 4; i++) {
      fetchAndForget(client);
    }

    loop.runFor(Duration.ofMinutes(1));

    assertThat(transport.sent()).hasSizeBetween(115, 121);
    assertSpacing(transport, Duration.ofMillis(500), "");
  }

  @Test
  void letsTheLiveEdgeGoBeforeTheBacklog() {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE));
    ApiClient client = client(transport, options(1, 5, ZoneOffset.UTC), new SplittableRandom(1));
    List<CompletableFuture<Page>> pages = new ArrayList<>();
    for (int page = 1; page <= 3; page++) {
      pages.add(fetch(client, REQUEST.withPage(page), Priority.BACKLOG));
    }
    pages.add(fetch(client, REQUEST.withPage(9), Priority.LIVE));

    loop.runFor(LONG);

    assertThat(pages).allMatch(CompletableFuture::isDone);
    assertThat(transport.sent()).extracting(Sent::page).containsExactly(9, 1, 2, 3);
  }

  // ---- the clock

  @Test
  void signsEveryAttemptAnewAtItsOwnTime() {
    ScriptedTransport transport =
        transport(answers(Answer.of(500, ""), Answer.of(500, ""), EMPTY_PAGE));
    fetched(fetch(client(transport)));

    assertThat(transport.sent()).hasSize(3);
    for (Sent sent : transport.sent()) {
      assertThat(sent.headers()).containsAllEntriesOf(signed(WALL.plus(sent.at())));
    }
    assertThat(transport.sent()).extracting(s -> s.headers().get("Sign")).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(longs = {-7_200, -400, 400, 7_200, 86_400 * 365})
  void healsAnExpiredTimestampByTheDateOfTheAnswer(long serverAhead) {
    Function<Sent, Answer> script =
        sent -> {
          Instant now = WALL.plusSeconds(serverAhead).plus(sent.at());
          long signedAt = Long.parseLong(sent.headers().get("Timestamp"));
          boolean expired = Math.abs(now.getEpochSecond() - signedAt) > 300;
          Answer answer = expired ? Answer.json("{\"status\":\"-16\"}") : page(1, "a");
          return answer.with("Date", http(now));
        };
    ScriptedTransport transport = transport(script);

    Page page = fetched(fetch(client(transport)));

    assertThat(page.rows()).hasSize(1);
    assertThat(transport.sent()).hasSize(2);
  }

  @Test
  void keepsTheServersTimeWhenTheMachinesClockJumps() {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE.with("Date", http(WALL))));
    ApiClient client = client(transport);
    fetched(fetch(client));
    Duration heardAt = loop.uptime();

    loop.setWallClock(WALL.minus(Duration.ofDays(400)));
    fetched(fetch(client));

    Duration since = transport.sent().get(1).at().minus(heardAt);
    assertThat(transport.sent().get(1).headers()).containsAllEntriesOf(signed(WALL.plus(since)));
  }

  static Stream<Named<Answer>> whatTheApiDidNotSay() {
    return Stream.of(
        Named.of("HTTP 502", Answer.of(502, "<html>")),
        Named.of("HTTP 429", Answer.of(429, "")),
        Named.of("HTML with HTTP 200", Answer.json("<html>")),
        Named.of("JSON without a status", Answer.json("{}")),
        Named.of("an unknown status", Answer.json("{\"status\":\"-99\"}")));
  }

  @ParameterizedTest
  @MethodSource("whatTheApiDidNotSay")
  void doesNotTakeTheTimeFromAnAnswerThatIsNotTheApis(Answer answer) {
    ScriptedTransport transport =
        transport(answers(answer.with("Date", http(WALL.plus(Duration.ofHours(3))))));
    ApiClient client = client(transport);
    fetchAndForget(client);

    loop.runFor(LONG);

    assertThat(client.clock().now()).isEqualTo(loop.wallClock());
  }

  @Test
  void healsAServerClockThatIsSetWhileItRuns() {
    Duration set = Duration.ofHours(7);
    Function<Sent, Answer> script =
        sent -> {
          Instant now = WALL.plus(sent.at()).plus(sent.at().compareTo(LONG) < 0 ? ZERO : set);
          long signedAt = Long.parseLong(sent.headers().get("Timestamp"));
          boolean expired = Math.abs(now.getEpochSecond() - signedAt) > 300;
          return (expired ? Answer.json("{\"status\":\"-16\"}") : EMPTY_PAGE)
              .with("Date", http(now));
        };
    ScriptedTransport transport = transport(script);
    ApiClient client = client(transport);
    fetched(fetch(client));
    loop.runFor(LONG);

    fetched(fetch(client));

    assertThat(transport.sent()).hasSize(3);
    assertThat(client.clock().now()).isAfter(WALL.plus(set));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2026-11-01T08:00:00Z", "Xxx, 99 Nov 2026 08:00:00 GMT"})
  void passesOverADateThatIsNone(String date) {
    ScriptedTransport transport = transport(answers(EMPTY_PAGE.with("Date", date)));
    ApiClient client = client(transport);

    fetched(fetch(client));

    assertThat(client.clock().now()).isEqualTo(loop.wallClock());
  }

  // ---- what may pass

  static Stream<Named<Answer>> whatMayPass() {
    return Stream.of(
        Named.of("a broken connection", Answer.failure(new IOException("whispered"))),
        Named.of("HTTP 500", Answer.of(500, "whispered")),
        Named.of("HTTP 502 with HTML", Answer.of(502, "<html>whispered</html>")),
        Named.of("HTTP 503 with Retry-After 0", Answer.of(503, "").with("Retry-After", "0")),
        Named.of("HTTP 404", Answer.of(404, "whispered")),
        Named.of("HTTP 302", Answer.of(302, "").with("Location", "https://elsewhere.example.com")),
        Named.of("HTTP 429", Answer.of(429, "whispered")),
        Named.of("HTML with HTTP 200", Answer.of(200, "<html>whispered</html>")),
        Named.of("an empty body", Answer.json("")),
        Named.of("truncated JSON", Answer.json("{\"status\":\"0\",\"data\":{\"total\":1,\"rec")),
        Named.of("JSON cut in a record", Answer.json(page(1, "a").body().substring(0, 60))),
        Named.of("JSON cut before its last brace", Answer.json("{\"status\":\"0\",\"data\":null")),
        Named.of("two answers in one", Answer.json("{\"status\":\"0\"}{\"status\":\"0\"}")),
        Named.of("a JSON list", Answer.json("[]")),
        Named.of("a JSON text", Answer.json("\"whispered\"")),
        Named.of("no status", Answer.json("{\"reason\":\"whispered\"}")),
        Named.of("an unknown status", Answer.json("{\"status\":\"-99\",\"reason\":\"whispered\"}")),
        Named.of("a status of words", Answer.json("{\"status\":\"whispered\"}")),
        Named.of("an HTTP code as status", Answer.json("{\"status\":500,\"path\":\"whispered\"}")),
        Named.of("records without a total", Answer.json(page(1, "a").body().replace("total", "x"))),
        Named.of("status -16", Answer.json("{\"status\":\"-16\"}")),
        Named.of("status -18", Answer.json("{\"status\":\"-18\"}")),
        Named.of("status -12", Answer.json("{\"status\":\"-12\"}")),
        Named.of("status -15", Answer.json("{\"status\":\"-15\"}")),
        Named.of("status -15 as a number", Answer.json("{\"status\":-15}")));
  }

  @ParameterizedTest
  @MethodSource("whatMayPass")
  void triesAgainWhatMayPassUntilItHasPassed(Answer fault) {
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
  void logsAFaultOnceAndItsEndOnceWithoutAWordOfTheAnswer(Answer fault) {
    ScriptedTransport transport =
        transport(answers(fault, fault, fault, fault, fault, fault, EMPTY_PAGE));
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      fetched(fetch(client(transport)));
      loop.runFor(Duration.ofMinutes(1));

      assertThat(log.lines()).hasSize(2);
      assertThat(log.lines().get(0)).startsWith("WARN The API does not respond as it should: ");
      assertThat(log.lines().get(1)).startsWith("INFO The API responds as it should again, after ");
      assertThat(log.lines()).noneMatch(ApiClientTest::tellsWhatIsPrivate);
    }
  }

  @Test
  void keepsSilentAboutAFaultThatPassesAtOnce() {
    ScriptedTransport transport = transport(answers(Answer.of(500, ""), EMPTY_PAGE));
    try (LogCapture log = new LogCapture(OutageLog.class)) {
      fetched(fetch(client(transport)));

      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void triesForEverWithWaitsThatGrowToTheirMaximumOnly() {
    ScriptedTransport transport = transport(answers(Answer.of(500, "")));
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
    ScriptedTransport transport = transport(answers(Answer.of(503, "whispered")));

    Throwable failure = failed(fetch(client(transport)));

    assertThat(failure)
        .isInstanceOfSatisfying(
            TransientApiException.class,
            e -> assertThat(e.kind()).isEqualTo(TransientFault.SERVER_ERROR))
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
    ScriptedTransport transport = transport(answers(Answer.of(503, ""), EMPTY_PAGE));

    failed(fetch(client(transport)));

    assertThat(transport.sent()).hasSize(1);
  }

  @Test
  void countsTheTimeToRetryAnewForEachRequest() {
    retryTimeout = Duration.ofSeconds(25);
    ScriptedTransport transport =
        transport(
            answers(
                Answer.of(500, ""),
                EMPTY_PAGE,
                Answer.of(500, ""),
                EMPTY_PAGE,
                Answer.of(500, ""),
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
    assertThat(fetched(fetch(client(transport), first, Priority.LIVE)).rows()).hasSize(1);

    ScriptedTransport stubborn = transport(answers(page(7)));
    assertThat(fetched(fetch(client(stubborn), first, Priority.LIVE)).rows()).isEmpty();
    assertThat(stubborn.sent()).hasSizeBetween(10, 20);
  }

  @RepeatedTest(10)
  void getsEveryPageThroughAStormOfFaults() {
    long seed = new Random().nextLong();
    RandomGenerator random = new SplittableRandom(seed);
    List<Answer> faults = whatMayPass().map(Named::getPayload).toList();
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

  static Stream<Named<Answer>> waitTwentySeconds() {
    Answer tooMany = Answer.of(429, "").with("Date", http(WALL));
    return Stream.of(
        Named.of("in seconds", tooMany.with("Retry-After", "20")),
        Named.of("as a date", tooMany.with("Retry-After", http(WALL.plusSeconds(20)))),
        Named.of(
            "with the API's own status",
            Answer.json("{\"status\":\"-15\"}").with("Retry-After", "20")),
        Named.of(
            "with a fault of the API",
            Answer.json("{\"status\":\"-18\"}").with("Retry-After", "20")));
  }

  @ParameterizedTest
  @MethodSource("waitTwentySeconds")
  void sendsNothingForAsLongAsTheApiAsksToWait(Answer tooMany) {
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
    Answer tooMany =
        Answer.of(429, "")
            .with("Date", http(server))
            .with("Retry-After", http(server.plusSeconds(20)));
    ScriptedTransport transport = transport(answers(tooMany, EMPTY_PAGE));
    ApiClient client = client(transport, options(4, 1_000, ZoneOffset.UTC), () -> 0L);
    fetchAndForget(client);

    loop.runFor(LONG);

    assertThat(gaps(transport).get(0)).isEqualTo(DELAY.plusSeconds(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-5", "1.5", "99999999999", "Sun, 01 Nov 2020 00:00:00 GMT"})
  void backsOffWhenRetryAfterSaysNothingUseful(String retryAfter) {
    Answer tooMany = Answer.of(429, "").with("Date", http(WALL)).with("Retry-After", retryAfter);
    ScriptedTransport transport = transport(answers(tooMany, EMPTY_PAGE));
    ApiClient client = client(transport);
    fetchAndForget(client);

    loop.runFor(LONG);

    assertThat(gaps(transport).get(0)).isEqualTo(DELAY.plusSeconds(10));
  }

  static Stream<Named<Answer>> waitForAges() {
    Answer tooMany = Answer.of(429, "").with("Date", http(WALL));
    return Stream.of(
        Named.of("in seconds", tooMany.with("Retry-After", "999999")),
        Named.of("as a date", tooMany.with("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")));
  }

  @ParameterizedTest
  @MethodSource("waitForAges")
  void asksAgainAfterAQuarterOfAnHourHoweverLongItIsToWait(Answer tooMany) {
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
        transport(answers(Answer.json("{\"status\":\"-15\"}"), EMPTY_PAGE));
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
          transport(answers(Answer.json("{\"status\":" + form + ",\"reason\":\"whispered\"}")));

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
                Answer.json(
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
    ScriptedTransport transport = transport(answers(Answer.failure(fault)));

    assertThat(failed(fetch(client(transport)))).isSameAs(fault);
  }

  @Test
  void givesItsPlaceBackWhenItGivesUp() {
    ScriptedTransport transport =
        transport(answers(Answer.json("{\"status\":\"-1\"}"), EMPTY_PAGE));
    ApiClient client = client(transport, options(1, 5, ZoneOffset.UTC), new SplittableRandom(1));

    failed(fetch(client));

    assertThat(fetched(fetch(client)).total()).isZero();
  }

  // ---- helpers

  private @Nullable Duration retryTimeout;

  private ScriptedTransport transport(Function<Sent, Answer> script) {
    return new ScriptedTransport(loop, DELAY, script);
  }

  /** A client whose backoff always takes the whole of its bound: 10, 20, 40 and 60 seconds. */
  private ApiClient client(Transport transport) {
    return client(transport, options(4, 1_000, ZoneOffset.ofHours(8)), new MostRandom());
  }

  private ApiClient client(Transport transport, ApiOptions options, RandomGenerator random) {
    Map<String, Object> filters = new LinkedHashMap<>();
    filters.put("seatNameList", List.of("Alice Agent"));
    filters.put("callType", List.of(2, 3));
    filters.put("calledOrCaller", "8613800001111");
    return new ApiClient(
        options,
        new RetryOptions(Duration.ofSeconds(10), Duration.ofSeconds(60), retryTimeout),
        "voice/ccRecordQuery",
        filters,
        new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.ofHours(8)),
        transport,
        loop,
        random);
  }

  private static ApiOptions options(int maxInFlight, double perSecond, ZoneOffset zone) {
    return new ApiOptions(
        URI.create("https://api.example.com/v3"),
        new Credentials("key-4711", "secret-0815"),
        zone,
        50,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        maxInFlight,
        perSecond,
        TaskShare.ALONE,
        "agent-of-the-test/1");
  }

  private CompletableFuture<Page> fetch(ApiClient client) {
    return fetch(client, REQUEST, Priority.LIVE);
  }

  private CompletableFuture<Page> fetch(ApiClient client, PageRequest request, Priority priority) {
    return OnLoop.call(loop, () -> client.fetch(request, priority));
  }

  private Page fetched(CompletableFuture<Page> page) {
    assertThat(loop.runUntil(page::isDone, LONG)).as("done within %s", LONG).isTrue();
    assertThat(page).isCompleted();
    return page.join();
  }

  private Throwable failed(CompletableFuture<Page> page) {
    assertThat(loop.runUntil(page::isDone, LONG)).as("done within %s", LONG).isTrue();
    assertThat(page).isCompletedExceptionally();
    return page.handle((nothing, failure) -> failure).join();
  }

  private void fetchAndForget(ApiClient client) {
    assertThat(fetch(client, REQUEST, Priority.BACKLOG)).isNotDone();
  }

  private static Map<String, String> signed(Instant at) {
    return new Signer(new Credentials("key-4711", "secret-0815")).headers(at);
  }

  private static String http(Instant time) {
    return HTTP_DATE.format(time);
  }

  private static Answer page(int total, String... ids) {
    List<String> records = new ArrayList<>();
    for (String id : ids) {
      records.add(
          "{\"callSessionId\":\"%s\",\"callStartTime\":\"2026-11-01 10:00:00\",\"callType\":3,\"called\":\"91861\"}"
              .formatted(id));
    }
    return Answer.json(
        "{\"status\":\"0\",\"reason\":\"success\",\"data\":{\"total\":%d,\"records\":[%s]}}"
            .formatted(total, String.join(",", records)));
  }

  private static boolean tellsWhatIsPrivate(String text) {
    return Stream.of(PRIVATE).anyMatch(text::contains);
  }

  private static List<Duration> gaps(ScriptedTransport transport) {
    List<Duration> gaps = new ArrayList<>();
    List<Sent> sent = transport.sent();
    for (int i = 1; i < sent.size(); i++) {
      gaps.add(sent.get(i).at().minus(sent.get(i - 1).at()));
    }
    return gaps;
  }

  private static void assertSpacing(ScriptedTransport transport, Duration least, String what) {
    for (Duration gap : gaps(transport)) {
      assertThat(gap).as("%s: spacing", what).isGreaterThanOrEqualTo(least);
    }
  }
}
