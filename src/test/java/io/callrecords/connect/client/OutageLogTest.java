package io.callrecords.connect.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.callrecords.connect.LogCapture;
import io.callrecords.connect.loop.VirtualLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When failing requests are an outage, and that each kind has its own beginning and end. */
class OutageLogTest {
  private static final ApiResult.Failure FAULT =
      new ApiResult.Failure(TransientFault.UNAVAILABLE, "HTTP 503");
  private static final ApiResult.Failure REFUSAL =
      new ApiResult.Failure(TransientFault.OUT_OF_RANGE, "Status -25");
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration QUIET = Duration.ofSeconds(31);

  private final VirtualLoop loop = new VirtualLoop(Instant.parse("2026-11-01T08:00:00Z"));
  private final RequestCounts counts = new RequestCounts(loop);
  private final OutageLog outages = new OutageLog(loop, counts);
  private final LogCapture log = new LogCapture(OutageLog.class);

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void beginsWithTheThirdFailureOfARequestInARow() {
    OutageLog.Participant request = outages.newParticipant();
    fail(request, FAULT, 2);
    leave(request);
    fail(request, FAULT, 2);
    assertThat(log.lines()).isEmpty();

    fail(request, FAULT, 1);
    assertThat(lines()).containsExactly("WARN The API does not respond");
    loop.runFor(Duration.ofSeconds(100));
    assertThat(counts.outageSeconds()).isEqualTo(100);
  }

  @Test
  void beginsWithALongWait() {
    OutageLog.Participant request = outages.newParticipant();

    OnLoop.run(loop, () -> request.join(FAULT, Duration.ofSeconds(11), false));

    assertThat(log.lines()).hasSize(1).first().asString().contains("HTTP 503", "in 11 s");
  }

  @Test
  void isOneOutageHoweverManyRequestsFail() {
    List<OutageLog.Participant> requests = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      requests.add(outages.newParticipant());
      fail(requests.get(i), FAULT, 10);
    }
    requests.subList(0, 4).forEach(this::leave);
    loop.runFor(QUIET);
    assertThat(lines()).containsExactly("WARN The API does not respond");

    leave(requests.get(4));
    loop.runFor(QUIET);
    assertThat(lines())
        .containsExactly("WARN The API does not respond", "INFO The API responds as it");
    assertThat(counts.outageSeconds()).isZero();
  }

  @Test
  void isOneOutageWhereRequestsFailNowAndThen() {
    for (int i = 0; i < 10; i++) {
      OutageLog.Participant request = outages.newParticipant();
      fail(request, FAULT, 3);
      leave(request);
      loop.runFor(Duration.ofSeconds(29));
    }
    loop.runFor(QUIET);

    assertThat(lines())
        .containsExactly("WARN The API does not respond", "INFO The API responds as it");
  }

  @Test
  void anOutageIsLoggedWhileARangeIsRefused() {
    OutageLog.Participant refused = outages.newParticipant();
    fail(refused, REFUSAL, 3);
    loop.runFor(Duration.ofDays(1));
    OutageLog.Participant other = outages.newParticipant();
    fail(other, FAULT, 3);
    leave(other);
    loop.runFor(QUIET);

    assertThat(lines())
        .containsExactly(
            "WARN The API does not return",
            "WARN The API does not respond",
            "INFO The API responds as it");
    assertThat(counts.outageSeconds()).isGreaterThan(86_400);

    leave(refused);
    loop.runFor(QUIET);
    assertThat(lines()).hasSize(4).endsWith("INFO The API returns all ranges");
    assertThat(counts.outageSeconds()).isZero();
  }

  @Test
  void aRefusedRangeIsLoggedDuringAnOutage() {
    OutageLog.Participant other = outages.newParticipant();
    fail(other, FAULT, 3);
    loop.runFor(SHORT);
    fail(outages.newParticipant(), REFUSAL, 3);
    leave(other);
    loop.runFor(QUIET);

    assertThat(lines())
        .containsExactly(
            "WARN The API does not respond",
            "WARN The API does not return",
            "INFO The API responds as it");
    assertThat(counts.outageSeconds()).isEqualTo(QUIET.toSeconds());
  }

  /** The same request may be refused, then meet an outage, and be refused again. */
  @Test
  void aRequestIsInOneOutageAtATime() {
    OutageLog.Participant request = outages.newParticipant();
    fail(request, REFUSAL, 100);
    fail(request, FAULT, 2);
    fail(request, REFUSAL, 1);
    loop.runFor(SHORT);
    assertThat(lines()).containsExactly("WARN The API does not return");

    fail(request, FAULT, 3);
    loop.runFor(QUIET);
    fail(request, REFUSAL, 3);
    loop.runFor(QUIET);
    leave(request);
    loop.runFor(QUIET);

    assertThat(lines())
        .containsExactly(
            "WARN The API does not return",
            "WARN The API does not respond",
            "INFO The API returns all ranges",
            "WARN The API does not return",
            "INFO The API responds as it",
            "INFO The API returns all ranges");
  }

  /** What fails alone is no outage of the API, and does not hide one. */
  @Test
  void aRequestThatFailsAloneConcernsARange() {
    OutageLog.Participant alone = outages.newParticipant();
    fail(alone, FAULT, 2);
    for (int i = 0; i < 3; i++) {
      OnLoop.run(loop, () -> alone.join(FAULT, SHORT, true));
    }
    assertThat(lines()).containsExactly("WARN The API does not return");

    OutageLog.Participant other = outages.newParticipant();
    fail(other, FAULT, 3);
    leave(other);
    loop.runFor(QUIET);
    assertThat(lines()).endsWith("WARN The API does not respond", "INFO The API responds as it");
    leave(alone);
    loop.runFor(QUIET);
    assertThat(lines()).hasSize(4).endsWith("INFO The API returns all ranges");
  }

  /** The first six words of each line. */
  private List<String> lines() {
    return log.lines().stream()
        .map(line -> Stream.of(line.split(" ")).limit(6).collect(Collectors.joining(" ")))
        .toList();
  }

  private void fail(OutageLog.Participant request, ApiResult.Failure fault, int times) {
    for (int i = 0; i < times; i++) {
      OnLoop.run(loop, () -> request.join(fault, SHORT, false));
    }
  }

  private void leave(OutageLog.Participant request) {
    OnLoop.run(loop, request::leave);
  }
}
