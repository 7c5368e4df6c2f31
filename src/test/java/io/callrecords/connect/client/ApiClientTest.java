package io.callrecords.connect.client;

import static io.callrecords.connect.client.ScriptedTransport.answers;
import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import io.callrecords.connect.feed.Row;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Proves what the client sends, what it returns, and how many requests it sends at once. */
class ApiClientTest extends ApiClientFixture {
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
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(500, ""), EMPTY_PAGE));
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
    ScriptedTransport transport = transport(answers(ScriptedResponse.of(503, "")));
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

  // ---- a probe

  @Test
  void probesOnceWithoutWaitingForTheRate() {
    ScriptedTransport transport =
        transport(answers(ScriptedResponse.of(503, "whispered"), page(1, "a")));
    ApiClient client = client(transport, options(1, .01, ZoneOffset.UTC), new MostRandom());

    assertThat(failed(probe(client)))
        .isInstanceOfSatisfying(
            TransientApiException.class,
            e -> assertThat(e.kind()).isEqualTo(TransientFault.UNAVAILABLE))
        .hasMessageStartingWith("HTTP 503 (")
        .hasMessageContaining(". Request to https://api.example.com/v3/voice/ccRecordQuery for ");
    assertThat(fetched(probe(client)).rows()).extracting(Row::id).containsExactly("a");
    assertThat(transport.sent()).hasSize(2);
    assertThat(loop.uptime()).isEqualTo(DELAY.multipliedBy(2));
  }

  @Test
  void probesARefusalToo() {
    ApiClient client = client(transport(answers(ScriptedResponse.json("{\"status\":\"-25\"}"))));

    assertThat(failed(probe(client)))
        .isInstanceOfSatisfying(
            RefusedException.class, e -> assertThat(e.status()).isEqualTo(ApiStatus.OUT_OF_RANGE));
  }

  private CompletableFuture<Page> probe(ApiClient client) {
    return OnLoop.call(loop, () -> client.probe(REQUEST));
  }
}
