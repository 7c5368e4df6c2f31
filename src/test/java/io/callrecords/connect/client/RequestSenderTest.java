package io.callrecords.connect.client;

import static io.callrecords.connect.client.ScriptedTransport.answers;
import static java.time.Duration.ZERO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.client.ScriptedTransport.ScriptedResponse;
import io.callrecords.connect.client.ScriptedTransport.Sent;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proves that each attempt is signed with the server's time, and what is logged about it. */
class RequestSenderTest extends ApiClientFixture {
  // ---- the clock

  @Test
  void signsEveryAttemptAnewAtItsOwnTime() {
    ScriptedTransport transport =
        transport(answers(ScriptedResponse.of(500, ""), ScriptedResponse.of(500, ""), EMPTY_PAGE));
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
    Function<Sent, ScriptedResponse> script =
        sent -> {
          Instant now = WALL.plusSeconds(serverAhead).plus(sent.at());
          long signedAt = Long.parseLong(sent.headers().get("Timestamp"));
          boolean expired = Math.abs(now.getEpochSecond() - signedAt) > 300;
          ScriptedResponse answer =
              expired ? ScriptedResponse.json("{\"status\":\"-16\"}") : page(1, "a");
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

  static Stream<Named<ScriptedResponse>> whatTheApiDidNotSay() {
    return Stream.of(
        Named.of("HTTP 502", ScriptedResponse.of(502, "<html>")),
        Named.of("HTTP 429", ScriptedResponse.of(429, "")),
        Named.of("HTML with HTTP 200", ScriptedResponse.json("<html>")),
        Named.of("JSON without a status", ScriptedResponse.json("{}")),
        Named.of("an unknown status", ScriptedResponse.json("{\"status\":\"-99\"}")));
  }

  @ParameterizedTest
  @MethodSource("whatTheApiDidNotSay")
  void doesNotTakeTheTimeFromAnAnswerThatIsNotTheApis(ScriptedResponse answer) {
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
    Function<Sent, ScriptedResponse> script =
        sent -> {
          Instant now = WALL.plus(sent.at()).plus(sent.at().compareTo(LONG) < 0 ? ZERO : set);
          long signedAt = Long.parseLong(sent.headers().get("Timestamp"));
          boolean expired = Math.abs(now.getEpochSecond() - signedAt) > 300;
          return (expired ? ScriptedResponse.json("{\"status\":\"-16\"}") : EMPTY_PAGE)
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

  // ---- the log

  @Test
  void logsEachAttemptWithoutAWordOfItsContent() {
    ScriptedTransport transport =
        transport(
            answers(
                ScriptedResponse.of(503, "whispered").with("Retry-After", "7"),
                ScriptedResponse.json("{\"status\":\"-99\",\"reason\":\"whispered\"}"),
                ScriptedResponse.failure(new IOException("whispered")),
                page(120, "a", "b")));
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(RequestSender.class)) {
      fetched(fetch(client));

      String request =
          "DEBUG Requested 2026-10-31T16:00:00Z to 2026-11-01T16:00:00Z, page 2 of size 50, ";
      assertThat(log.lines())
          .containsExactly(
              request + "attempt 1: UNAVAILABLE, HTTP 503, retry after PT7S after 300 ms",
              request + "attempt 2: UNKNOWN_STATUS, unknown status -99 after 300 ms",
              request + "attempt 3: BROKEN_CONNECTION, IOException after 300 ms",
              request + "attempt 4: total 120, 2 rows after 300 ms");
    }
  }

  @Test
  void logsARefusalAndAProbeAsWell() {
    ScriptedTransport transport =
        transport(
            answers(
                ScriptedResponse.json("{\"status\":\"-1\",\"reason\":\"whispered\"}"),
                ScriptedResponse.json("{\"status\":\"0\"}")));
    ApiClient client = client(transport);
    try (LogCapture log = new LogCapture(RequestSender.class)) {
      failed(fetch(client));
      fetched(OnLoop.call(loop, () -> client.probe(REQUEST)));

      assertThat(log.lines().get(0))
          .endsWith("attempt 1: refused as AUTHENTICATION, Status -1 after 300 ms");
      assertThat(log.lines().get(1)).endsWith("attempt 1: no data after 300 ms");
      assertThat(log.lines()).hasSize(2).noneMatch(ApiClientFixture::tellsWhatIsPrivate);
    }
  }

  @Test
  void refusesToSendOutsideOfTheLoop() {
    ApiClient client = client(transport(answers(EMPTY_PAGE)));

    assertThatIllegalStateException()
        .isThrownBy(() -> client.probe(REQUEST))
        .withMessageContaining("outside of it");
  }
}
