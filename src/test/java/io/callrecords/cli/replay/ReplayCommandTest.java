package io.callrecords.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.callrecords.cli.CallRecordsCli;
import io.callrecords.cli.Terminal;
import io.callrecords.cli.connect.ConnectApi;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Proves that a replay leaves no connector stopped, whatever the worker refuses. */
class ReplayCommandTest {
  private static final String CONFIG =
      "{\"connector.class\":\"io.callrecords.connect.CallRecordSourceConnector\",\"topic\":\"t\","
          + "\"start.time\":\"2026-11-01T00:00:00Z\",\"api.retention.days\":\"3650\"}";

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private volatile String state = "RUNNING";
  private volatile String settled = "2026-11-03T00:00:00Z";
  private volatile String settledAgain = settled;
  private volatile String auditTopic = "";
  private final AtomicInteger looks = new AtomicInteger(-9);
  private HttpServer worker;

  @BeforeEach
  void start() throws IOException {
    worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    worker.createContext("/", this::answer);
    worker.start();
  }

  @AfterEach
  void end() {
    worker.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String request = exchange.getRequestMethod() + " " + path.replace("/connectors/calls", "");
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      if (!request.startsWith("GET")) {
        requests.add(request);
      }
      String problem = refused.get(request);
      if (problem == null && request.equals("PUT /stop")) {
        state = "STOPPED";
      } else if (problem == null && request.equals("PUT /resume")) {
        state = "RUNNING";
      } else if (problem == null && request.equals("PATCH /offsets")) {
        requests.add(body);
        settledAgain = settled;
        settled = "2026-11-02T00:00:00Z";
        looks.set(0);
      } else if (request.equals("GET /offsets") && looks.incrementAndGet() > 1) {
        settled = settledAgain;
      }
      byte[] text = (problem == null ? text(request) : problem).getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(problem == null ? 200 : 500, text.length);
      exchange.getResponseBody().write(text);
    }
  }

  private String text(String request) {
    return switch (request) {
      case "GET /config" -> CONFIG.replace("\"topic\":", auditTopic + "\"topic\":");
      case "GET /status" ->
          "{\"connector\":{\"state\":\""
              + state
              + "\"},\"tasks\":"
              + (state.equals("STOPPED") ? "[]" : "[{\"id\":0,\"state\":\"RUNNING\"}]")
              + "}";
      case "GET /offsets" ->
          "{\"offsets\":[{\"partition\":{\"feed\":\"call-center\",\"split\":\"2026-11-02\"},"
              + "\"offset\":{\"version\":2,\"start\":\"2026-11-01T00:00:00Z\","
              + "\"settled\":\""
              + settled
              + "\"}}]}";
      case "GET /connector-plugins" ->
          "[{\"class\":\"io.callrecords.connect.CallRecordSourceConnector\","
              + "\"version\":\"0.3.0\"}]";
      default -> "{}";
    };
  }

  private String address() {
    return "http://127.0.0.1:" + worker.getAddress().getPort();
  }

  private Terminal terminal() {
    return new Terminal(new PrintWriter(out), new PrintWriter(err, true), false);
  }

  private int replay(String days, String... more) {
    List<String> all = new java.util.ArrayList<>(List.of("replay", "calls", days, "--connect"));
    all.add(address());
    all.addAll(List.of(more));
    return CallRecordsCli.run(
        new PrintWriter(out), new PrintWriter(err, true), all.toArray(String[]::new));
  }

  /** Waits a minute at most, by some clock, and looks at the offsets every moment. */
  private int replayLookingOften(InstantSource clock) {
    return new CommandLine(new ReplayCommand(clock, Duration.ofMillis(20)))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute("calls", "2026-11-02", "--yes", "--timeout", "1", "--connect", address());
  }

  @Test
  void stopsChangesAndResumes() {
    assertThat(replay("2026-11-02", "--yes", "--no-wait")).isZero();

    assertThat(requests).element(0).isEqualTo("PUT /stop");
    assertThat(requests).element(2).asString().contains("\"replay\":true", "2026-11-02T00:00:00Z");
    assertThat(requests).element(3).isEqualTo("PUT /resume");
    assertThat(requests).hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT /stop", "PATCH /offsets"})
  void whatIsRefusedLeavesItRunning(String request) {
    refused.put(request, "{\"message\":\"not today\"}");

    assertThat(replay("2026-11-02", "--yes")).isEqualTo(3);

    assertThat(state).isEqualTo("RUNNING");
    assertThat(requests).endsWith("PUT /resume");
    assertThat(err.toString())
        .contains("not today", "The connector has been resumed")
        .contains(
            request.equals("PUT /stop")
                ? "Nothing is sent again"
                : "Whether the offsets are changed is not known. Look with: status calls");
  }

  @Test
  void aResumeThatIsRefusedSaysHowToGoOn() {
    refused.put("PUT /resume", "{\"message\":\"not today\"}");

    assertThat(replay("2026-11-02", "--yes")).isEqualTo(3);

    assertThat(err.toString())
        .contains("may be STOPPED", "curl -X PUT http://127.0.0.1:", "/connectors/calls/resume");
  }

  @Test
  void anEndWithoutCallsIsNotWaitedFor() {
    settled = "2026-11-02T04:05:00Z";

    assertThat(replayLookingOften(InstantSource.system())).as("%s", err).isZero();

    assertThat(looks.get()).as("looks at offsets after the change").isGreaterThan(1);
    assertThat(out.toString())
        .contains("All that had been sent before has been sent again", "2026-11-02 from 04:05 on");
  }

  @ParameterizedTest
  @CsvSource({"2026-11-02T04:05:00Z, '\"audit.topic\":\"a\",'", "2026-11-02T00:00:00Z, ''"})
  void whatAnOffsetWillTellIsWaitedFor(String end, String audit) {
    settled = end;
    auditTopic = audit;

    Instant now = Instant.now();
    AtomicInteger minutes = new AtomicInteger();
    InstantSource hasty = () -> now.plusSeconds(60L * minutes.incrementAndGet());

    assertThat(replayLookingOften(hasty)).isEqualTo(3);

    assertThat(err.toString())
        .contains("After 1 minute, the offsets do not say yet that all of 2026-11-02")
        .contains("Look again with: status calls --connect " + address());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5"})
  void aTimeThatIsNoneIsRefused(String minutes) {
    assertThat(replay("2026-11-02", "--yes", "--timeout", minutes)).isEqualTo(2);

    assertThat(err.toString()).contains("--timeout", minutes);
    assertThat(requests).isEmpty();
  }

  @Test
  void offersNoDocument() {
    assertThat(replay("2026-11-02", "--yes", "--json")).isEqualTo(2);
    assertThat(replay("2026-11-02", "--help")).isZero();

    assertThat(err.toString()).contains("Unknown option: '--json'");
    assertThat(out.toString()).contains("--timeout").doesNotContain("--json");
  }

  @Test
  void aDayThatIsReadToItsEndIsWaitedFor() {
    assertThat(replayLookingOften(InstantSource.system())).as("%s", err).isZero();

    assertThat(looks.get()).isGreaterThan(1);
    assertThat(out.toString()).contains("All of it has been sent again");
  }

  @Test
  void anEndSaysWhatHasBecomeOfTheOffsets() throws Exception {
    try (ConnectApi api = ConnectApi.at(address(), null);
        ReplayRun run = new ReplayRun(api, "calls", terminal())) {
      run.end();
      assertThat(err.toString()).isEqualTo("Nothing has been changed.\n");
    }
    err.getBuffer().setLength(0);
    try (ConnectApi api = ConnectApi.at(address(), null);
        ReplayRun run = new ReplayRun(api, "calls", terminal())) {
      run.whileStopped(
          () -> {},
          () -> {
            // As if it came meanwhile, from the thread that ends the process.
            run.end();
            assertThat(err.toString())
                .contains("has been resumed", "Whether the offsets are changed is not known");
          });
    }
    err.getBuffer().setLength(0);
    try (ConnectApi api = ConnectApi.at(address(), null);
        ReplayRun run = new ReplayRun(api, "calls", terminal())) {
      run.whileStopped(() -> {}, () -> {});
      run.end();
    }
    assertThat(err.toString())
        .startsWith("The offsets are changed: the days are being sent again.")
        .contains("Look with: status calls --connect http://127.0.0.1:");
    assertThat(state).isEqualTo("RUNNING");
  }

  @Test
  void whatIsToldToEndChangesNothingMore() throws Exception {
    try (ConnectApi api = ConnectApi.at(address(), null);
        ReplayRun run = new ReplayRun(api, "calls", terminal())) {
      run.end();

      assertThatThrownBy(
              () -> run.whileStopped(() -> {}, () -> api.patchOffsets("calls", Map.of())))
          .hasMessageContaining("Nothing is sent again");
      assertThat(requests).containsExactly("PUT /stop", "PUT /resume");
    }
  }

  @ParameterizedTest
  @CsvSource({"'n\n', 1", "'\n', 1", "'', 2"})
  void anAnswerThatIsNotYesChangesNothing(String answer, int code) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.US_ASCII)));
    try {
      assertThat(replay("2026-11-02")).isEqualTo(code);
    } finally {
      System.setIn(before);
    }

    assertThat(requests).isEmpty();
    assertThat(err.toString()).contains("Nothing has been changed.");
  }

  @Test
  void aRangeTheWrongWayRoundIsNamedSo() {
    assertThat(replay("2026-11-22..2026-11-21", "--yes")).isEqualTo(2);

    assertThat(err.toString())
        .contains("the last day is before the first: write 2026-11-21..2026-11-22");
  }

  @Test
  void oneThatWasStoppedStaysSo() {
    state = "STOPPED";

    assertThat(replay("2026-11-02", "--yes")).isZero();

    assertThat(requests).element(0).isEqualTo("PATCH /offsets");
    assertThat(requests).hasSize(2);
    assertThat(out.toString()).contains("still is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"yesterday", "2026-11-03..2026-11-01", "2026-11-01..", "2026-10-31"})
  void daysThatAreNoneTouchNothing(String days) {
    assertThat(replay(days, "--yes")).isEqualTo(2);

    assertThat(requests).isEmpty();
    assertThat(err.toString()).contains(days);
  }
}
