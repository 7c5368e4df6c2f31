package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of an outage is noticed within seconds, and the API is asked seldom until then. */
class OutageEndTest extends ApiClientFixture {
  private static final Duration OUTAGE = Duration.ofMinutes(30);

  private ScriptedResponse response = ScriptedResponse.of(502, "");

  private ScriptedTransport transport() {
    return transport(sent -> sent.at().compareTo(OUTAGE) < 0 ? response : page(1, "a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 500, 404})
  void theLiveEdgeAsksEveryFewSecondsAndAllGoOnWithTheFirstPage(int status) {
    response = ScriptedResponse.of(status, "");
    ScriptedTransport transport = transport();
    ApiClient client = client(transport, options(4, 5, ZoneOffset.UTC), new MostRandom());
    List<CompletableFuture<Page>> pages = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      pages.add(fetch(client, REQUEST, Priority.BACKLOG));
      pages.add(fetch(client, REQUEST, Priority.LIVE));
    }

    loop.runFor(OUTAGE);
    assertThat(transport.sent())
        .as("one in three seconds and six in a minute")
        .hasSizeLessThan((int) (OUTAGE.toSeconds() / 3 + 6 * OUTAGE.toMinutes() + 20));

    loop.runFor(Duration.ofSeconds(6));
    assertThat(pages).allMatch(CompletableFuture::isDone);
  }

  /** A range that is never answered must not be asked for again with every page of another. */
  @Test
  void aRequestThatFailsAmongGoodOnesWaitsAsTheSettingsSay() {
    ScriptedTransport transport =
        transport(sent -> sent.page() == 1 ? ScriptedResponse.of(500, "") : page(1, "a"));
    ApiClient client = client(transport);
    fetched(fetch(client));
    CompletableFuture<Page> failing = fetch(client, REQUEST.withPage(1), Priority.BACKLOG);
    for (int i = 0; i < 600; i++) {
      loop.runFor(Duration.ofSeconds(1));
      fetched(fetch(client));
    }

    assertThat(failing).isNotDone();
    assertThat(transport.sent().stream().filter(sent -> sent.page() == 1).count())
        .isBetween(10L, 20L);
  }

  @Test
  void waitsAsTheSettingsSayWhereTheFaultIsTheRequestsOwn() {
    response = ScriptedResponse.of(429, "");
    ScriptedTransport transport = transport();
    ApiClient client = client(transport);
    CompletableFuture<Page> page = fetch(client, REQUEST, Priority.LIVE);

    loop.runFor(OUTAGE);

    assertThat(page).isNotDone();
    assertThat(transport.sent()).hasSizeLessThan(40);
  }
}
