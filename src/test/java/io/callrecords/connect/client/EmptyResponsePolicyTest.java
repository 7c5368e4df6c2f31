package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import io.callrecords.connect.config.RetryOptions;
import io.callrecords.connect.feed.CallCenterFeed;
import io.callrecords.connect.feed.RecordParser;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which responses without rows are believed, when, and what proves them. */
class EmptyResponsePolicyTest extends ApiClientFixture {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final ScriptedResponse NO_DATA =
      ScriptedResponse.json("{\"status\":\"0\",\"data\":null}");
  private static final ScriptedResponse TOTAL_ONLY =
      ScriptedResponse.json("{\"status\":\"0\",\"data\":{\"total\":7,\"records\":[]}}");

  /** One hour of a day; each odd one has a call. */
  private static PageRequest hour(int hour) {
    Instant from = Instant.parse("2026-11-01T00:00:00Z").plusSeconds(3_600L * hour);
    return new PageRequest(from, from.plusSeconds(3_599), 1, 50);
  }

  private static boolean hasCalls(Sent sent) {
    return Integer.parseInt(sent.param("strTime").asText().substring(11, 13)) % 2 == 1;
  }

  private ApiClient client(
      Predicate<Sent> isDown,
      ScriptedResponse fault,
      ScriptedResponse empty,
      SharedAccount account) {
    ScriptedTransport transport =
        transport(sent -> isDown.test(sent) ? fault : hasCalls(sent) ? calls(sent) : empty);
    return new ApiClient(
        options(4, 1_000, ZoneOffset.UTC),
        new RetryOptions(Duration.ofMillis(500), Duration.ofSeconds(2), retryTimeout),
        "voice/ccRecordQuery",
        Map.of(),
        new RecordParser(CallCenterFeed.create(), "callStartTime", ZoneOffset.UTC),
        transport,
        loop,
        new SplittableRandom(7),
        account);
  }

  private ApiClient client(Predicate<Sent> isDown, ScriptedResponse fault, ScriptedResponse empty) {
    return client(isDown, fault, empty, new SharedAccount());
  }

  private static ScriptedResponse calls(Sent sent) {
    String start = sent.param("strTime").asText();
    return ScriptedResponse.json(
        "{\"status\":\"0\",\"data\":{\"total\":1,\"records\":[{\"callSessionId\":\"%s\",\"callStartTime\":\"%s\"}]}}"
            .formatted(start.substring(0, 13), start.substring(0, 19).replace('T', ' ')));
  }

  private Page fetched(ApiClient client, int hour) {
    return fetched(fetch(client, hour(hour), Priority.BACKLOG));
  }

  private Duration took(Runnable what) {
    Duration before = loop.uptime();
    what.run();
    return loop.uptime().minus(before);
  }

  private Predicate<Sent> until(Duration end) {
    return sent -> loop.uptime().compareTo(end) < 0;
  }

  // ---- outages

  @ParameterizedTest
  @ValueSource(longs = {1, 45, 60, 300, 590})
  void losesNothingToAnOutageBeforeAnythingWasSeen(long seconds) {
    ApiClient client = client(until(SECOND.multipliedBy(seconds)), NO_DATA, EMPTY_PAGE);
    List<CompletableFuture<Page>> pages = new ArrayList<>();
    for (int hour = 0; hour < 24; hour++) {
      pages.add(fetch(client, hour(hour), Priority.BACKLOG));
    }
    for (int hour = 0; hour < 24; hour++) {
      Page page = fetched(pages.get(hour));
      assertThat(page.rows()).hasSize(hour % 2);
      assertThat(page.withoutData()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 60, 600, 3_000})
  void losesNothingToAnOutageOnceAPageWasSeen(long seconds) {
    for (ScriptedResponse empty : List.of(EMPTY_PAGE, NO_DATA)) {
      Duration begin = loop.uptime().plus(MINUTE);
      Duration end = begin.plusSeconds(seconds);
      ApiClient client =
          client(
              sent -> loop.uptime().compareTo(begin) > 0 && loop.uptime().compareTo(end) < 0,
              NO_DATA,
              empty);
      assertThat(fetched(client, 1).rows()).hasSize(1);
      loop.runFor(MINUTE.plus(SECOND));
      CompletableFuture<Page> full = fetch(client, hour(3), Priority.BACKLOG);
      CompletableFuture<Page> none = fetch(client, hour(4), Priority.BACKLOG);

      assertThat(fetched(full).rows()).hasSize(1);
      Page nothing = fetched(none);
      assertThat(nothing.rows()).isEmpty();
      assertThat(nothing.withoutData()).isFalse();
    }
  }

  /** Some of the servers behind the API fail: any response may be one without data. */
  @ParameterizedTest
  @ValueSource(doubles = {.1, .5, .8})
  void losesNothingToAnApiThatFailsNowAndThen(double share) {
    for (int seed = 0; seed < 30; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ApiClient client = client(sent -> random.nextDouble() < share, NO_DATA, EMPTY_PAGE);
      List<CompletableFuture<Page>> pages = new ArrayList<>();
      for (int hour = 0; hour < 24; hour++) {
        pages.add(fetch(client, hour(hour), Priority.BACKLOG));
      }
      for (int hour = 0; hour < 24; hour++) {
        assertThat(fetched(pages.get(hour)).rows())
            .as("seed %d, hour %d", seed, hour)
            .hasSize(hour % 2);
      }
    }
  }

  @Test
  void oneTaskKnowsAnOutageByWhatAnotherHasSeen() {
    SharedAccount shared = new SharedAccount();
    assertThat(fetched(client(sent -> false, NO_DATA, EMPTY_PAGE, shared), 2).rows()).isEmpty();
    Duration end = loop.uptime().plus(MINUTE.multipliedBy(30));

    CompletableFuture<Page> page =
        fetch(client(until(end), NO_DATA, EMPTY_PAGE, shared), hour(3), Priority.BACKLOG);

    assertThat(fetched(page).rows()).hasSize(1);
  }

  @Test
  void logsAnOutageOnceAndSilenceOnce() {
    try (LogCapture outages = new LogCapture(OutageLog.class);
        LogCapture silence = new LogCapture(EmptyResponsePolicy.class)) {
      ApiClient silent = client(until(SECOND.multipliedBy(45)), NO_DATA, EMPTY_PAGE);
      assertThat(fetched(silent, 1).rows()).hasSize(1);
      assertThat(silence.lines())
          .singleElement()
          .asString()
          .startsWith(
              "WARN The API reports success and has returned no data to any request so far");
      assertThat(outages.lines()).isEmpty();

      assertThat(fetched(silent, 2).rows()).isEmpty();
      SharedAccount shared = new SharedAccount();
      fetched(client(sent -> false, NO_DATA, EMPTY_PAGE, shared), 2);
      Duration end = loop.uptime().plus(MINUTE);
      fetched(client(until(end), NO_DATA, EMPTY_PAGE, shared), 3);
      assertThat(outages.lines())
          .filteredOn(line -> line.startsWith("WARN"))
          .singleElement()
          .asString()
          .contains("a response without data (the API reports success and returns no data");
    }
  }

  // ---- an API that means it

  @Test
  void learnsThatNoDataMeansNothingWithinMinutesAndThenTakesSeconds() {
    ApiClient client = client(sent -> false, NO_DATA, NO_DATA);
    assertThat(fetched(client, 1).rows()).hasSize(1);
    try (LogCapture outages = new LogCapture(OutageLog.class);
        LogCapture habit = new LogCapture(EmptyResponsePolicy.class)) {
      Duration first = took(() -> assertThat(fetched(client, 2).withoutData()).isFalse());
      Duration next = took(() -> assertThat(fetched(client, 4).withoutData()).isFalse());

      assertThat(first).isBetween(MINUTE.multipliedBy(5), MINUTE.multipliedBy(6));
      assertThat(next).isBetween(SECOND.multipliedBy(10), SECOND.multipliedBy(15));
      assertThat(outages.lines()).isEmpty();
      assertThat(habit.lines())
          .singleElement()
          .asString()
          .startsWith("INFO The API returns no data where it has no records");
    }
  }

  /** A new account, or one that has been quiet for as long as the API keeps records. */
  @Test
  void handsOverWhatSettlesNothingWhereNothingElseWasEverSeen() {
    ApiClient client = client(sent -> true, NO_DATA, NO_DATA);
    Duration first = took(() -> assertThat(fetched(client, 2).withoutData()).isTrue());
    Duration next = took(() -> assertThat(fetched(client, 4).withoutData()).isTrue());

    assertThat(first).isBetween(MINUTE.multipliedBy(10), MINUTE.multipliedBy(11));
    assertThat(next).isLessThan(SECOND.multipliedBy(15));
  }

  @Test
  void holdsUpNoOtherRequest() {
    ApiClient client = client(sent -> false, NO_DATA, NO_DATA);
    for (int hour = 0; hour < 24; hour += 2) {
      assertThat(fetch(client, hour(hour), Priority.BACKLOG)).isNotDone();
    }
    assertThat(took(() -> assertThat(fetched(client, 1).rows()).hasSize(1)))
        .isLessThan(SECOND.multipliedBy(5));
  }

  @Test
  void theLiveEdgeDoesNotWait() {
    ApiClient client = client(sent -> false, NO_DATA, NO_DATA);
    fetched(client, 1);

    Page page = fetched(fetch(client, hour(2), Priority.LIVE));

    assertThat(page.withoutData()).isTrue();
    assertThat(loop.uptime()).isLessThan(SECOND.multipliedBy(2));
  }

  /** One range alone without data, although the API returns empty pages: no fault lasts so. */
  @Test
  void believesOfARangeWhatLastsForMinutesWhileOthersAreAnswered() {
    ApiClient client =
        client(sent -> sent.param("strTime").asText().contains("T05"), NO_DATA, EMPTY_PAGE);
    fetched(client, 1);
    fetched(client, 2);

    Duration took = took(() -> assertThat(fetched(client, 5).rows()).isEmpty());

    assertThat(took).isBetween(MINUTE.multipliedBy(10), MINUTE.multipliedBy(11));
  }

  // ---- records that are reported and not returned

  /** What the live edge leaves out is found by a recheck. */
  @Test
  void handsOverATotalWithoutRowsAtOnceAtTheLiveEdge() {
    ApiClient client = client(sent -> false, NO_DATA, TOTAL_ONLY);
    fetched(client, 1);

    Duration took =
        took(() -> assertThat(fetched(fetch(client, hour(2), Priority.LIVE)).total()).isEqualTo(7));

    assertThat(took).isLessThan(SECOND);
  }

  @ParameterizedTest
  @EnumSource(value = Priority.class, mode = EnumSource.Mode.EXCLUDE, names = "LIVE")
  void believesATotalWithoutRowsOnlyAfterAPageAndSeconds(Priority priority) {
    ApiClient client = client(sent -> false, NO_DATA, TOTAL_ONLY);
    fetched(client, 1);

    Duration took =
        took(() -> assertThat(fetched(fetch(client, hour(2), priority)).total()).isEqualTo(7));

    assertThat(took).isBetween(SECOND.multipliedBy(10), SECOND.multipliedBy(16));
  }

  @Test
  void acceptsAPagePastTheEndAtOnce() {
    ApiClient client = client(sent -> false, NO_DATA, TOTAL_ONLY);
    fetched(client, 1);

    Page page = fetched(fetch(client, hour(2).withPage(2), Priority.BACKLOG));

    assertThat(page.total()).isEqualTo(7);
    assertThat(loop.uptime()).isLessThan(SECOND.multipliedBy(2));
  }

  /** First pages prove nothing of pages past the end, which another part of a backend may write. */
  @Test
  void learnsOfPagesPastTheEndByThemselves() {
    ResponseEvidence evidence = new ResponseEvidence();
    PageRequest later = hour(2).withPage(2);

    evidence.returnedEmptyPage(hour(2));
    assertThat(evidence.returnsEmptyPages(hour(4))).isTrue();
    assertThat(evidence.returnsEmptyPages(later)).isFalse();
    assertThat(evidence.returnedNoDataSteadily(later)).isTrue();
    assertThat(evidence.returnedNoDataSteadily(later)).isFalse();
    assertThat(evidence.returnsNoData(later)).isTrue();
    assertThat(evidence.returnsNoData(hour(2))).isFalse();
  }

  @Test
  void handsOverInsteadOfFailingWhereNothingProvesAFault() {
    retryTimeout = Duration.ofSeconds(30);
    ApiClient client = client(sent -> true, NO_DATA, NO_DATA);

    assertThat(fetched(client, 2).withoutData()).isTrue();
    assertThat(loop.uptime()).isBetween(SECOND.multipliedBy(30), SECOND.multipliedBy(35));
  }

  // ---- who shares what is known

  @Test
  void sharesByAddressAndAccount() {
    SharedAccounts accounts = new SharedAccounts();
    SharedAccount one = accounts.of(options(4, 1, ZoneOffset.UTC));

    assertThat(accounts.of(options(2, 5, ZoneOffset.ofHours(8)))).isSameAs(one);
    assertThat(new SharedAccounts().of(options(4, 1, ZoneOffset.UTC))).isNotSameAs(one);
  }
}
