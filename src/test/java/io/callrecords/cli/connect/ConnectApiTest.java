package io.callrecords.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.callrecords.cli.CliException;
import io.callrecords.cli.ExitStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of a worker, and what becomes of its answers. */
class ConnectApiTest {
  private static final String PASSWORD = "not-to-be-shown";
  private static final String ODD = "calls/../a b?c#ü%2F";
  private static final String ODD_ENCODED = "calls%2F..%2Fa%20b%3Fc%23%C3%BC%252F";

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private final List<String> authorizations = new CopyOnWriteArrayList<>();
  private final Map<String, WorkerAnswer> answers = new ConcurrentHashMap<>();
  private volatile BooleanSupplier mayAnswer = () -> true;
  private HttpServer worker;
  private ConnectApi api;

  private record WorkerAnswer(int code, String text) {}

  @BeforeEach
  void start() throws IOException {
    worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    worker.createContext("/", this::answer);
    worker.start();
    api = ConnectApi.at(address(), "somebody:" + PASSWORD);
  }

  @AfterEach
  void end() {
    api.close();
    worker.stop(0);
  }

  private String address() {
    return "http://127.0.0.1:" + worker.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String request = exchange.getRequestMethod() + " " + exchange.getRequestURI().getRawPath();
      requests.add(request);
      bodies.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
      WorkerAnswer answer = answers.getOrDefault(request, new WorkerAnswer(200, "{}"));
      await().atMost(PATIENCE).until(mayAnswer::getAsBoolean);
      byte[] text = answer.text().getBytes(UTF_8);
      exchange.sendResponseHeaders(answer.code(), text.length == 0 ? -1 : text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private CliException failure(int code, String text) {
    answers.put("GET /connectors/calls/status", new WorkerAnswer(code, text));
    CliException failure = catchThrowableOfType(CliException.class, () -> api.status("calls"));
    assertThat(failure).hasMessageContaining(address());
    assertThat(failure.toString()).doesNotContain(PASSWORD, "somebody");
    return failure;
  }

  @Test
  void aNameIsOneSegmentWhateverItHas() {
    api.config(ODD);
    api.status(ODD);
    api.offsets(ODD);
    api.stop(ODD);
    api.patchOffsets(ODD, Map.of());
    api.resume(ODD);

    assertThat(requests)
        .allSatisfy(request -> assertThat(request).contains("/connectors/" + ODD_ENCODED + "/"));
  }

  /** Settings are only read: what is changed are offsets, and whether the connector runs. */
  @Test
  void changesOffsetsAndNothingElseOfAConnector() {
    Map<Map<String, String>, Map<String, Object>> offsets = new HashMap<>();
    offsets.put(Map.of("split", "2026-11-02"), null);
    api.config("calls");
    api.stop("calls");
    api.patchOffsets("calls", offsets);
    api.resume("calls");

    assertThat(requests)
        .containsExactly(
            "GET /connectors/calls/config",
            "PUT /connectors/calls/stop",
            "PATCH /connectors/calls/offsets",
            "PUT /connectors/calls/resume");
    assertThat(bodies)
        .containsExactly(
            "",
            "",
            "{\"offsets\":[{\"offset\":null,\"partition\":{\"split\":\"2026-11-02\"}}]}",
            "");
  }

  @Test
  void whatIsWaitedForIsSaidOnceItLasts() {
    List<String> told = new ArrayList<>();
    List<Runnable> due = new ArrayList<>();
    ScheduledFuture<?> task = mock();
    ScheduledExecutorService timer = mock();
    doAnswer(
            call -> {
              due.add(call.getArgument(0));
              return task;
            })
        .when(timer)
        .schedule(any(Runnable.class), anyLong(), any());
    try (WaitingNote note = new WaitingNote(Duration.ofSeconds(5), timer)) {
      note.tell(told::add);
      for (boolean isInTime : new boolean[] {true, false, false, true, false}) {
        when(task.cancel(false)).thenReturn(isInTime);
        WaitingNote.OngoingWait waiting = note.begin("Waiting for the worker");
        if (!isInTime) {
          due.get(due.size() - 1).run();
        }
        waiting.end();
      }
    }

    verify(timer, times(5)).schedule(any(Runnable.class), eq(5_000L), eq(TimeUnit.MILLISECONDS));
    assertThat(told).containsExactly("Waiting for the worker …", "Waiting for the worker …");
  }

  /** As a user sees it: a worker that is silent until people are told of it. */
  @Test
  void aSilentWorkerIsNamedBeforeItAnswers() {
    List<String> told = new CopyOnWriteArrayList<>();
    mayAnswer = () -> !told.isEmpty();

    try (ConnectApi impatient = ConnectApi.at(address(), null, Duration.ofMillis(50))) {
      impatient.telling(told::add).status("calls");
    }

    assertThat(told)
        .containsExactly("Waiting for " + address() + " (GET /connectors/calls/status) …");
    assertThat(ConnectApi.SILENCE).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void aWorkerWithoutItsKafkaIsSaidToBeOne() {
    assertThat(failure(500, "{\"message\":\"Request timed out. It was polling\"}"))
        .hasMessageContaining("may not reach its Kafka");
    assertThat(failure(500, "{\"message\":\"not today\"}").getMessage())
        .doesNotContain("its Kafka");
  }

  @Test
  void anOffsetThatWasTakenAwayIsNone() {
    answers.put(
        "GET /connectors/calls/offsets",
        new WorkerAnswer(
            200,
            "{\"offsets\":[{\"partition\":{\"split\":\"2026-11-02\"},\"offset\":null},"
                + "{\"partition\":{\"split\":\"2026-11-03\"},\"offset\":{\"version\":2}}]}"));

    assertThat(api.offsets("calls"))
        .containsExactly(new StoredOffset(Map.of("split", "2026-11-03"), Map.of("version", 2)));
  }

  @Test
  void userAndPasswordGoWithEachRequestAndNowhereElse() {
    api.status("calls");
    api.stop("calls");

    String expected =
        "Basic " + Base64.getEncoder().encodeToString(("somebody:" + PASSWORD).getBytes(UTF_8));
    assertThat(authorizations).containsOnly(expected).hasSize(2);
    assertThat(api.address()).doesNotContain(PASSWORD);
  }

  @Test
  void aPasswordInTheAddressIsRefusedAndNotShown() {
    String withPassword = address().replace("//", "//somebody:" + PASSWORD + "@");

    CliException failure =
        catchThrowableOfType(CliException.class, () -> ConnectApi.at(withPassword, null));

    assertThat(failure).hasMessageContaining("--connect-auth");
    assertThat(failure.toString()).doesNotContain(PASSWORD);
    assertThat(failure.status()).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void aPasswordWithoutAUserIsNotShown() {
    CliException failure =
        catchThrowableOfType(
            CliException.class, () -> ConnectApi.at("http://127.0.0.1:1", PASSWORD));

    assertThat(failure).hasMessageContaining("user:password");
    assertThat(failure.toString()).doesNotContain(PASSWORD);
    assertThat(failure.status()).isEqualTo(ExitStatus.USAGE);
  }

  @ParameterizedTest
  @CsvSource({
    "401, asks for a user and password",
    "403, asks for a user and password",
    "405, Kafka 3.7 or newer",
    "404, Kafka 3.7 or newer",
    "500, 'refused GET /connectors/calls/status (HTTP 500): not today'",
    "409, 'refused GET /connectors/calls/status (HTTP 409): not today'"
  })
  void errorsAreNamed(int code, String text) {
    CliException failure = failure(code, "{\"error_code\":" + code + ",\"message\":\"not today\"}");

    assertThat(failure).hasMessageContaining(text);
    assertThat(failure.status()).isEqualTo(ExitStatus.UNSEEN);
  }

  @Test
  void aConnectorThatThereIsNotIsNamedWithThoseThatThereAre() {
    answers.put("GET /connectors", new WorkerAnswer(200, "[\"others\",\"more\"]"));

    CliException failure = failure(404, "{\"message\":\"No status found for connector calls\"}");

    assertThat(failure).hasMessageContaining("no connector calls").hasMessageContaining("more");
    assertThat(failure.status()).isEqualTo(ExitStatus.USAGE);
  }

  @Test
  void aConnectorThatHasOnlyJustBeenCreatedHasNoStatusYet() {
    answers.put("GET /connectors", new WorkerAnswer(200, "[\"others\",\"calls\"]"));

    CliException failure = failure(404, "{\"message\":\"No status found for connector calls\"}");

    assertThat(failure)
        .hasMessageContaining("The connector calls at " + address() + " has no status yet")
        .hasMessageContaining("Try again in a moment");
    assertThat(failure.status()).isEqualTo(ExitStatus.UNSEEN);
  }

  @Test
  void whatIsNoWorkerIsSaidToBeNone() {
    assertThat(failure(200, "<html>")).hasMessageContaining("does not answer as Connect does");
    // A gateway's page is no reason that anybody could read.
    CliException gateway = failure(502, "<html><body>" + "x".repeat(5_000) + "</body></html>");
    assertThat(gateway).hasMessageContaining("HTTP 502");
    assertThat(gateway.getMessage()).doesNotContain("<html>").hasSizeLessThan(500);
  }

  @Test
  void aWorkerThatIsGoneIsNamed() {
    worker.stop(0);

    CliException failure = catchThrowableOfType(CliException.class, () -> api.status("calls"));

    assertThat(failure).hasMessageContaining("cannot be reached at " + address());
    assertThat(failure.toString()).doesNotContain(PASSWORD);
    assertThat(failure.status()).isEqualTo(ExitStatus.UNSEEN);
  }
}
