package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One refusal among many good responses stops nothing; one that stays does, after a while. */
class RefusalCheckTest extends ApiClientFixture {
  private String status = "0";

  private ScriptedTransport transport() {
    return transport(
        sent ->
            status.equals("0")
                ? page(1, "a")
                : ScriptedResponse.json("{\"status\":\"" + status + "\"}"));
  }

  private ApiClient used(ScriptedTransport transport) {
    ApiClient client = client(transport);
    for (int i = 0; i < 20; i++) {
      fetched(fetch(client));
    }
    return client;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "-2", "-31", "-22", "-11", "-14", "-21", "-13", "-29", "-30", "-32"})
  void goesOnWhenOneAmongManyIsRefused(String code) {
    ApiClient client = used(transport());
    try (LogCapture log = new LogCapture(RefusalCheck.class.getPackageName())) {
      status = code;
      CompletableFuture<Page> page = fetch(client);
      loop.runFor(DELAY.plusSeconds(1));
      status = "0";

      assertThat(fetched(page).rows()).hasSize(1);
      assertThat(said(log))
          .singleElement()
          .asString()
          .startsWith("WARN The API refuses a request although it has accepted others like it: ")
          .contains("Status " + code);
      assertThat(log.lines()).noneMatch(ApiClientFixture::tellsWhatIsPrivate);
    }
  }

  @Test
  void warnsOnceHoweverManyAreRefused() {
    ScriptedTransport transport =
        transport(
            sent ->
                sent.at().toMillis() / 100 % 7 == 3
                    ? ScriptedResponse.json("{\"status\":\"-1\"}")
                    : page(1, "a"));
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(RefusalCheck.class)) {
      for (int i = 0; i < 200; i++) {
        loop.runFor(Duration.ofMillis(i));
        fetched(fetch(client));
      }
      assertThat(client.counts().refused()).isGreaterThan(5);
      assertThat(log.lines()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-2", "-22", "-13"})
  void failsWhenItIsRefusedForFiveMinutes(String code) {
    ScriptedTransport transport = transport();
    ApiClient client = used(transport);
    Duration begin = loop.uptime();
    status = code;

    assertThat(failed(fetch(client)))
        .isInstanceOf(RefusedException.class)
        .hasMessageStartingWith("Status " + code + ": ");
    assertThat(loop.uptime().minus(begin))
        .isBetween(RefusalCheck.PATIENCE, RefusalCheck.PATIENCE.plusSeconds(62));
    assertThat(transport.sent()).hasSizeLessThan(20 + 12);
  }

  @Test
  void failsAfterTheTimeToRetryWhereThatIsLess() {
    retryTimeout = Duration.ofSeconds(25);
    ApiClient client = used(transport());
    status = "-1";
    Duration begin = loop.uptime();

    assertThat(failed(fetch(client))).isInstanceOf(RefusedException.class);
    assertThat(loop.uptime().minus(begin)).isBetween(retryTimeout, retryTimeout.plusSeconds(21));
  }

  @Test
  void failsAtOnceWhereNothingWasAcceptedYet() {
    ScriptedTransport transport = transport();
    status = "-1";

    assertThat(failed(fetch(client(transport)))).isInstanceOf(RefusedException.class);
    assertThat(transport.sent()).hasSize(1);
  }

  /** Nobody states which status a range has that is too old: it may be -22. */
  @Test
  void believesARefusalOfARangeThatIsOlderOrLongerThanAnyAccepted() {
    for (PageRequest request :
        new PageRequest[] {
          new PageRequest(REQUEST.from().minusSeconds(90_000), REQUEST.from(), 1, 50),
          new PageRequest(REQUEST.from(), REQUEST.to().plusSeconds(60), 1, 50),
          new PageRequest(REQUEST.from(), REQUEST.to(), 1, 51)
        }) {
      status = "0";
      ScriptedTransport transport = transport();
      ApiClient client = used(transport);
      status = "-22";

      assertThat(failed(fetch(client, request, Priority.BACKLOG)))
          .isInstanceOf(RefusedException.class);
      assertThat(transport.sent()).hasSize(21);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-25"})
  void believesThatARangeIsRefused(String code) {
    ScriptedTransport transport = transport();
    ApiClient client = used(transport);
    status = code;

    assertThat(failed(fetch(client))).isInstanceOf(RefusedException.class);
    assertThat(transport.sent()).hasSize(21);
  }

  @Test
  void believesAProxyThatRejectsTheCredentials() {
    RefusalCheck check = new RefusalCheck(loop, new ServerClock(loop), null);
    check.accept(REQUEST);

    assertThat(
            check.examine(
                REQUEST,
                new ApiResult.Refused(ApiStatus.PROXY_CREDENTIALS, "HTTP 407"),
                loop.uptime()))
        .isNull();
    assertThat(
            check.examine(
                new PageRequest(Instant.EPOCH, WALL, 1, 1),
                new ApiResult.Refused(ApiStatus.AUTHENTICATION, "Status -1"),
                loop.uptime()))
        .isNotNull();
  }
}
