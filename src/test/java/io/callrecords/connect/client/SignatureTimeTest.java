package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose time a request is signed with where worker, gateway and API do not agree. */
class SignatureTimeTest extends ApiClientFixture {
  private static final Duration EIGHT_HOURS = Duration.ofHours(8);

  /** How far the API's own time is ahead of the worker's at an uptime. */
  private Function<Duration, Duration> apiAhead = uptime -> Duration.ZERO;

  /** How far the header is ahead of the API's own time at an uptime. */
  private Function<Duration, Duration> dateAhead = uptime -> Duration.ZERO;

  private boolean hasDate = true;

  private ScriptedResponse respond(Sent sent) {
    Instant now = WALL.plus(sent.at()).plus(apiAhead.apply(sent.at()));
    long signedAt = Long.parseLong(sent.headers().get("Timestamp"));
    boolean isExpired = Math.abs(now.getEpochSecond() - signedAt) > 300;
    ScriptedResponse response =
        isExpired ? ScriptedResponse.json("{\"status\":\"-16\"}") : page(1, "a");
    return hasDate ? response.with("Date", http(now.plus(dateAhead.apply(sent.at())))) : response;
  }

  private int refusals(ScriptedTransport transport) {
    return (int)
        transport.sent().stream()
            .filter(
                sent ->
                    Math.abs(
                            WALL.plus(sent.at()).plus(apiAhead.apply(sent.at())).getEpochSecond()
                                - Long.parseLong(sent.headers().get("Timestamp")))
                        > 300)
            .count();
  }

  private void fetchMany(ApiClient client, int many) {
    for (int i = 0; i < many; i++) {
      fetched(fetch(client));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-86_400, -28_800, -400, 400, 28_800, 86_400 * 365})
  void goesByTheWorkersClockWhereTheDateIsWrong(long ahead) {
    dateAhead = uptime -> Duration.ofSeconds(ahead);
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(ServerClock.class)) {
      fetchMany(client, 200);

      assertThat(refusals(transport)).isEqualTo(1);
      assertThat(client.clock().now()).isEqualTo(loop.wallClock());
      assertThat(client.clock().isSure()).isTrue();
      assertThat(log.lines())
          .singleElement()
          .asString()
          .startsWith(
              "WARN The Date header of the API's responses is wrong by about "
                  + Math.round(ahead / 60.0)
                  + " min")
          .contains("worker's clock");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-28_800, 28_800})
  void goesByTheDateWhereTheWorkersClockIsWrong(long ahead) {
    apiAhead = uptime -> Duration.ofSeconds(ahead);
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(ServerClock.class)) {
      fetchMany(client, 20);

      assertThat(refusals(transport)).isEqualTo(1);
      assertThat(Duration.between(loop.wallClock().plusSeconds(ahead), client.clock().now()).abs())
          .isLessThan(Duration.ofSeconds(3));
      assertThat(log.lines()).isEmpty();
    }
  }

  /** An API in agreement with itself, whose clock is off by more than anybody sets one wrong. */
  @ParameterizedTest
  @ValueSource(longs = {86_460, 86_400 * 400})
  void signsByADateFarAheadAndGoesByTheWorkersClock(long ahead) {
    apiAhead = uptime -> Duration.ofSeconds(ahead);
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(ClockComparison.class)) {
      fetchMany(client, 20);
      loop.runFor(Duration.ofMinutes(1));
      fetchMany(client, 20);

      assertThat(refusals(transport)).isEqualTo(1);
      assertThat(client.clock().now()).isEqualTo(loop.wallClock());
      assertThat(client.clock().isSure()).isTrue();
      assertThat(client.counts().clockOffsetSeconds()).isGreaterThan(86_400);
      assertThat(log.lines()).singleElement().asString().contains("doubts the API's clock");
    }
  }

  @Test
  void followsADateAgainThatIsSetRight() {
    dateAhead = uptime -> uptime.compareTo(LONG) < 0 ? EIGHT_HOURS : Duration.ZERO;
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);
    fetchMany(client, 5);
    loop.runFor(LONG);
    fetchMany(client, 5);
    loop.setWallClock(loop.wallClock().plus(EIGHT_HOURS));
    fetchMany(client, 5);

    assertThat(refusals(transport)).isEqualTo(1);
  }

  @Test
  void keepsToTheAcceptedTimeWhenTheWorkersClockJumpsBesideAWrongDate() {
    dateAhead = uptime -> EIGHT_HOURS;
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);
    fetchMany(client, 5);
    Instant before = loop.wallClock();
    Duration uptime = loop.uptime();
    loop.setWallClock(before.minus(Duration.ofDays(3)));
    fetchMany(client, 5);

    assertThat(refusals(transport)).isEqualTo(1);
    assertThat(client.clock().now()).isEqualTo(before.plus(loop.uptime().minus(uptime)));
  }

  /** The gateway is repaired while the worker's clock is set wrong. */
  @Test
  void findsTheRightTimeWhicheverOfTheTwoGoesWrong() {
    apiAhead = uptime -> uptime.compareTo(LONG) < 0 ? Duration.ZERO : EIGHT_HOURS;
    dateAhead = uptime -> uptime.compareTo(LONG) < 0 ? EIGHT_HOURS : Duration.ZERO;
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);
    fetchMany(client, 5);
    loop.runFor(LONG);
    fetchMany(client, 5);

    assertThat(refusals(transport)).isEqualTo(2);
    assertThat(client.clock().now()).isAfter(loop.wallClock().plus(Duration.ofHours(7)));
  }

  @Test
  void triesTheWorkersClockWhereARefusalHasNoDate() {
    Duration set = Duration.ofHours(1);
    ScriptedTransport transport =
        transport(
            sent -> {
              hasDate = sent.at().compareTo(Duration.ofMinutes(1)) < 0;
              return respond(sent);
            });
    dateAhead = uptime -> set;
    ApiClient client = client(transport);
    fetched(fetch(client));
    loop.runFor(Duration.ofMinutes(2));

    fetchMany(client, 5);

    assertThat(refusals(transport)).isEqualTo(1);
  }

  @Test
  void alternatesWhereBothAreWrongAndNeverSettlesByEither() {
    apiAhead = uptime -> uptime.compareTo(LONG) < 0 ? Duration.ofDays(5) : Duration.ZERO;
    dateAhead = uptime -> EIGHT_HOURS;
    ScriptedTransport transport = transport(this::respond);
    ApiClient client = client(transport);

    loop.execute(() -> assertThat(client.fetch(REQUEST, Priority.LIVE)).isNotDone());
    loop.runFor(LONG.plusMinutes(5));

    assertThat(client.counts().answered()).isEqualTo(1);
    assertThat(transport.sent())
        .extracting(
            sent ->
                Duration.between(
                        WALL.plus(sent.at()),
                        Instant.ofEpochSecond(Long.parseLong(sent.headers().get("Timestamp"))))
                    .toHours())
        .contains(0L);
  }

  /** One server among several whose clock is wrong and who checks by it. */
  @Test
  void isNotMisledByOneServerWhoseClockIsWrong() {
    ScriptedTransport transport =
        transport(
            sent -> {
              Duration wrong = Duration.ofDays(1);
              apiAhead = uptime -> sent.at().toSeconds() % 7 == 0 ? wrong : Duration.ZERO;
              return respond(sent);
            });
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(ServerClock.class)) {
      for (int i = 0; i < 50; i++) {
        fetched(fetch(client));
        loop.runFor(Duration.ofSeconds(11));
        assertThat(Duration.between(loop.wallClock(), client.clock().now()).abs())
            .isLessThan(Duration.ofMinutes(1));
      }
      assertThat(log.lines()).isEmpty();
    }
  }
}
